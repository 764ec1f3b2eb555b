//! `AuthMetrics`: one handle, its builder, and its tables of services, operations and series. Knows nothing of registries, HTTP, or how
//! a call finds its handle. Attempts and snapshots are built on it.

mod activity;
mod auth_metrics;
mod builder;
mod by_service;
mod error;
mod events;
mod exemplars;
mod exposure;
mod followed;
mod groups;
mod internal_error;
mod nested;
mod observing;
mod operation;
mod options;
mod recorder;
mod series;
mod service;
mod tables;
mod weak;

pub use auth_metrics::AuthMetrics;
pub(crate) use auth_metrics::Inner;
pub use builder::AuthMetricsBuilder;
pub use by_service::ByService;
pub use error::Error;
#[cfg(feature = "prometheus")]
pub use error::RegisterError;
pub(crate) use exemplars::{Exemplar, ExemplarOf};
pub use exposure::Exposure;
pub(crate) use followed::Followed;
pub(crate) use internal_error::InternalError;
pub(crate) use nested::{Entered, Place};
use observing::Observing;
pub(crate) use operation::Operation;
pub(crate) use options::Options;
pub(crate) use recorder::{Core, Overflows, SpanWriter, Trace};
pub(crate) use series::{Begun, Counts, Series};
pub(crate) use service::{ByHand, Service};
pub use weak::WeakAuthMetrics;
