//! The common form of a campaign: so many sources, so many guesses each, at these accounts, within this time.

use crate::address::{SourceId, SubjectId};
use crate::event::{Ending, LOGIN};
use crate::honest::person::Home;
use crate::hostile::Hostile;
use crate::scene::Scene;
use crate::time::Span;

/// Infected homes of honest people: `FractionOfMaliciousIPsToOverlapWithBenign` of `StopGuessing`'s simulator.
const INFECTED: f64 = 0.01;

/// Where guesses come from.
#[derive(Clone, Copy, Debug)]
pub enum Fleet {
    Machines(usize),
    /// Some of these are homes of honest people.
    Botnet(usize),
    /// Hosts of one IPv4 /24.
    Net24(usize),
    /// Networks (/64) of one IPv6 /48.
    Net48(usize),
    /// One that honest people use.
    Shared(SourceId),
}

#[derive(Clone, Copy, Debug)]
pub enum Targets {
    Few(usize),
    Anybody,
}

#[derive(Clone, Copy, Debug)]
pub struct Raid {
    pub name: &'static str,
    pub span: Span,
    pub fleet: Fleet,
    /// Guesses of each source: at least, at most.
    pub each: (u64, u64),
    /// How long each source is busy, in seconds.
    pub busy: f64,
    pub targets: Targets,
    /// The share of guesses at names that belong to nobody.
    pub unknown: f64,
    /// The share of guesses at accounts that are right.
    pub hit: f64,
}

impl Raid {
    /// Plays the campaign.
    pub fn run(&self, hostile: &mut Hostile<'_>) {
        hostile.begin(self.name);
        let targets: Vec<SubjectId> = match self.targets {
            Targets::Few(count) => (0..count).map(|_| hostile.account()).collect(),
            Targets::Anybody => Vec::new(),
        };
        for source in self.fleet.sources(hostile) {
            self.work(source, &targets, hostile);
        }
    }

    fn work(&self, source: SourceId, targets: &[SubjectId], hostile: &mut Hostile<'_>) {
        let random = hostile.random();
        // Some are in a hurry, most are not.
        let busy = self.busy.min(self.span.length()) * 10_f64.powf(-1.3 * random.unit().powi(8));
        let from = random.between(self.span.from, self.span.to - busy);
        let count = random.count(self.each.0, self.each.1);
        let gap = busy / count as f64;
        for at in 0..count {
            let t = from + gap * (at as f64 + hostile.random().unit());
            if hostile.random().chance(self.unknown) {
                let nobody = hostile.nobody();
                hostile.attempt(t, (source, nobody), LOGIN, Ending::UNKNOWN);
            } else {
                let known =
                    if targets.is_empty() { hostile.account() } else { hostile.random().pick(targets) };
                hostile.guess(t, (source, known), self.hit);
            }
        }
    }
}

impl Fleet {
    /// Chooses the addresses.
    fn sources(self, hostile: &mut Hostile<'_>) -> Vec<SourceId> {
        match self {
            Fleet::Machines(count) => (0..count).map(|_| hostile.address()).collect(),
            Fleet::Botnet(count) => (0..count).map(|_| infected(hostile)).collect(),
            Fleet::Net24(count) => {
                let Scene { random, names, .. } = &mut *hostile.scene;
                let net = hostile.honest.town.fresh_24(random);
                (0..count as u32).map(|low| names.v4(net + 1 + low)).collect()
            }
            Fleet::Net48(count) => {
                let Scene { random, names, .. } = &mut *hostile.scene;
                let net = hostile.honest.town.fresh_48(random);
                (0..count as u64).map(|low| names.v6(net << 16 | low, random.bits())).collect()
            }
            Fleet::Shared(source) => vec![source],
        }
    }
}

fn infected(hostile: &mut Hostile<'_>) -> SourceId {
    if hostile.random().chance(INFECTED) {
        let index = hostile.scene.random.below(hostile.honest.people.len());
        if let Home::V4(source) = hostile.honest.people[index].home {
            return source;
        }
    }
    hostile.address()
}
