//! Everybody who is measured. One file each, in the same shape.

pub mod autometrics;
pub mod bare;
pub mod floor;
pub mod limit;
pub mod measured;
pub mod metered_0_10;
pub mod metered_0_9;
pub mod metrics_exporter;
pub mod opentelemetry;
pub mod ours;
pub mod prometheus;
pub mod prometheus_client;
pub mod shape;
pub mod static_metric;

pub use shape::*;
