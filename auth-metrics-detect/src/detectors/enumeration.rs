//! D5 `enumeration`: somebody looks for names that have an account.

use super::Source;
use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::evidence::sigmoid;

/// Different names without an account, from one source.
const PROBES: u8 = 10;

/// From one source. It is told about the operation: the source itself is convicted by its walk.
pub(crate) fn find(source: &Source) -> Option<Finding> {
    if source.probes < PROBES || source.walk < super::FIXED {
        return None;
    }
    let finding = Finding::new(Detector::Enumeration, Convicted::Source(source.hash), Sentence::Enumeration)
        .action(Action::Challenge)
        .counted(source.probes, source.probes);
    Some(finding.weighed(source.walk, source.prior.unwrap_or_default(), sigmoid(source.log_odds())))
}

/// From many.
pub(crate) fn find_in(operation: u8, value: f32, prior: f32, counts: [u32; 2]) -> Finding {
    Finding::new(Detector::Enumeration, Convicted::Operation(operation), Sentence::Enumeration)
        .counted(counts[0], counts[1])
        .weighed(value, prior, sigmoid(value))
}
