//! Finds attacks on authentication inside the process that is attacked, and says with numbers why it thinks so.

mod attempt;
mod detector;

pub use attempt::{Attempt, Peer};
pub use detector::{Action, Detector, Severity};
