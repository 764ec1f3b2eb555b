//! Pushes.

mod encode;
mod engine;
mod error;
mod export;
pub mod families;
mod names;
mod push;
mod series;
mod setup;
mod transport;
mod unwinding;

pub use error::Error;
pub use names::Names;
pub use push::{Push, PushBuilder, Unsent};
pub use setup::{Protocol, Temporality};
