//! Finds attacks on authentication inside the process that is attacked, and says with numbers why it thinks so.

mod attempt;
mod detector;
#[cfg_attr(not(test), expect(dead_code, reason = "the engine feeds it"))]
mod timing;

pub use attempt::{Attempt, Peer};
pub use detector::{Action, Detector, Severity};
