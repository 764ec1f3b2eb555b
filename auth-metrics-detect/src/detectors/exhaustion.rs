//! D15 `exhaustion_predicted`: something will run out.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};

/// It is about the process, and no operation of it.
pub(crate) fn find(what: &'static str, hash: u64, seconds: f32) -> Finding {
    Finding::new(
        Detector::ExhaustionPredicted,
        Convicted::Nobody(hash),
        Sentence::Exhaustion { what, seconds },
    )
    .notice(Action::Allow)
}
