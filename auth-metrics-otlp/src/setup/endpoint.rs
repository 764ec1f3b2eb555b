//! `Endpoint`: where requests go. It never shows itself.

use super::protocol::Protocol;
use crate::error::Error;

/// A URL, whole or to be completed by the path of the protocol.
#[derive(Clone)]
pub(crate) struct Endpoint {
    url: String,
    is_whole: bool,
}

impl Endpoint {
    /// A URL that the path of the protocol is added to.
    pub(crate) fn base(url: &str) -> Endpoint {
        Endpoint { url: url.trim().to_owned(), is_whole: false }
    }

    /// A URL that is used as it is.
    pub(crate) fn whole(url: &str) -> Endpoint {
        Endpoint { url: url.trim().to_owned(), is_whole: true }
    }

    /// What is customary for a collector beside the service.
    pub(crate) fn customary(protocol: Protocol) -> Endpoint {
        Endpoint::base(match protocol {
            Protocol::Http => "http://localhost:4318",
            Protocol::Grpc => "http://localhost:4317",
        })
    }

    /// Schemes are spelled in any case.
    fn parts(&self) -> Option<(bool, &str)> {
        let (scheme, rest) = self.url.split_once("://")?;
        let is_tls = scheme.eq_ignore_ascii_case("https");
        (is_tls || scheme.eq_ignore_ascii_case("http")).then_some((is_tls, rest))
    }

    pub(crate) fn is_tls(&self) -> bool {
        self.parts().is_some_and(|(is_tls, _)| is_tls)
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let (_, rest) = self.parts().ok_or(Error::Endpoint)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(Error::CredentialsInEndpoint);
        }
        let is_sendable = self.url.bytes().all(|byte| byte.is_ascii_graphic());
        // An IPv6 address has colons in brackets.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let has_host = !host.is_empty() && port.is_none_or(|port| port.parse::<u16>().is_ok());
        let has_more = rest.contains('#') || !self.is_whole && rest.contains('?');
        if is_sendable && has_host && !has_more { Ok(()) } else { Err(Error::Endpoint) }
    }

    /// The URL of a request over HTTP.
    #[cfg_attr(not(feature = "http"), allow(dead_code, reason = "that of HTTP"))]
    pub(crate) fn http_url(&self) -> String {
        if self.is_whole {
            return self.url.clone();
        }
        format!("{}/v1/metrics", self.url.trim_end_matches('/'))
    }

    /// Scheme, host and port, which is all that gRPC has a use for.
    #[cfg_attr(not(feature = "grpc"), allow(dead_code, reason = "that of gRPC"))]
    pub(crate) fn origin(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or_default();
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        format!("{scheme}://{authority}")
    }
}
