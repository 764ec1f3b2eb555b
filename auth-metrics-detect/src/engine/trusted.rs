//! `Trusted`: networks that are never convicted.

use std::fmt;
use std::net::IpAddr;

/// Networks in CIDR notation.
#[derive(Clone, Default)]
pub(crate) struct Trusted(Vec<(IpAddr, u8)>);

impl Trusted {
    /// Reads a network, such as `10.0.0.0/8`; none if it is no network.
    pub(crate) fn add(&mut self, network: &str) -> Option<()> {
        let (address, prefix) = network.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let prefix: u8 = prefix.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        if prefix > longest {
            return None;
        }
        self.0.push((address, prefix));
        Some(())
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|&(network, prefix)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (u32::from(network) ^ u32::from(address)).checked_shr(32 - u32::from(prefix)).unwrap_or(0)
                    == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (u128::from(network) ^ u128::from(address)).checked_shr(128 - u32::from(prefix)).unwrap_or(0)
                    == 0
            }
            _ => false,
        })
    }
}

impl fmt::Debug for Trusted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} networks", self.0.len())
    }
}
