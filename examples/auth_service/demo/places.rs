//! Where people come from: addresses that are reserved for documentation and tests, so they are nobody's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The wave's networks, and how many of its machines are in each.
const WAVE: [[u8; 3]; 3] = [[192, 0, 2], [198, 51, 100], [203, 0, 113]];
pub(super) const BOTS: usize = 96;

/// Where somebody lives: a network of their own.
pub(super) fn home(number: usize) -> IpAddr {
    network_of_its_own(0x1000, number)
}

/// A hotel, or a train.
pub(super) fn away(number: usize) -> IpAddr {
    network_of_its_own(0x8000, number)
}

/// Somebody who acts alone.
pub(super) fn stray(number: usize) -> IpAddr {
    let [.., third, fourth] = number.to_be_bytes();
    Ipv4Addr::new(198, 18 + (third & 1), fourth, 7).into()
}

/// Whoever steals the account.
pub(super) fn thief() -> IpAddr {
    Ipv4Addr::new(192, 88, 99, 13).into()
}

/// A machine of the wave.
pub(super) fn bot(number: usize) -> IpAddr {
    let number = number % BOTS;
    let [first, second, third] = WAVE[number % WAVE.len()];
    let [.., host] = (1 + number / WAVE.len()).to_be_bytes();
    Ipv4Addr::new(first, second, third, host).into()
}

fn network_of_its_own(range: u16, number: usize) -> IpAddr {
    let [.., high, low] = number.to_be_bytes();
    let network = range | (u16::from_be_bytes([high, low]) & 0x0fff);
    Ipv6Addr::new(0x2001, 0x0db8, network, 0, 0, 0, 0, 1).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn nobody_shares_an_address() {
        let places = (0..500).flat_map(|number| [home(number), away(number), stray(number)]);
        let all: Vec<_> = places.chain((0..BOTS).map(bot)).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
