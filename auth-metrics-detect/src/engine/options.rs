//! What an engine was told when it was built.

use std::time::Duration;

use crate::detector::Action;
use crate::error::Error;

/// A part of the engine that can be left out, to see on a log of your own what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Part {
    /// The filter of pairs that succeeded: without it everybody is a stranger.
    Familiar,
    /// The credit that a source gets for known users.
    Credit,
    /// Failures that are taken back when the pair succeeds.
    TakeBack,
    /// The share of bad strangers: without it the threshold is fixed.
    Prior,
    /// Walks of networks.
    Net,
    /// Walks of accounts, and what they tell of a source that tries them.
    Subject,
    /// The count of the whole operation.
    Fleet,
    /// The guard of what is learned.
    Guard,
    /// The weight of repeats by their pace.
    Pacing,
}

impl Part {
    /// Every part.
    pub const ALL: &'static [Part] = &[
        Part::Familiar,
        Part::Credit,
        Part::TakeBack,
        Part::Prior,
        Part::Net,
        Part::Subject,
        Part::Fleet,
        Part::Guard,
        Part::Pacing,
    ];

    /// Returns its word, such as `take_back`.
    pub const fn label(self) -> &'static str {
        match self {
            Part::Familiar => "familiar",
            Part::Credit => "credit",
            Part::TakeBack => "take_back",
            Part::Prior => "prior",
            Part::Net => "net",
            Part::Subject => "subject",
            Part::Fleet => "fleet",
            Part::Guard => "guard",
            Part::Pacing => "pacing",
        }
    }
}

/// What an engine was told.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) memory: usize,
    pub(crate) half_life: f64,
    /// The log-odds from which a source is convicted.
    pub(crate) target: f32,
    /// Whether the threshold is fixed.
    pub(crate) is_conservative: bool,
    pub(crate) reveals_peer: bool,
    pub(crate) tells_new_sources: bool,
    pub(crate) without: Vec<Part>,
    pub(crate) thresholds: Thresholds,
}

/// From which probability on an [`Action`] is proposed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Thresholds {
    pub(crate) slow: f32,
    pub(crate) challenge: f32,
    pub(crate) step_up: f32,
    pub(crate) block: f32,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        // Nothing is blocked by itself: a probability is never above one.
        Thresholds { slow: 0.5, challenge: 0.9, step_up: 0.99, block: 2.0 }
    }
}

impl Thresholds {
    pub(crate) fn action(self, probability: f32) -> Action {
        const ACTIONS: [Action; 5] =
            [Action::Allow, Action::Slow, Action::Challenge, Action::StepUp, Action::Block];
        // They rise, so those that are reached come first.
        let [slow, challenge, step_up, block] = self.from();
        let is_reached = |from| usize::from(probability >= from);
        ACTIONS[is_reached(slow) + is_reached(challenge) + is_reached(step_up) + is_reached(block)]
    }

    /// Those of the actions from the mildest to the hardest.
    fn from(self) -> [f32; 4] {
        [self.slow, self.challenge, self.step_up, self.block]
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            memory: Options::MEMORY,
            half_life: 30.0 * 3600.0,
            target: (0.999_f32 / 0.001).ln(),
            is_conservative: false,
            reveals_peer: false,
            tells_new_sources: false,
            without: Vec::new(),
            thresholds: Thresholds::default(),
        }
    }
}

impl Options {
    pub(crate) const MEMORY: usize = 512 << 10;
    pub(crate) const LEAST_MEMORY: usize = 256 << 10;
    pub(crate) const MOST_MEMORY: usize = 64 << 20;
    pub(crate) const LONGEST_HALF_LIFE: Duration = Duration::from_secs(60 * 86_400);

    pub(crate) fn check(&self) -> Result<(), Error> {
        if !(0.0..f32::INFINITY).contains(&self.target) {
            return Err(Error::InvalidPrecision);
        }
        if !(Options::LEAST_MEMORY..=Options::MOST_MEMORY).contains(&self.memory) {
            return Err(Error::InvalidMemory);
        }
        if !(60.0..=Options::LONGEST_HALF_LIFE.as_secs_f64()).contains(&self.half_life) {
            return Err(Error::InvalidHalfLife);
        }
        let from = self.thresholds.from();
        if !from.is_sorted() || from.iter().any(|from| !(0.0..=f32::MAX).contains(from)) {
            return Err(Error::InvalidActions);
        }
        Ok(())
    }

    pub(crate) fn has(&self, part: Part) -> bool {
        !self.without.contains(&part)
    }
}
