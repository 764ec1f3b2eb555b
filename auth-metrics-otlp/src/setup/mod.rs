//! What a push is told: where to, how, and as whom. Knows the environment's variables, and no network.

mod endpoint;
mod environment;
mod headers;
mod instance;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use endpoint::Endpoint;
pub(crate) use headers::Headers;
pub(crate) use instance::instance_id;

use crate::error::Error;
use crate::names::Names;

/// How requests travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// Protobuf over HTTP/1.1, to port 4318 by custom. Needs the feature `http`.
    #[default]
    Http,
    /// gRPC, to port 4317 by custom. Needs the feature `grpc`.
    Grpc,
}

/// What a point of a counter or a histogram says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Temporality {
    /// All that was counted since the start, as in a scrape.
    #[default]
    Cumulative,
    /// What was counted since the last point that a server took.
    Delta,
}

/// The options of a push.
#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) endpoint: Endpoint,
    pub(crate) protocol: Protocol,
    pub(crate) headers: Headers,
    pub(crate) resource: Vec<(String, String)>,
    pub(crate) temporality: Temporality,
    pub(crate) names: Names,
    pub(crate) every: Duration,
    pub(crate) timeout: Duration,
    pub(crate) name: String,
}

impl Options {
    pub(crate) fn new(endpoint: Endpoint) -> Options {
        Options {
            endpoint,
            protocol: Protocol::default(),
            headers: Headers::default(),
            resource: Vec::new(),
            temporality: Temporality::default(),
            names: Names::default(),
            every: Duration::from_secs(15),
            timeout: Duration::from_secs(10),
            name: "otlp".to_owned(),
        }
    }

    /// Sets an attribute of the resource; the last value counts.
    pub(crate) fn set_resource(&mut self, name: &str, value: &str) {
        self.resource.retain(|(known, _)| known != name);
        self.resource.push((name.to_owned(), value.to_owned()));
    }

    /// Refuses what no push can work with.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.endpoint.check()?;
        self.headers.check()?;
        if self.every.is_zero() {
            return Err(Error::Interval);
        }
        if self.timeout.is_zero() {
            return Err(Error::Timeout);
        }
        if self.resource.iter().any(|(name, _)| name.is_empty()) {
            return Err(Error::Resource);
        }
        if self.endpoint.is_tls() && !cfg!(feature = "tls") {
            return Err(Error::Feature("tls"));
        }
        if is_name(&self.name) { Ok(()) } else { Err(Error::Name) }
    }
}

/// Whether this can be the value of a label that is a name from code.
fn is_name(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(is_inner)
}
