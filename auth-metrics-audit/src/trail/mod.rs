//! The way of a record: from the events thread into the queue of each sink, and from there by the sink's own thread to the sink.

mod audit;
mod builder;
mod counts;
mod group;
mod lines;
mod observe;
mod queue;
mod shared;
#[cfg(test)]
mod tests;
mod worker;

pub use audit::Audit;
pub use builder::AuditBuilder;
pub use shared::Unwritten;
