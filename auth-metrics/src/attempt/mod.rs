//! Attempts: what is counted from the start of a function to its end, whatever that end is. Knows no family.

mod call;
mod guard;
mod later;
mod metered;
mod reboxed;
mod run;
mod site;
mod target;

pub use call::{Call, IntoTarget, MetricsHandle};
pub use guard::Attempt;
pub use later::Later;
pub use metered::{Deferred, Metered};
pub use reboxed::{Made, Reboxed};
pub use run::{boxed, call, deferred, edge, future, hidden};
pub use site::Site;
