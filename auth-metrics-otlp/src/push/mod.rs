//! `Push`, its builder and its thread. Knows how a handle is read, and nothing of requests.

mod builder;
mod control;
mod handle;
#[cfg(test)]
mod tests;
mod thread;

pub use builder::PushBuilder;
pub use handle::{Push, Unsent};
