//! The API of the Python module: records by hand, for code that the attribute can't reach.

use std::time::Duration;

use crate::handle::{AuthMetrics, ByHand};
use crate::storage::{Buckets, Cells, whole_nanos};
use crate::terms::Reason;

/// Records by hand. They feed only the families of the Python module, not the `auth_operation*` families, which count attempts.
/// Each call is wait-free once its service is known, so you can use it in async code.
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
    /// A name that is not `[a-z][a-z0-9_]*`, or has more than 64 bytes, becomes `other`. So do names beyond the limit of operations.
    ///
    /// A latency that is more than a day above the lower bound of its bucket adds that bound and a day to the sum.
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
