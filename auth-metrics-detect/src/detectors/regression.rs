//! D9 `regression_suspected`: known users fail. An outage, a deployment, an expired directory: no attack, so what would be learned from it
//! is held.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::evidence::sigmoid;

pub(crate) const ON: f32 = 8.0;
pub(crate) const OFF: f32 = 2.0;
/// From here on a campaign is not believed before it is clear what this is.
pub(crate) const RISING: f32 = 3.0;
/// How long learning is held at most, in seconds: nobody hides in an outage for ever.
pub(crate) const LONGEST_HOLD: f64 = 3600.0;

pub(crate) fn find(operation: u8, sum: f32, failed: u32, expected: f32) -> Finding {
    Finding::new(
        Detector::RegressionSuspected,
        Convicted::Operation(operation),
        Sentence::Regression { expected },
    )
    .notice(Action::Allow)
    .counted(failed, failed)
    .weighed(sum, 0.0, sigmoid(sum))
}
