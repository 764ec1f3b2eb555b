//! Classes of networks. An address goes in, and only its class comes out.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{MOST, is_free, leaked};
use crate::terms::Source;

/// Classifies addresses as `loopback`, `private`, `public`, or by the name of a configured range.
///
/// Make it once when the service starts, since its names are kept for the life of the process.
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
    /// Takes named ranges in CIDR notation. A name is `[a-z][a-z0-9_]*`, at most 64 bytes. Ranges may share a name, and there
    /// are at most 16 names. Where ranges overlap, the longest prefix wins.
    ///
    /// # Errors
    ///
    /// A range or a name is invalid, or there are too many names. The error has the position of the range.
    pub fn new<'a>(ranges: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Networks, NetworksError> {
        let mut read = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for (position, (name, range)) in (1..).zip(ranges) {
            if !is_free(name, &[LOOPBACK, PRIVATE, PUBLIC]) {
                return Err(NetworksError::Name { position });
            }
            let network = parse_range(range).ok_or(NetworksError::Range { position })?;
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

    /// Returns the class of an address. An IPv4-mapped IPv6 address has the class of the IPv4 address. `private` covers the
    /// addresses that no internet router forwards: RFC 1918, shared address space (RFC 6598), link-local and unique local.
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

/// Reads a range in CIDR notation.
pub(crate) fn parse_range(range: &str) -> Option<IpNet> {
    let (address, prefix) = range.split_once('/')?;
    // The address by the standard library: ipnet reads `010.0.0.0`, which may be octal, as `10.0.0.0`.
    let network = IpNet::new(address.parse().ok()?, prefix.parse().ok()?).ok()?;
    // Bits past the prefix are a typo.
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

/// Why a [`Networks`] can't be made. Contains neither names nor addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworksError {
    /// A name has an invalid form, or is `loopback`, `private`, `public` or `other`.
    Name {
        /// The position of its range, counted from 1.
        position: usize,
    },
    /// A range is not in CIDR notation, or has bits set past its prefix.
    Range {
        /// The position of the range, counted from 1.
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
                 bytes, and must not be `loopback`, `private`, `public` or `other`"
            ),
            NetworksError::Range { position } => write!(
                out,
                "range {position} must be in CIDR notation, such as `192.0.2.0/24`, with no bits set past its prefix"
            ),
            NetworksError::TooMany => {
                write!(out, "there are more than {MOST} names: let ranges share a name")
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
