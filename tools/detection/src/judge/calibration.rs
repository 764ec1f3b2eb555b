//! Whether the probability before an attempt is one: reliability and Brier score over contacts of unfamiliar pairs.

use std::collections::HashSet;

use crate::event::Outcome;
use crate::judge::facts::Facts;
use crate::judge::score::ratio;
use crate::time::{BEGIN, DAY};
use crate::world::World;

/// Bounds of the bins.
pub const BOUNDS: [f64; 11] = [0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.99, 0.999, f64::INFINITY];
/// Pairs become familiar before attacks begin.
const LEARNING: f64 = 3.0 * DAY;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    pub count: usize,
    pub hostile: usize,
    /// The sum of what was said.
    pub said: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    pub bins: [Bin; BOUNDS.len()],
    pub squares: f64,
}

/// What a service that acts on the probability alone would do to sources.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    /// The highest probability of each hostile source that has to be found, before one of its attempts.
    pub due: Vec<f64>,
    /// The same of honest sources.
    pub honest: Vec<f64>,
}

impl Reached {
    pub fn of(facts: &Facts<'_>, assessed: &[f64]) -> Reached {
        let world = facts.world;
        let mut highest = vec![0.0_f64; world.names.units.len()];
        for (event, &said) in world.events.iter().zip(assessed) {
            let unit = world.names.unit_of[event.source as usize] as usize;
            highest[unit] = highest[unit].max(said);
        }
        let mut reached = Reached::default();
        for (source, &highest) in facts.sources.iter().zip(&highest) {
            if source.is_due() {
                reached.due.push(highest);
            } else if source.hostile == 0 {
                reached.honest.push(highest);
            }
        }
        reached
    }

    pub fn join(&mut self, other: Reached) {
        self.due.extend(other.due);
        self.honest.extend(other.honest);
    }

    /// Recall and precision of acting from a threshold on.
    pub fn at(&self, threshold: f64) -> (f64, f64) {
        let above = |all: &[f64]| all.iter().filter(|&&highest| highest >= threshold).count();
        let (found, wrong) = (above(&self.due), above(&self.honest));
        (ratio(found, self.due.len()), ratio(found, found + wrong))
    }
}

impl Calibration {
    /// Judges what was said before each event of a world.
    pub fn of(world: &World, assessed: &[f64]) -> Calibration {
        let mut calibration = Calibration::default();
        let mut familiar: HashSet<(u32, u32)> = HashSet::new();
        for (event, &said) in world.events.iter().zip(assessed) {
            let pair = (world.names.unit_of[event.source as usize], event.subject);
            if !said.is_nan() && !familiar.contains(&pair) && event.t >= BEGIN + LEARNING {
                calibration.add(said, event.is_hostile());
            }
            if event.ending.outcome == Outcome::Success {
                familiar.insert(pair);
            }
        }
        calibration
    }

    fn add(&mut self, said: f64, hostile: bool) {
        let at = BOUNDS.iter().position(|&bound| said < bound).unwrap_or(BOUNDS.len() - 1);
        let bin = &mut self.bins[at];
        bin.count += 1;
        bin.hostile += usize::from(hostile);
        bin.said += said;
        self.squares += (said - f64::from(u8::from(hostile))).powi(2);
    }

    pub fn join(&mut self, other: &Calibration) {
        for (bin, more) in self.bins.iter_mut().zip(&other.bins) {
            bin.count += more.count;
            bin.hostile += more.hostile;
            bin.said += more.said;
        }
        self.squares += other.squares;
    }

    pub fn contacts(&self) -> usize {
        self.bins.iter().map(|bin| bin.count).sum()
    }

    pub fn brier(&self) -> f64 {
        self.squares / self.contacts().max(1) as f64
    }

    /// The share of truly hostile contacts among those said to be hostile at .9 or more.
    pub fn sure(&self) -> Option<f64> {
        let high = &self.bins[8..];
        let count: usize = high.iter().map(|bin| bin.count).sum();
        let hostile: usize = high.iter().map(|bin| bin.hostile).sum();
        (count > 0).then(|| hostile as f64 / count as f64)
    }
}
