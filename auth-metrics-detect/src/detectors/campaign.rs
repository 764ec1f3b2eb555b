//! D4 `campaign`: more strangers fail, and stay out, than the successes explain. Spraying, stuffing, or slow guessing by many sources.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::Detector;

/// Where the sum alarms, and where the alarm is over.
pub(crate) const ON: f32 = 11.5;
pub(crate) const OFF: f32 = 2.0;

pub(crate) fn find(operation: u8, sum: f32, prior: f32, shape: &'static str, counts: [u32; 2]) -> Finding {
    Finding::new(Detector::Campaign, Convicted::Operation(operation), Sentence::Campaign(shape))
        .counted(counts[0], counts[1])
        .weighed(sum, prior, super::probability(sum, ON))
}
