//! The Python module's surface: what code that the attribute can't reach records by hand.

use std::time::Duration;

use crate::handle::{AuthMetrics, Bounded, ByHand, Fault};
use crate::limits::Limit;
use crate::storage::{Buckets, Cells, Level, whole_nanos};
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

    /// Sets the usage of each named limit, in the limit's own unit. A value that is not a number is not recorded, and
    /// counted as an internal error.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.update_rate_limit_usage("orders", [("per_minute", 42.0), ("per_hour", 310.0)]);
    /// assert!(metrics.encode_text().contains("rate_limit_current{service_id=\"orders\",limit_type=\"per_minute\"} 42\n"));
    /// # Ok(()) }
    /// ```
    pub fn update_rate_limit_usage<L: AsRef<str>>(
        &self,
        service_id: &str,
        usage: impl IntoIterator<Item = (L, f64)>,
    ) {
        self.update_limits(service_id, usage, |limit| &limit.usage);
    }

    /// Sets the usage at which each named limit refuses, in the limit's own unit: with the usage it makes a ratio and a
    /// forecast. A value that is not a number is not recorded, and counted as an internal error.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.update_rate_limit_capacity("orders", [("per_minute", 60.0)]);
    /// assert!(metrics.encode_text().contains("rate_limit_capacity{service_id=\"orders\",limit_type=\"per_minute\"} 60\n"));
    /// # Ok(()) }
    /// ```
    pub fn update_rate_limit_capacity<L: AsRef<str>>(
        &self,
        service_id: &str,
        capacity: impl IntoIterator<Item = (L, f64)>,
    ) {
        self.update_limits(service_id, capacity, |limit| &limit.capacity);
    }

    /// Sets how many keys (accounts, addresses, clients) each named limit keeps count of. The keys themselves never leave
    /// the process.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.update_rate_limit_tracked_keys("orders", [("per_minute", 1_200.0)]);
    /// assert_eq!(metrics.snapshot().value("rate_limit_tracked_keys", &[("service_id", "orders")]), Some(1_200.0));
    /// # Ok(()) }
    /// ```
    pub fn update_rate_limit_tracked_keys<L: AsRef<str>>(
        &self,
        service_id: &str,
        keys: impl IntoIterator<Item = (L, f64)>,
    ) {
        self.update_limits(service_id, keys, |limit| &limit.keys);
    }

    /// Asks a limiter how full it is, whenever somebody reads, for as long as it lives.
    #[cfg(feature = "governor010")]
    pub(crate) fn sample_limit(
        &self,
        service_id: &str,
        limit_type: &str,
        sampler: &std::sync::Arc<dyn crate::limits::LimitSampler>,
    ) {
        let (folded, limit) = self.service(service_id).limit(limit_type);
        limit.ask(sampler);
        self.note(folded, Bounded::LimitType);
    }

    fn update_limits<L: AsRef<str>>(
        &self,
        service_id: &str,
        values: impl IntoIterator<Item = (L, f64)>,
        level: impl Fn(&Limit) -> &Level,
    ) {
        let service = self.service(service_id);
        for (limit_type, value) in values {
            if value.is_nan() {
                self.count_fault(Fault::InvalidValue);
                continue;
            }
            let (folded, limit) = service.limit(limit_type.as_ref());
            level(limit).set(Some(value));
            self.note(folded, Bounded::LimitType);
        }
    }
}
