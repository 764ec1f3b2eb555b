//! Addresses, and the units in which the judge compares them: an IPv4 address, an IPv6 /64, or a name that is no address.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a source is compared by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    V4(u32),
    /// The first 64 bits.
    V6(u64),
    Name(String),
}

impl Unit {
    /// Reads an address, a /64 as the replay program shows it, or a name.
    pub fn read(text: &str) -> Unit {
        let bare = text.strip_suffix("/64").or_else(|| text.strip_suffix("/32")).unwrap_or(text);
        bare.parse().map_or_else(|_| Unit::Name(text.to_owned()), Unit::of)
    }

    pub fn of(address: IpAddr) -> Unit {
        match address.to_canonical() {
            IpAddr::V4(v4) => Unit::V4(v4.to_bits()),
            IpAddr::V6(v6) => Unit::V6((v6.to_bits() >> 64) as u64),
        }
    }
}

impl Display for Unit {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Unit::V4(bits) => Ipv4Addr::from_bits(*bits).fmt(formatter),
            Unit::V6(bits) => write!(formatter, "{}/64", Ipv6Addr::from_bits(u128::from(*bits) << 64)),
            Unit::Name(name) => formatter.write_str(name),
        }
    }
}

/// A network in CIDR notation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Net {
    v6: bool,
    bits: u128,
    length: u32,
}

impl Net {
    /// Reads CIDR notation.
    pub fn read(text: &str) -> Option<Net> {
        let (address, length) = text.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        let (v6, bits, width) = match address.parse().ok()? {
            IpAddr::V4(v4) => (false, u128::from(v4.to_bits()), 32),
            IpAddr::V6(v6) => (true, v6.to_bits(), 128),
        };
        (length <= width).then(|| Net { v6, bits: high(bits, width - length), length })
    }

    /// The network that a detector takes a unit to: an IPv4 /24, an IPv6 /48.
    pub fn around(unit: &Unit) -> Option<Net> {
        match unit {
            Unit::V4(bits) => Some(Net { v6: false, bits: high(u128::from(*bits), 8), length: 24 }),
            Unit::V6(bits) => Some(Net { v6: true, bits: high(u128::from(*bits) << 64, 80), length: 48 }),
            Unit::Name(_) => None,
        }
    }

    /// Whether a unit is inside.
    pub fn contains(&self, unit: &Unit) -> bool {
        match unit {
            Unit::V4(bits) => !self.v6 && high(u128::from(*bits), 32 - self.length) == self.bits,
            Unit::V6(bits) => self.v6 && high(u128::from(*bits) << 64, 128 - self.length) == self.bits,
            Unit::Name(_) => false,
        }
    }
}

impl Display for Net {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if self.v6 {
            write!(formatter, "{}/{}", Ipv6Addr::from_bits(self.bits), self.length)
        } else {
            write!(formatter, "{}/{}", Ipv4Addr::from_bits(self.bits as u32), self.length)
        }
    }
}

/// Clears the low bits.
fn high(bits: u128, low: u32) -> u128 {
    bits.checked_shr(low).and_then(|kept| kept.checked_shl(low)).unwrap_or(0)
}

/// A source as it is written in the events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    Ip(IpAddr),
    Name(String),
}

impl Display for Address {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Address::Ip(ip) => ip.fmt(formatter),
            Address::Name(name) => formatter.write_str(name),
        }
    }
}

/// A source in the list of a world.
pub type SourceId = u32;
/// A subject in the list of a world.
pub type SubjectId = u32;

/// All sources and subjects of a world, so that an event is a few numbers.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub sources: Vec<Address>,
    pub subjects: Vec<String>,
    /// The unit of each source.
    pub unit_of: Vec<u32>,
    pub units: Vec<Unit>,
    source_ids: HashMap<Address, SourceId>,
    unit_ids: HashMap<Unit, u32>,
    subject_ids: HashMap<String, SubjectId>,
}

impl Names {
    pub fn source(&mut self, address: Address) -> SourceId {
        if let Some(&id) = self.source_ids.get(&address) {
            return id;
        }
        let unit = match &address {
            Address::Ip(ip) => Unit::of(*ip),
            Address::Name(name) => Unit::Name(name.clone()),
        };
        let next = self.units.len() as u32;
        let unit_id = *self.unit_ids.entry(unit.clone()).or_insert(next);
        if unit_id == next {
            self.units.push(unit);
        }
        let id = self.sources.len() as SourceId;
        self.unit_of.push(unit_id);
        self.sources.push(address.clone());
        self.source_ids.insert(address, id);
        id
    }

    pub fn v4(&mut self, bits: u32) -> SourceId {
        self.source(Address::Ip(Ipv4Addr::from_bits(bits).into()))
    }

    /// A host in an IPv6 /64.
    pub fn v6(&mut self, network: u64, host: u64) -> SourceId {
        let bits = u128::from(network) << 64 | u128::from(host);
        self.source(Address::Ip(Ipv6Addr::from_bits(bits).into()))
    }

    pub fn subject(&mut self, name: &str) -> SubjectId {
        if let Some(&id) = self.subject_ids.get(name) {
            return id;
        }
        let id = self.subjects.len() as SubjectId;
        self.subjects.push(name.to_owned());
        self.subject_ids.insert(name.to_owned(), id);
        id
    }

    pub fn find_unit(&self, unit: &Unit) -> Option<u32> {
        self.unit_ids.get(unit).copied()
    }

    pub fn find_subject(&self, name: &str) -> Option<SubjectId> {
        self.subject_ids.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v6_sources_are_compared_by_their_64() {
        assert_eq!(Unit::read("2001:db8:1:2::/64"), Unit::read("2001:db8:1:2:3:4:5:6"));
        assert_ne!(Unit::read("2001:db8:1:2::1"), Unit::read("2001:db8:1:3::1"));
        assert_eq!(Unit::read("::ffff:192.0.2.1"), Unit::read("192.0.2.1"));
    }

    #[test]
    fn networks_contain_their_units() {
        let net = Net::read("192.0.2.0/24").expect("CIDR");
        assert!(net.contains(&Unit::read("192.0.2.77")) && !net.contains(&Unit::read("192.0.3.77")));
        let net = Net::read("2001:db8:1::/48").expect("CIDR");
        assert!(net.contains(&Unit::read("2001:db8:1:9::1")) && !net.contains(&Unit::read("2001:db8:2::1")));
        assert_eq!(Net::read("192.0.2.0/33"), None);
    }
}
