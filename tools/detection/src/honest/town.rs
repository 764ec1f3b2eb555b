//! Where people are: homes, offices behind one address, carriers with pools of addresses, cafés. And where attackers are.

use std::collections::HashSet;

use auth_metrics_random::Random;

use crate::address::{Names, SourceId};
use crate::honest::rates::Rates;

/// Homes that share an IPv6 /48 of their provider.
const HOMES_IN_48: u64 = 400;

/// A carrier shares its addresses among its customers, who get another one from time to time.
#[derive(Clone, Debug)]
pub enum Carrier {
    V4(Vec<SourceId>),
    /// A /48, of which each connection gets a /64.
    V6(u64),
}

#[derive(Clone, Debug)]
pub struct Town {
    used: HashSet<u32>,
    used_48: HashSet<u64>,
    /// The high 16 bits of providers' blocks.
    providers: Vec<u32>,
    /// The /48 that homes are taken from at present, and how many are.
    homes: (u64, u64),
    pub carriers: Vec<Carrier>,
    /// Pools of home connections that share addresses, with their customers.
    pub pools: Vec<(Carrier, f64)>,
    /// Offices, the largest first, with their seats.
    pub offices: Vec<(SourceId, f64)>,
    pub cafes: Vec<SourceId>,
}

impl Town {
    pub fn new(people: usize, rates: &Rates, random: &mut Random, names: &mut Names) -> Town {
        let mut town = Town {
            used: HashSet::new(),
            used_48: HashSet::new(),
            providers: Vec::new(),
            homes: (0, HOMES_IN_48),
            carriers: Vec::new(),
            pools: Vec::new(),
            offices: Vec::new(),
            cafes: Vec::new(),
        };
        town.providers = (0..250).map(|_| public_block(random)).collect();
        town.cafes = (0..(people / 60).max(20)).map(|_| town.home_v4(random, names)).collect();
        town.carriers = (0..12).map(|at| town.carrier(at % 2 == 0, 48, random, names)).collect();
        // Half of those behind proxies are behind a carrier's, which has several addresses.
        let pooled = people as f64 * rates.proxied / 2.0;
        let mut left = pooled;
        while left > 0.0 {
            let customers = 50.0 * (rates.proxy_size / 20.0).powf(random.between(0.3, 1.2));
            let addresses = 1 + (customers / 200.0) as u32;
            let pool = town.carrier(true, addresses, random, names);
            town.pools.push((pool, customers.min(left)));
            left -= customers;
        }
        let mut left = pooled;
        while left > 0.0 {
            // From a shop of ten to twice the published size.
            let seats = 10.0 * (rates.proxy_size / 5.0).powf(random.unit());
            let address = town.home_v4(random, names);
            town.offices.push((address, seats.min(left)));
            left -= seats;
        }
        town.offices.sort_by(|a, b| b.1.total_cmp(&a.1));
        town
    }

    fn carrier(&mut self, v4: bool, addresses: u32, random: &mut Random, names: &mut Names) -> Carrier {
        if !v4 {
            return Carrier::V6(self.fresh_48(random));
        }
        let block = self.fresh_24(random);
        Carrier::V4((0..addresses).map(|low| names.v4(block + 10 + low)).collect())
    }

    /// An unused IPv4 address in a provider's block.
    pub fn home_v4(&mut self, random: &mut Random, names: &mut Names) -> SourceId {
        loop {
            let bits = random.pick(&self.providers) << 16 | random.whole(1, 0xfffe) as u32;
            if self.used.insert(bits) {
                return names.v4(bits);
            }
        }
    }

    /// An unused /64 of a home, in a /48 that hundreds of homes share.
    pub fn home_v6(&mut self, random: &mut Random) -> u64 {
        if self.homes.1 >= HOMES_IN_48 {
            self.homes = (self.fresh_48(random), 0);
        }
        self.homes.1 += 1;
        // A home has a /56, so every 256th /64 is the next home; two rounds, since one /48 has only 256 of them.
        let (home, round) = (self.homes.1 % 256, self.homes.1 / 256);
        self.homes.0 << 16 | home << 8 | round
    }

    /// An unused IPv6 /48, as the high 48 bits.
    pub fn fresh_48(&mut self, random: &mut Random) -> u64 {
        loop {
            let bits = 0x2a00_0000_0000 | random.bits() & 0x00ff_ffff_ffff;
            if self.used_48.insert(bits) {
                return bits;
            }
        }
    }

    /// An unused IPv4 /24 outside the providers.
    pub fn fresh_24(&mut self, random: &mut Random) -> u32 {
        loop {
            let block = public_block(random);
            let bits = block << 16 | (random.whole(0, 255) as u32) << 8;
            if !self.providers.contains(&block) && self.used.insert(bits) {
                return bits;
            }
        }
    }

    /// An address of a rented machine or of an infected home.
    pub fn hostile(&mut self, random: &mut Random, names: &mut Names) -> SourceId {
        match random.whole(0, 9) {
            0..=5 => self.home_v4(random, names),
            6..=8 => {
                let low = random.whole(1, 254) as u32;
                let block = self.fresh_24(random);
                names.v4(block + low)
            }
            _ => {
                let network = self.home_v6(random);
                names.v6(network, random.bits())
            }
        }
    }
}

/// Draws one of several by its size.
pub fn by_size<T>(all: &[(T, f64)], random: &mut Random) -> Option<usize> {
    let mut at = random.between(0.0, all.iter().map(|(_, size)| size).sum());
    all.iter().position(|(_, size)| {
        at -= size;
        at <= 0.0
    })
}

/// The high 16 bits of a block that is neither private nor reserved.
fn public_block(random: &mut Random) -> u32 {
    loop {
        let first = random.whole(11, 222) as u32;
        if first != 100 && first != 127 && first != 169 && first != 172 && first != 192 && first != 198 {
            return first << 8 | random.whole(0, 255) as u32;
        }
    }
}
