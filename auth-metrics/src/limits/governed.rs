//! Limiters of the crate governor.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use ::governor::clock::Clock;
use ::governor::middleware::{StateInformationMiddleware, StateSnapshot};
use ::governor::state::keyed::{KeyedStateStore, ShrinkableKeyedStateStore};
use ::governor::state::{DirectStateStore, NotKeyed, StateStore};
use ::governor::{NotUntil, Quota, RateLimiter};

use super::worst::Worst;
use crate::metrics::{AuthMetrics, LimitLevels, LimitSampler};

type Limiter<K, S, C> = RateLimiter<K, S, C, StateInformationMiddleware>;

/// A limiter of governor for one thing, with its usage in `rate_limit_current`, its burst in `rate_limit_capacity` and its
/// refusals in `rate_limit_exceeded_total`.
///
/// The usage is the worst over the time in which the burst is replenished (a second at least, an hour at most) and the same
/// time before that; it is looked at by whoever scrapes, and falls again without calls.
///
/// ```
/// use std::num::NonZeroU32;
///
/// use auth_metrics::AuthMetrics;
/// use auth_metrics::limits::Governed;
/// use governor::middleware::StateInformationMiddleware;
/// use governor::{Quota, RateLimiter};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let quota = Quota::per_minute(NonZeroU32::MIN);
/// let limiter = RateLimiter::direct(quota).with_middleware::<StateInformationMiddleware>();
/// let limiter = Governed::new(limiter, quota, &metrics, "sign_up");
/// assert!(limiter.check().is_ok());
/// assert!(limiter.check().is_err());
/// assert_eq!(metrics.snapshot().value("rate_limit_exceeded_total", &[]), Some(1.0));
/// assert_eq!(metrics.snapshot().value("rate_limit_current", &[("limit_type", "sign_up")]), Some(1.0));
/// # Ok(()) }
/// ```
pub struct Governed<S: DirectStateStore, C: Clock> {
    limiter: Limiter<NotKeyed, S, C>,
    meter: Meter,
}

impl<S: DirectStateStore, C: Clock> Governed<S, C> {
    /// Meters a limiter of this quota, for the handle's own service. The type is a name from your code: `[a-z][a-z0-9_]*`.
    pub fn new(
        limiter: Limiter<NotKeyed, S, C>,
        quota: Quota,
        metrics: &AuthMetrics,
        limit_type: &str,
    ) -> Governed<S, C> {
        let service = metrics.service_id();
        Governed { limiter, meter: Meter::new(quota, metrics, service, limit_type) }
    }

    /// Lets one through, or refuses it.
    ///
    /// # Errors
    ///
    /// The refusal, which knows how long to wait.
    pub fn check(&self) -> Result<StateSnapshot, NotUntil<C::Instant>> {
        self.meter.note(self.limiter.check())
    }
}

/// A limiter of governor for each of many keys. As [`Governed`], with the usage of the worst key, and with the number of keys
/// that it keeps count of in `rate_limit_tracked_keys`.
///
/// ```
/// use std::num::NonZeroU32;
///
/// use auth_metrics::AuthMetrics;
/// use auth_metrics::limits::GovernedKeys;
/// use governor::middleware::StateInformationMiddleware;
/// use governor::{Quota, RateLimiter};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let quota = Quota::per_minute(NonZeroU32::new(5).unwrap());
/// let limiter = RateLimiter::hashmap(quota).with_middleware::<StateInformationMiddleware>();
/// let limiter = GovernedKeys::new(limiter, quota, &metrics, "login");
/// assert!(limiter.check_key(&7).is_ok() && limiter.check_key(&8).is_ok());
/// assert_eq!(metrics.snapshot().value("rate_limit_tracked_keys", &[]), Some(2.0));
/// # Ok(()) }
/// ```
pub struct GovernedKeys<K, S: StateStore<Key = K>, C: Clock> {
    shared: Arc<Keyed<K, S, C>>,
    meter: Meter,
}

/// What the scrape looks at too.
struct Keyed<K, S: StateStore<Key = K>, C: Clock> {
    limiter: Limiter<K, S, C>,
    worst: Arc<Levels>,
}

