//! Finds attacks on authentication inside the process that is attacked, and says with numbers why it thinks so.

mod attach;
mod attempt;
mod clock;
mod detection;
mod detector;
mod detectors;
mod engine;
mod error;
mod evidence;
mod export;
mod keys;
mod learning;
mod place;
#[cfg(feature = "redis")]
mod redis;
#[doc(hidden)]
pub mod replay;
mod saved;
mod sketch;
mod timing;

pub use attach::{Engine, EngineBuilder, Faults, Subscription};
pub use attempt::{Attempt, Peer};
pub use detection::{Detection, Evidence, Scope};
pub use detector::{Action, Detector, Severity};
pub use engine::{Part, Risk, Why};
pub use error::Error;
pub use export::families;
pub use keys::{NetHash, SourceHash, SubjectHash};
pub use place::Place;
#[cfg(feature = "redis")]
pub use redis::Redis;
