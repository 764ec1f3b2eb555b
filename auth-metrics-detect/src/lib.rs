//! Finds attacks on authentication inside the process that is attacked, and says with numbers why it thinks so.

mod attempt;
mod detector;
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "the engine calls it"))]
mod learning;

pub use attempt::{Attempt, Peer};
pub use detector::{Action, Detector, Severity};
