//! The state of the engine: how an attempt changes it, and what may be read of it from other threads. It knows no thread and no clock.

mod account;
mod contact;
mod counts;
mod distinct;
mod fleet;
#[cfg_attr(not(feature = "redis"), path = "nobody.rs")]
mod kept;
mod learned;
mod misuse;
mod notes;
mod operation;
mod operations;
mod options;
mod pairs;
mod places;
mod proxy;
mod recents;
#[cfg_attr(not(feature = "redis"), path = "alone.rs")]
mod replicas;
mod risk;
mod saved;
mod seen;
#[cfg(test)]
mod sentences;
mod shared;
mod state;
mod success;
mod tell;
#[cfg(test)]
mod tests;
#[cfg(feature = "redis")]
mod times;
mod trusted;
mod verdicts;

pub(crate) use counts::Counts;
pub(crate) use operation::Operation;
pub(crate) use options::Options;
pub use options::Part;
pub(crate) use places::{Places, Resolver};
#[cfg(feature = "redis")]
pub(crate) use replicas::{Incoming, Outgoing};
pub use risk::{Risk, Why};
pub(crate) use shared::Shared;
pub(crate) use state::{Fed, State};
pub(crate) use trusted::Trusted;
