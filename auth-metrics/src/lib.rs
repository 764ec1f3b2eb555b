//! Metrics for authentication and authorisation functions: counted, timed, explained and exported to Prometheus.
//!
//! [`#[auth_metered]`](auth_metered) on a function times it and counts how it ended;
//! [`#[derive(FailureReason)]`](derive@FailureReason) on its error maps every variant to a standard [`Reason`].

pub use ambient::Scoped;
pub use attempt::Attempt;
pub use auth_metrics_macros::{FailureReason, auth_metered};
pub use exposition::TEXT_CONTENT_TYPE;
#[cfg(feature = "serve")]
pub use exposition::serve;
pub use metrics::{AuthMetrics, Builder, Error, Exposure, ServiceRegistration, Snapshot};
pub use prometheus;
pub use storage::Clock;
pub use taxonomy::{
    Class, FAMILIES, FailureReason, Family, FamilyType, Fault, Kind, Method, Outcome, Reason, ReasonSet,
    Source,
};

mod ambient;
mod attempt;
mod catalogue;
mod exposition;
mod metrics;
#[doc(hidden)]
pub mod private;
pub mod reasons;
mod storage;
mod taxonomy;
#[cfg(feature = "testing")]
pub mod testing;
