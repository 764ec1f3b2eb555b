//! The proof of the public seams: families and a format of somebody else's are right wherever a handle is read.

mod everywhere;
mod read_csv;
mod snapshot;
mod traffic;

use auth_metrics::{AuthMetrics, AuthMetricsBuilder, Clock};
use std::time::Duration;

/// A handle whose clock stands still, with constant labels and a namespace that are odd on purpose.
fn builder() -> AuthMetricsBuilder {
    AuthMetrics::builder()
        .service_id("gateway")
        .clock(Clock::from_fn(|| Duration::ZERO))
        .namespace("acme")
        .const_labels([("region", "eu \"west\", \\1\nnorth"), ("zone", "ü")])
}
