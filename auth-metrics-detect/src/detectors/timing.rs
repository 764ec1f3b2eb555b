//! D14 `timing_oracle`: the latency tells whether an account exists.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::timing::Leak;

pub(crate) fn find(operation: u8, leak: &Leak) -> Finding {
    let Leak { gap_seconds: gap, z, pairs } = *leak;
    Finding::new(Detector::TimingOracle, Convicted::Operation(operation), Sentence::Timing { gap, z, pairs })
        .notice(Action::Allow)
        .counted(pairs, 0_u32)
}
