//! People: how busy they are, and which address they have when.

use auth_metrics_random::Random;

use crate::address::{Names, SourceId, SubjectId};
use crate::honest::rates::Rates;
use crate::honest::season;
use crate::honest::town::{Carrier, Town, by_size};
use crate::time::{DAY, HOUR};

#[derive(Clone, Debug)]
pub enum Home {
    V4(SourceId),
    V6(u64),
    /// A pool of a provider, by its number.
    Pool(usize),
}

#[derive(Clone, Debug)]
pub struct Person {
    pub subject: SubjectId,
    /// How often they log in, the average being about 1.
    pub activity: f64,
    pub home: Home,
    office: Option<SourceId>,
    carrier: Option<usize>,
    /// Places away from home and office.
    others: Vec<SourceId>,
    /// The address that the carrier gave last.
    mobile: Option<SourceId>,
    pub second_factor: bool,
    /// The shift of their clock in seconds.
    pub zone: f64,
    moved: f64,
}

impl Person {
    pub fn new(
        name: &str,
        housemate: Option<&Person>,
        rates: &Rates,
        town: &mut Town,
        scene: Draw<'_>,
    ) -> Person {
        let Draw { random, names } = scene;
        let proxied = random.chance(rates.proxied);
        let pooled = proxied && random.chance(0.5);
        let office = if proxied && !pooled { by_size(&town.offices, random) } else { None };
        let pool = if pooled { by_size(&town.pools, random) } else { None };
        let office = office.map(|office| town.offices[office].0);
        let home = match (housemate, pool) {
            (Some(other), _) => other.home.clone(),
            (None, Some(pool)) => Home::Pool(pool),
            _ if random.chance(0.25) => Home::V6(town.home_v6(random)),
            _ => Home::V4(town.home_v4(random, names)),
        };
        // Simulator/SimulatedAccounts.cs draws the inverse of the frequency from this distribution. Its mean is 1.65.
        let activity = 1.0 / random.normal().exp().clamp(0.08, 50.0) / 1.6;
        Person {
            subject: names.subject(name),
            activity,
            home,
            office,
            carrier: random.chance(0.45).then(|| random.below(town.carriers.len())),
            others: Vec::new(),
            mobile: None,
            second_factor: random.chance(0.1),
            zone: random.pick(&[-1.0, 0.0, 0.0, 0.0, 1.0, 2.0]) * HOUR,
            moved: 0.0,
        }
    }

    /// The address at a moment. Moments have to be ascending.
    pub fn place(&mut self, t: f64, rates: &Rates, town: &mut Town, scene: Draw<'_>) -> SourceId {
        let Draw { random, names } = scene;
        if random.chance(rates.elsewhere) {
            return self.elsewhere(rates, town, Draw { random, names });
        }
        if let Some(office) = self.office
            && season::is_work(t, self.zone)
            && random.chance(0.9)
        {
            return office;
        }
        // Providers give out another address every few weeks.
        let since = if self.moved == 0.0 { 0.0 } else { t - self.moved };
        self.moved = t;
        if random.chance(0.015 * since / DAY)
            && let Home::V4(_) = self.home
        {
            self.home = Home::V4(town.home_v4(random, names));
        }
        self.at_home(town, Draw { random, names })
    }

    pub fn at_home(&self, town: &Town, Draw { random, names }: Draw<'_>) -> SourceId {
        match self.home {
            Home::V4(source) => source,
            // The host part changes daily (RFC 8981).
            Home::V6(network) => names.v6(network, random.bits()),
            Home::Pool(pool) => self.sticky(&town.pools[pool].0, 0.9, Draw { random, names }),
        }
    }

    /// An address of a pool: mostly the one that this person had.
    fn sticky(&self, pool: &Carrier, same: f64, Draw { random, names }: Draw<'_>) -> SourceId {
        match pool {
            Carrier::V4(addresses) if random.chance(same) => {
                addresses[self.subject as usize % addresses.len()]
            }
            Carrier::V4(addresses) => random.pick(addresses),
            Carrier::V6(network) => names.v6(network << 16 | random.bits() & 0xffff, random.bits()),
        }
    }

    /// On the move, at a place of others, or at a new one.
    pub fn elsewhere(&mut self, rates: &Rates, town: &mut Town, scene: Draw<'_>) -> SourceId {
        let Draw { random, names } = scene;
        if let Some(carrier) = self.carrier
            && random.chance(0.6)
        {
            let carrier = town.carriers[carrier].clone();
            // The address changes within a day.
            let again = self.mobile.filter(|_| random.chance(0.5));
            let source = again.unwrap_or_else(|| self.sticky(&carrier, 0.1, Draw { random, names }));
            self.mobile = Some(source);
            return source;
        }
        if self.others.len() + 1 >= rates.places.max(2.0) as usize {
            return random.pick(&self.others);
        }
        let source = new_place(town, Draw { random, names });
        self.others.push(source);
        source
    }
}

/// A place where most people were never before.
pub fn new_place(town: &mut Town, Draw { random, names }: Draw<'_>) -> SourceId {
    match random.whole(0, 9) {
        0..=3 => random.pick(&town.cafes),
        4..=7 => town.home_v4(random, names),
        _ => {
            let network = town.home_v6(random);
            names.v6(network, random.bits())
        }
    }
}

/// What a draw needs.
#[derive(Debug)]
pub struct Draw<'a> {
    pub random: &'a mut Random,
    pub names: &'a mut Names,
}
