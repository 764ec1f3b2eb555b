//! Other metrics back ends: a handle in the recorder of the `metrics` facade, and in a registry of `prometheus-client`.
//!
//! | feature | module | what it is |
//! |---|---|---|
//! | `metrics024` | `metrics024` | a `Bridge` that tells the program's recorder what was counted, each time you refresh it |
//! | `prometheus-client022`, `prometheus-client023`, `prometheus-client024`, `prometheus-client025`, `prometheus-client026` | `prometheus_client022` to `prometheus_client026` | a `Collector` of that version |
//!
//! The guide has a page on [back ends](crate::guide::backends): what arrives in each, and what it can't be told.
// Each back end is a view of a snapshot. Knows nothing of who records, nor of the other back ends.

#[cfg(any(
    feature = "prometheus-client022",
    feature = "prometheus-client023",
    feature = "prometheus-client024",
    feature = "prometheus-client025",
    feature = "prometheus-client026"
))]
mod by_family;
#[cfg(feature = "metrics024")]
mod metrics;
#[cfg(any(
    feature = "prometheus-client022",
    feature = "prometheus-client023",
    feature = "prometheus-client024",
    feature = "prometheus-client025",
    feature = "prometheus-client026"
))]
mod prometheus_client;

#[cfg(feature = "metrics024")]
pub use metrics::metrics024;
#[cfg(any(
    feature = "prometheus-client022",
    feature = "prometheus-client023",
    feature = "prometheus-client024",
    feature = "prometheus-client025",
    feature = "prometheus-client026"
))]
pub use prometheus_client::*;
