//! `Options`: all that a push is told, and what of it is refused.

use std::time::Duration;

use super::endpoint::Endpoint;
use super::headers::Headers;
use super::protocol::{Protocol, Temporality};
use crate::error::Error;
use crate::names::Names;

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
