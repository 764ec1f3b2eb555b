//! `AuthMetrics`: one handle, how it is built, and its tables of services, operations and series. Knows nothing of registries,
//! HTTP or which handle a call means; attempts and snapshots are built on it.

mod activity;
mod auth_metrics;
mod builder;
mod by_service;
mod error;
mod groups;
mod internal_error;
mod operation;
mod series;
mod service;
mod tables;

pub use auth_metrics::AuthMetrics;
pub(crate) use auth_metrics::{Core, Inner, Options, Overflows};
pub use builder::{AuthMetricsBuilder, Exposure};
pub use by_service::ByService;
pub use error::Error;
#[cfg(feature = "prometheus")]
pub use error::RegisterError;
pub(crate) use internal_error::InternalError;
pub(crate) use operation::Operation;
pub(crate) use series::{Counts, Series};
pub(crate) use service::{ByHand, Service};
