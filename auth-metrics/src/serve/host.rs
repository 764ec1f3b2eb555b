//! The hosts that a request may name. A web page whose name resolves to loopback (DNS rebinding) can reach a listener there, but its
//! requests still name the page's own host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hyper::Request;
use hyper::header::HOST;

/// The longest name in DNS.
const LONGEST: usize = 253;

/// A host without its port. Case, a dot at the end and the spelling of an address make no difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    Name(String),
    Address(IpAddr),
}

impl Host {
    /// Reads a configured host: a name or an address, with or without brackets.
    pub(super) fn configured(text: &str) -> Option<Host> {
        match text.parse::<Ipv6Addr>() {
            Ok(address) => Some(Host::Address(IpAddr::V6(address).to_canonical())),
            Err(_) => Host::without_port(text),
        }
    }

    /// Reads the host of a `Host` header or of a request's target. Ignores the port: tunnels change it, and DNS rebinding does not change the
    /// name.
    fn named(authority: &str) -> Option<Host> {
        let end = authority.rfind([':', ']']).filter(|end| authority.as_bytes()[*end] == b':');
        let (host, port) = authority.split_at(end.unwrap_or(authority.len()));
        let port = port.trim_start_matches(':');
        (port.len() <= 5 && port.bytes().all(|each| each.is_ascii_digit())).then_some(())?;
        Host::without_port(host)
    }

    fn without_port(text: &str) -> Option<Host> {
        if let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            let address = address.parse::<Ipv6Addr>().ok()?;
            return Some(Host::Address(IpAddr::V6(address).to_canonical()));
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Host::Address(address.into()));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(|each| each.is_ascii_alphanumeric() || b"-_".contains(&each))
        };
        // What ends in a number is an address to a browser, and not one that is written as it should be.
        let is_number = |part: &str| part.bytes().all(|each| each.is_ascii_digit());
        let fits = name.len() <= LONGEST
            && name.split('.').all(is_part)
            && !name.rsplit('.').next().is_some_and(is_number);
        fits.then(|| Host::Name(name.to_ascii_lowercase()))
    }
}

/// The hosts that a listener answers for.
pub(super) enum Hosts {
    Every,
    Local { and: Vec<Host> },
}

impl Hosts {
    /// Returns whether every host that a request names is allowed or belongs to this machine. `local` is the address that the request came
    /// to. A request without a host does not come from a browser.
    pub(super) fn admit<B>(&self, request: &Request<B>, local: Option<IpAddr>) -> bool {
        let Hosts::Local { and: further } = self else { return true };
        let is_local = |host: &Host| match host {
            Host::Name(name) => name == "localhost",
            Host::Address(address) => {
                address.is_loopback() || local.is_some_and(|local| local.to_canonical() == *address)
            }
        };
        let admits = |host: Option<Host>| host.is_some_and(|host| is_local(&host) || further.contains(&host));
        let mut headers = request.headers().get_all(HOST).iter();
        headers.all(|host| admits(host.to_str().ok().and_then(Host::named)))
            && request.uri().authority().is_none_or(|authority| admits(Host::named(authority.as_str())))
    }
}
