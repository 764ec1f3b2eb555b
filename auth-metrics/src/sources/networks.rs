//! Classes of networks: an address goes in, and only its class comes out.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{MOST, is_free, leaked};
use crate::terms::Source;

/// Tells the class of an address: `loopback`, `private`, `public`, or the name of a configured range.
///
/// Make it once, when the service starts: its names are kept for the life of the process.
///
/// ```
/// use auth_metrics::Source;
/// use auth_metrics::sources::Networks;
///
/// # fn main() -> Result<(), auth_metrics::sources::NetworksError> {
/// let networks = Networks::new([("office", "198.51.100.0/24"), ("office", "2001:db8::/48")])?;
/// assert_eq!(networks.classify("198.51.100.7".parse().unwrap()).label(), "office");
/// assert_eq!(networks.classify("10.0.0.1".parse().unwrap()).label(), "private");
/// assert_eq!(networks.classify("203.0.113.9".parse().unwrap()).label(), "public");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Networks {
    ranges: Vec<Range>,
    labels: &'static [&'static str],
}

#[derive(Clone)]
struct Range {
    network: IpNet,
    label: &'static str,
}

const LOOPBACK: &str = "loopback";
const PRIVATE: &str = "private";
const PUBLIC: &str = "public";

impl Networks {
    /// Ranges in CIDR notation, each with a name: `[a-z][a-z0-9_]*`, at most 64 bytes; several may share one. At most 16 names.
    /// Where ranges overlap, the longest prefix wins.
    ///
    /// # Errors
    ///
    /// Says which range is wrong, and why.
    pub fn new<'a>(ranges: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Networks, NetworksError> {
        let mut read = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for (position, (name, range)) in (1..).zip(ranges) {
            if !is_free(name, &[LOOPBACK, PRIVATE, PUBLIC]) {
                return Err(NetworksError::Name { position });
            }
            let network = parse(range).ok_or(NetworksError::Range { position })?;
            let index = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            if names.len() > MOST {
                return Err(NetworksError::TooMany);
            }
            read.push((network, index));
        }
        names.extend([LOOPBACK, PRIVATE, PUBLIC].map(str::to_owned));
        let labels = leaked(names);
        let range = |(network, index): (IpNet, usize)| Range { network, label: labels[index] };
        Ok(Networks { ranges: read.into_iter().map(range).collect(), labels })
    }

    /// The class of an address. One of IPv4 that is mapped into IPv6 is one of IPv4. `private` is what no router on the
    /// internet forwards: RFC 1918, shared address space (RFC 6598), link-local and unique local addresses.
    pub fn classify(&self, address: IpAddr) -> NetworkClass {
        let address = address.to_canonical();
        let containing = self.ranges.iter().filter(|range| range.network.contains(&address));
        let label = match containing.max_by_key(|range| range.network.prefix_len()) {
            Some(range) => range.label,
            None if address.is_loopback() => LOOPBACK,
            None if is_private(address) => PRIVATE,
            None => PUBLIC,
        };
        NetworkClass { label, labels: self.labels }
    }
}

/// The class of an address, without the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkClass {
    label: &'static str,
    labels: &'static [&'static str],
}

impl Source for NetworkClass {
    fn label(&self) -> &'static str {
        self.label
    }

    fn labels(&self) -> &'static [&'static str] {
        self.labels
    }
}

fn parse(range: &str) -> Option<IpNet> {
    let (address, prefix) = range.split_once('/')?;
    // The address by the standard library: ipnet reads `010.0.0.0`, which may be octal, as `10.0.0.0`.
    let network = IpNet::new(address.parse().ok()?, prefix.parse().ok()?).ok()?;
    // Bits past the prefix are a slip of the hand.
    (network.addr() == network.network()).then_some(network)
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private() || address.is_link_local() || (first == 100 && second & 0xc0 == 64)
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// Why networks can't be told apart so. Neither names nor addresses are repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworksError {
    /// A name has another form, or is `loopback`, `private`, `public` or `other`.
    Name {
        /// Of which range, counted from 1.
        position: usize,
    },
    /// A range is not in CIDR notation, or has bits set past its prefix.
    Range {
        /// Which one, counted from 1.
        position: usize,
    },
    /// There are more than 16 names.
    TooMany,
}

impl fmt::Display for NetworksError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NetworksError::Name { position } => write!(
                out,
                "the name of range {position} must be lowercase letters, digits and `_`, begin with a letter, have at most 64 \
                 bytes, and not be `loopback`, `private`, `public` or `other`"
            ),
            NetworksError::Range { position } => write!(
                out,
                "range {position} is not in CIDR notation, such as `192.0.2.0/24`, or has bits set past its prefix"
            ),
            NetworksError::TooMany => {
                write!(out, "at most {MOST} names are told apart: let ranges share one")
            }
        }
    }
}

impl std::error::Error for NetworksError {}

impl fmt::Debug for Networks {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Networks").field("labels", &self.labels).finish_non_exhaustive()
    }
}
