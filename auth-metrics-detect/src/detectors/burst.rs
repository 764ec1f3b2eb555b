//! D11 `source_burst`: what a rule with a fixed threshold would ban. For those who come from one; a notice, never more.

use super::Source;
use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::evidence::sigmoid;

/// Failures, and within which time.
const FAILURES: u8 = 5;
pub(crate) const SECONDS: f64 = 600.0;
/// Evidence that takes two accounts, or one and some repeats.
const WALK: f32 = 3.2;

pub(crate) fn find(source: &Source) -> Option<Finding> {
    if source.burst < FAILURES && (source.walk < WALK || source.failures < 2) {
        return None;
    }
    let mut finding =
        Finding::new(Detector::SourceBurst, Convicted::Source(source.hash), Sentence::SourceBurst)
            .notice(Action::Slow)
            .counted(source.failures, source.contacts)
            .weighed(source.walk, source.prior.unwrap_or_default(), sigmoid(source.log_odds()));
    (finding.is_shared, finding.evidence.familiar) = (source.is_shared(), source.familiar);
    Some(finding)
}
