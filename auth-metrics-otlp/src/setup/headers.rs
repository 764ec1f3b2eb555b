//! `Headers`: what goes with each request. Their values never show themselves.

use crate::error::Error;

/// Headers by their names.
#[derive(Clone, Default)]
pub(crate) struct Headers(Vec<(String, String)>);

/// What the protocols set themselves.
const RESERVED: [&str; 8] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "te",
    "transfer-encoding",
    "user-agent",
];

impl Headers {
    /// Sets a header; the last value counts.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let name = name.trim().to_ascii_lowercase();
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value.trim().to_owned()));
    }

    #[cfg_attr(not(any(feature = "http", feature = "grpc")), allow(dead_code, reason = "nothing sends them"))]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_wrong = |(name, value): &(String, String)| !is_header_name(name) || !is_header_value(value);
        match self.0.iter().position(is_wrong) {
            Some(index) => Err(Error::Header(index + 1)),
            None => Ok(()),
        }
    }
}

fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    // gRPC takes the values of binary headers in another form.
    let is_free = !RESERVED.contains(&name) && !name.starts_with("grpc-") && !name.ends_with("-bin");
    !name.is_empty() && name.bytes().all(is_token) && is_free
}

fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ' || byte == b'\t')
}