impl<K, S, C> GovernedKeys<K, S, C>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    S: KeyedStateStore<K> + ShrinkableKeyedStateStore<K> + Send + Sync + 'static,
    C: Clock + Send + Sync + 'static,
    C::Instant: Send + Sync,
{
    /// Meters a limiter of this quota, for the handle's own service. The type is a name from your code: `[a-z][a-z0-9_]*`.
    pub fn new(
        limiter: Limiter<K, S, C>,
        quota: Quota,
        metrics: &AuthMetrics,
        limit_type: &str,
    ) -> GovernedKeys<K, S, C> {
        let meter = Meter::new(quota, metrics, metrics.service_id(), limit_type);
        let shared = Arc::new(Keyed { limiter, worst: Arc::clone(&meter.levels) });
        let sampler: Arc<dyn LimitSampler> = Arc::<Keyed<K, S, C>>::clone(&shared);
        metrics.sample_limit(metrics.service_id(), limit_type, &sampler);
        GovernedKeys { shared, meter }
    }

    /// Lets one through for this key, or refuses it.
    ///
    /// # Errors
    ///
    /// The refusal, which knows how long to wait.
    pub fn check_key(&self, key: &K) -> Result<StateSnapshot, NotUntil<C::Instant>> {
        self.meter.note(self.shared.limiter.check_key(key))
    }

    /// Forgets the keys that are as good as new. Call it from a timer, so that strangers can't fill the memory.
    pub fn retain_recent(&self) {
        self.shared.limiter.retain_recent();
    }
}

impl<K, S, C> LimitSampler for Keyed<K, S, C>
where
    K: Hash + Eq + Clone + Send + Sync,
    S: KeyedStateStore<K> + ShrinkableKeyedStateStore<K> + Send + Sync,
    C: Clock + Send + Sync,
    C::Instant: Send + Sync,
{
    #[expect(clippy::cast_precision_loss, reason = "a sample is a double")]
    fn sample(&self) -> LimitLevels {
        LimitLevels { keys: Some(self.limiter.len() as f64), ..self.worst.sample() }
    }
}

/// What a limiter tells.
struct Meter {
    metrics: AuthMetrics,
    service_id: String,
    levels: Arc<Levels>,
}

struct Levels {
    capacity: u32,
    worst: Worst,
}

impl Meter {
    fn new(quota: Quota, metrics: &AuthMetrics, service_id: &str, limit_type: &str) -> Meter {
        let capacity = quota.burst_size().get();
        let levels = Arc::new(Levels { capacity, worst: Worst::new(quota.burst_size_replenished_in()) });
        let sampler: Arc<dyn LimitSampler> = Arc::<Levels>::clone(&levels);
        metrics.sample_limit(service_id, limit_type, &sampler);
        Meter { metrics: metrics.clone(), service_id: service_id.to_owned(), levels }
    }

    fn note<R>(&self, checked: Result<StateSnapshot, R>) -> Result<StateSnapshot, R> {
        let left = checked.as_ref().map_or(0, StateSnapshot::remaining_burst_capacity);
        self.levels.worst.note(self.levels.capacity.saturating_sub(left));
        if checked.is_err() {
            self.metrics.record_rate_limit_exceeded(&self.service_id);
        }
        checked
    }
}

impl LimitSampler for Levels {
    fn sample(&self) -> LimitLevels {
        let (usage, capacity) = (f64::from(self.worst.read()), f64::from(self.capacity));
        LimitLevels { usage: Some(usage), capacity: Some(capacity), keys: None }
    }
}

impl<S: DirectStateStore, C: Clock> fmt::Debug for Governed<S, C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Governed").field("capacity", &self.meter.levels.capacity).finish_non_exhaustive()
    }
}

impl<K, S: StateStore<Key = K>, C: Clock> fmt::Debug for GovernedKeys<K, S, C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("GovernedKeys")
            .field("capacity", &self.meter.levels.capacity)
            .finish_non_exhaustive()
    }
}
