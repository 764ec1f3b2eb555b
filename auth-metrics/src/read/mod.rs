//! What a handle has counted, read once: `Snapshot`, and every family as a view of it. Knows nothing of who records.

mod cost;
mod exposed;
mod families;
mod snapshot;
mod values;

pub(crate) use families::{HistogramView, Visitor};
pub(crate) use snapshot::ServiceEntry;
pub use snapshot::Snapshot;
