//! Finds attacks on authentication inside the process that is attacked, and says with numbers why it thinks so.

mod attempt;
mod detector;
#[allow(dead_code, unused_imports, reason = "the engine fills it")]
mod export;

pub use attempt::{Attempt, Peer};
pub use detector::{Action, Detector, Severity};
pub use export::families;
