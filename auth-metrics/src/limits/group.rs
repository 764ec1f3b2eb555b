//! The group of rate limits. Each has the values that were set, or those of its limiter at the time of a scrape.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::groups::{ByLabel, Gauge, Group, Samples, unwinding_stops};
use crate::handle::{AuthMetrics, ByService, InternalError};
use crate::terms::{Family, families};

/// The most limits that a service can tell apart.
const LIMIT_TYPES: usize = 16;

/// The usage of a limit, its capacity, and the number of keys that it tracks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LimitLevels {
    pub(super) usage: Option<f64>,
    pub(super) capacity: Option<f64>,
    pub(super) keys: Option<f64>,
}

/// A limiter that each scrape samples.
pub(super) trait LimitSampler: Send + Sync {
    fn sample(&self) -> LimitLevels;
}

static FAMILIES: [&Family; 3] =
    [&families::RATE_LIMIT_CURRENT, &families::RATE_LIMIT_CAPACITY, &families::RATE_LIMIT_KEYS];

#[derive(Default)]
struct Limits {
    services: ByService<ByLabel<Limit>>,
}

#[derive(Default)]
struct Limit {
    usage: Gauge,
    capacity: Gauge,
    keys: Gauge,
    /// Ends with its limiter.
    sampler: Mutex<Option<Weak<dyn LimitSampler>>>,
}

impl Limit {
    /// Returns the present values. Those of the limiter win over those that were set.
    fn read(&self) -> LimitLevels {
        let told =
            LimitLevels { usage: self.usage.get(), capacity: self.capacity.get(), keys: self.keys.get() };
        let sampler =
            self.sampler.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(Weak::upgrade);
        let Some(asked) =
            sampler.and_then(|sampler: Arc<dyn LimitSampler>| unwinding_stops(|| sampler.sample()))
        else {
            return told;
        };
        LimitLevels {
            usage: asked.usage.or(told.usage),
            capacity: asked.capacity.or(told.capacity),
            keys: asked.keys.or(told.keys),
        }
    }
}

impl Group for Limits {
    fn families(&self) -> Vec<&'static Family> {
        FAMILIES.to_vec()
    }

    fn collect(&self, samples: &mut Samples) {
        for (service, limits) in self.services.iter() {
            for (limit_type, limit) in limits.iter() {
                let levels = limit.read();
                for (family, level) in FAMILIES.into_iter().zip([levels.usage, levels.capacity, levels.keys])
                {
                    if let Some(level) = level {
                        samples.gauge(family, &[service, limit_type], level);
                    }
                }
            }
            samples.overflow(limits.overflow());
        }
    }
}

impl AuthMetrics {
    /// Sets the usage of each named limit, in the limit's own unit. A value that is not a number is not recorded, but
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

    /// Sets the usage at which each named limit refuses, in the limit's own unit. Alerts and panels need it for ratios and
    /// forecasts. A value that is not a number is not recorded, but counted as an internal error.
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

    /// Sets how many keys (accounts, addresses, clients) each named limit tracks. The keys themselves never leave the process.
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

    /// Samples a limiter at each scrape, for as long as it lives.
    #[cfg(feature = "governor010")]
    pub(super) fn sample_limit(&self, service_id: &str, limit_type: &str, sampler: &Arc<dyn LimitSampler>) {
        if let Some(limits) = self.limits(service_id) {
            let limit = limits.get_or_insert_with(limit_type, Limit::default);
            *limit.sampler.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::downgrade(sampler));
        }
    }

    fn update_limits<L: AsRef<str>>(
        &self,
        service_id: &str,
        values: impl IntoIterator<Item = (L, f64)>,
        gauge: impl Fn(&Limit) -> &Gauge,
    ) {
        let Some(limits) = self.limits(service_id) else { return };
        for (limit_type, value) in values {
            if value.is_nan() {
                self.count_internal_error(InternalError::InvalidValue);
            } else {
                gauge(limits.get_or_insert_with(limit_type.as_ref(), Limit::default)).set(Some(value));
            }
        }
    }

    fn limits(&self, service_id: &str) -> Option<&ByLabel<Limit>> {
        let limits: &Limits = self.own_group()?;
        Some(limits.services.get_or_insert_with(self, service_id, || ByLabel::new("limit_type", LIMIT_TYPES)))
    }
}
