//! `Summary`: what a run came to.

use std::time::Duration;

use crate::{Detector, Faults};

/// What a run came to.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Summary {
    /// How many attempts were fed.
    pub events: u64,
    /// How many records were skipped.
    pub malformed: u64,
    /// How many detections began, in the order of [`Detector::ALL`].
    pub detections: Vec<(Detector, u64)>,
    /// The share of bad ones among the strangers of each operation, at the end.
    pub priors: Vec<(String, f32)>,
    /// What the engine holds.
    pub bytes: usize,
    /// What went wrong inside or around it.
    pub faults: Faults,
    /// The time in [`Engine::feed`](crate::Engine::feed).
    pub feeding: Duration,
}

impl Summary {
    /// Returns `true` if more than one record in a hundred was malformed: then the log is not what it should be.
    pub const fn is_suspicious(&self) -> bool {
        self.malformed * 100 > self.events + self.malformed
    }

    pub(super) fn count(&mut self, detector: Detector) {
        for (counted, count) in &mut self.detections {
            *count += u64::from(*counted == detector);
        }
    }
}
