//! `Push`, its builder and its thread. Knows how a handle is read, and nothing of requests.

mod builder;
mod control;
mod handle;
mod thread;

pub use builder::PushBuilder;
pub use handle::{Push, Unsent};
