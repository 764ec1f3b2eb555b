//! The Python module's surface: what code that the attribute can't reach records by hand.

use std::time::Duration;

use crate::handle::{AuthMetrics, ByHand};
use crate::storage::{Buckets, Cells, whole_nanos};
use crate::terms::Reason;

/// Recording by hand enters the contract families only; the `auth_operation*` families and their laws speak of
/// attempts. Every call is wait-free once its service is known, so it may stand in async code.
impl AuthMetrics {
    /// Counts an authentication that succeeded.
    pub fn record_successful_auth(&self, service_id: &str) {
        self.service(service_id).count(ByHand::AuthSuccess);
    }

    /// Counts an authentication that did not succeed.
    pub fn record_failed_auth(&self, service_id: &str, reason: Reason) {
        self.service(service_id).count(ByHand::AuthFailure(reason));
    }

    /// Observes how long an operation took, in `service_auth_latency_seconds`.
    ///
    /// An operation that is not `[a-z][a-z0-9_]*` of at most 64 bytes, or too many of them, becomes `other`.
    ///
    /// If a latency is more than a day above the bound below it, it adds that bound and a day to the sum.
    pub fn record_auth_latency(&self, service_id: &str, operation: &str, latency: Duration) {
        let (index, _) = self.operation(operation);
        let buckets = &self.inner.core.buckets;
        let make = || Cells::new(2 * buckets.count());
        if let Some(cells) = self.service(service_id).latencies.get_or_make(index, make) {
            let (bucket, above) = buckets.place(whole_nanos(latency));
            cells.writer().add_pair(2 * bucket, 1, above.min(Buckets::MOST_ABOVE));
        }
    }

    /// Counts a token that verified.
    pub fn record_successful_token_verification(&self, service_id: &str) {
        self.service(service_id).count(ByHand::TokenSuccess);
    }

    /// Counts a token that did not verify.
    pub fn record_failed_token_verification(&self, service_id: &str, reason: Reason) {
        self.service(service_id).count(ByHand::TokenFailure(reason));
    }

    /// Counts a request that a rate limit refused.
    pub fn record_rate_limit_exceeded(&self, service_id: &str) {
        self.service(service_id).count(ByHand::RateLimitExceeded);
    }
}
