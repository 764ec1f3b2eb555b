//! `Transport`: what every way to a server has in common.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;

use super::answer::Answer;

/// The most bytes of an answer that are read: an honest one has a few.
#[cfg(any(feature = "http", feature = "grpc"))]
pub(super) const MOST_BYTES: usize = 64 * 1_024;

/// Sends requests.
pub(crate) trait Transport: Send {
    /// Sends a request, and waits for the answer until the time is over.
    fn send(&mut self, request: &ExportMetricsServiceRequest, timeout: Duration) -> Answer;
}
