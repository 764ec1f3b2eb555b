//! What a handle has counted, read once: [`Snapshot`], its typed view, and [`Visitor`] for whoever writes another
//! format.
// Knows nothing of who records.

mod cost;
mod exemplar;
mod exposed;
mod families;
mod replay;
mod snapshot;
mod typed;
mod values;
mod visitor;

pub use exemplar::Exemplar;
pub use snapshot::Snapshot;
pub use typed::{OperationCounts, ReasonCount, SourceCounts};
pub(crate) use visitor::FullName;
pub use visitor::{Histogram, Labels, Visitor};
