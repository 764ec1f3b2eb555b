//! D13 `mix_drift`: the mix of failure reasons is not what it was, or failures grow slowly.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::learning::Drifted;

pub(crate) fn find(operation: u8, drifted: &Drifted) -> Finding {
    let sentence = match drifted.class {
        Some(_) => Sentence::MixDrift { strength: drifted.strength },
        None => Sentence::SlowDrift { share: drifted.share, usual: drifted.usual },
    };
    Finding::new(Detector::MixDrift, Convicted::Operation(operation), sentence).notice(Action::Allow)
}
