//! D5 `enumeration`: somebody looks for names that have an account.

use super::{Convicted, Finding, Source, hash_of_operation};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::evidence::sigmoid;
use crate::keys::mix;

/// Different names without an account, from one source.
const PROBES: u8 = 10;
/// Tells what single sources do at an operation from what its sum says, which ends by itself.
const SINGLE: u64 = 0x5e1d;

/// The hash of what single sources do at an operation.
pub(crate) fn hash_of_single(operation: u8) -> u64 {
    mix(hash_of_operation(operation), SINGLE)
}

/// From one source. It is told about the operation, once for all such sources: each of them is convicted by its walk.
pub(crate) fn find(source: &Source, operation: u8) -> Option<Finding> {
    if source.probes < PROBES || source.walk < super::FIXED {
        return None;
    }
    let convicted = Convicted::Nobody(hash_of_single(operation));
    let mut finding = Finding::new(Detector::Enumeration, convicted, Sentence::Enumeration)
        .action(Action::Challenge)
        .counted(source.probes, source.probes)
        .weighed(source.walk, source.prior.unwrap_or_default(), sigmoid(source.log_odds()));
    // So many more are the next piece of evidence.
    finding.gap = source.gap * f32::from(PROBES);
    Some(finding)
}

/// From many.
pub(crate) fn find_in(operation: u8, value: f32, prior: f32, counts: [u32; 2]) -> Finding {
    Finding::new(Detector::Enumeration, Convicted::Operation(operation), Sentence::Enumeration)
        .counted(counts[0], counts[1])
        .weighed(value, prior, sigmoid(value))
}
