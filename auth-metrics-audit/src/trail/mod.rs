//! The way of a record: from the events thread into the queue of each sink, and from there by the sink's own thread to the sink.

mod audit;
mod builder;
mod counts;
mod group;
mod lines;
mod observe;
mod queue;
#[cfg(test)]
mod tests;
mod worker;

use audit::Shared;
pub use audit::{Audit, Unwritten};
pub use builder::AuditBuilder;
use counts::{Counts, Outlet};
