//! Compares what the replay program says with what is true.

pub mod accounts;
pub mod calibration;
pub mod coverage;
pub mod facts;
pub mod fail2ban;
pub mod replay;
pub mod score;
pub mod verdict;

use std::collections::BTreeMap;

use crate::world::World;
use facts::Facts;
use replay::{Said, Setup};
use score::Score;

/// What was said about a world and what it is worth, and the same of the baseline.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub score: Score,
    pub baseline: Score,
    /// The measures that are not as they must be, with the seeds of those worlds.
    pub missed: BTreeMap<String, Vec<u64>>,
}

impl Judged {
    pub fn of(world: &World, said: &Said) -> Judged {
        let facts = Facts::of(world);
        Judged {
            score: Score::of(world, &facts, said),
            baseline: Score::of(world, &facts, &fail2ban::run(world)),
            missed: BTreeMap::new(),
        }
    }

    /// Runs the replay program over a world, and judges what it says.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub fn run(world: &World, setup: &Setup) -> Result<Judged, String> {
        let said = replay::run(world, setup)?;
        Ok(Judged::of(world, &said))
    }

    /// Adds another world.
    pub fn join(&mut self, other: Judged) {
        self.score.join(other.score);
        self.baseline.join(other.baseline);
        for (measure, seeds) in other.missed {
            self.missed.entry(measure).or_default().extend(seeds);
        }
    }
}

#[cfg(test)]
mod tests;
