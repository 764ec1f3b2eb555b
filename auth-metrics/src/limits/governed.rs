//! Limiters of the crate `governor`.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use ::governor::clock::{Clock, Reference};
use ::governor::middleware::{StateInformationMiddleware, StateSnapshot};
use ::governor::state::keyed::{KeyedStateStore, ShrinkableKeyedStateStore};
use ::governor::state::{DirectStateStore, NotKeyed, StateStore};
use ::governor::{NotUntil, Quota, RateLimiter};

use super::group::{LimitLevels, LimitSampler};
use super::worst::Worst;
use crate::handle::AuthMetrics;

type Limiter<K, S, C> = RateLimiter<K, S, C, StateInformationMiddleware>;

/// A `governor` limiter that exports its usage in `rate_limit_current`, its burst in `rate_limit_capacity` and its refusals
/// in `rate_limit_exceeded_total`.
///
/// The usage is the worst of the present period and the one before. A period is the time in which the burst is replenished,
/// from a second to an hour. Each scrape samples the usage, so it falls again without calls.
///
/// It reads only the limiter's own clock. In tests, give the limiter `governor`'s `FakeRelativeClock`.
///
/// ```
/// use std::num::NonZeroU32;
///
/// use auth_metrics::AuthMetrics;
/// use auth_metrics::limits::MeteredLimiter;
/// use governor::middleware::StateInformationMiddleware;
/// use governor::{Quota, RateLimiter};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let quota = Quota::per_minute(NonZeroU32::MIN);
/// let limiter = RateLimiter::direct(quota).with_middleware::<StateInformationMiddleware>();
/// let limiter = MeteredLimiter::new(limiter, quota, &metrics, "sign_up");
/// assert!(limiter.check().is_ok());
/// assert!(limiter.check().is_err());
/// assert_eq!(metrics.snapshot().value("rate_limit_exceeded_total", &[]), Some(1.0));
/// assert_eq!(metrics.snapshot().value("rate_limit_current", &[("limit_type", "sign_up")]), Some(1.0));
/// # Ok(()) }
/// ```
pub struct MeteredLimiter<S: DirectStateStore, C: Clock> {
    direct: Arc<Direct<S, C>>,
}

impl<S, C> MeteredLimiter<S, C>
where
    S: DirectStateStore + Send + Sync + 'static,
    C: Clock + Send + Sync + 'static,
    C::Instant: 'static,
{
    /// Meters a limiter with this quota, for the handle's own service. `limit_type` is a name from your code: `[a-z][a-z0-9_]*`.
    pub fn new(
        limiter: Limiter<NotKeyed, S, C>,
        quota: Quota,
        metrics: &AuthMetrics,
        limit_type: &str,
    ) -> MeteredLimiter<S, C> {
        let direct = Arc::new(Direct(Watched::new(limiter, quota, metrics)));
        let sampler: Arc<dyn LimitSampler> = Arc::<Direct<S, C>>::clone(&direct);
        metrics.sample_limit(metrics.service_id(), limit_type, &sampler);
        MeteredLimiter { direct }
    }
}

impl<S: DirectStateStore, C: Clock> MeteredLimiter<S, C> {
    /// Lets one request through, or refuses it.
    ///
    /// # Errors
    ///
    /// Returns the refusal, which knows how long to wait.
    pub fn check(&self) -> Result<StateSnapshot, NotUntil<C::Instant>> {
        self.direct.0.note(self.direct.0.limiter.check())
    }

    /// Returns the limiter's clock. Use its time to compute how long to wait after a refusal.
    pub fn clock(&self) -> &C {
        self.direct.0.limiter.clock()
    }
}

/// A `governor` limiter with many keys.
///
/// It exports the same as [`MeteredLimiter`], with the usage of the worst key, and the number of tracked keys in
/// `rate_limit_tracked_keys`.
///
/// ```
/// use std::num::NonZeroU32;
///
/// use auth_metrics::AuthMetrics;
/// use auth_metrics::limits::MeteredKeyedLimiter;
/// use governor::middleware::StateInformationMiddleware;
/// use governor::{Quota, RateLimiter};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let quota = Quota::per_minute(NonZeroU32::new(5).unwrap());
/// let limiter = RateLimiter::hashmap(quota).with_middleware::<StateInformationMiddleware>();
/// let limiter = MeteredKeyedLimiter::new(limiter, quota, &metrics, "login");
/// assert!(limiter.check_key(&7).is_ok() && limiter.check_key(&8).is_ok());
/// assert_eq!(metrics.snapshot().value("rate_limit_tracked_keys", &[]), Some(2.0));
/// # Ok(()) }
/// ```
pub struct MeteredKeyedLimiter<K, S: StateStore<Key = K>, C: Clock> {
    keyed: Arc<Keyed<K, S, C>>,
}

impl<K, S, C> MeteredKeyedLimiter<K, S, C>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    S: KeyedStateStore<K> + ShrinkableKeyedStateStore<K> + Send + Sync + 'static,
    C: Clock + Send + Sync + 'static,
    C::Instant: Send + Sync,
{
    /// Meters a limiter with this quota, for the handle's own service. `limit_type` is a name from your code: `[a-z][a-z0-9_]*`.
    pub fn new(
        limiter: Limiter<K, S, C>,
        quota: Quota,
        metrics: &AuthMetrics,
        limit_type: &str,
    ) -> MeteredKeyedLimiter<K, S, C> {
        let keyed = Arc::new(Keyed(Watched::new(limiter, quota, metrics)));
        let sampler: Arc<dyn LimitSampler> = Arc::<Keyed<K, S, C>>::clone(&keyed);
        metrics.sample_limit(metrics.service_id(), limit_type, &sampler);
        MeteredKeyedLimiter { keyed }
    }

    /// Lets one request of this key through, or refuses it.
    ///
    /// # Errors
    ///
    /// Returns the refusal, which knows how long to wait.
    pub fn check_key(&self, key: &K) -> Result<StateSnapshot, NotUntil<C::Instant>> {
        self.keyed.0.note(self.keyed.0.limiter.check_key(key))
    }

    /// Forgets the keys whose burst is replenished. Call it from a timer, so that strangers can't fill the memory.
    pub fn retain_recent(&self) {
        self.keyed.0.limiter.retain_recent();
    }

    /// Returns the limiter's clock. Use its time to compute how long to wait after a refusal.
    pub fn clock(&self) -> &C {
        self.keyed.0.limiter.clock()
    }
}

/// A limiter and its recent usage, for both checks and scrapes.
struct Watched<K, S: StateStore<Key = K>, C: Clock> {
    limiter: Limiter<K, S, C>,
    metrics: AuthMetrics,
    capacity: u32,
    worst: Worst,
    /// The time when it was made, by the limiter's clock.
    origin: C::Instant,
}

struct Direct<S: DirectStateStore, C: Clock>(Watched<NotKeyed, S, C>);

struct Keyed<K, S: StateStore<Key = K>, C: Clock>(Watched<K, S, C>);

impl<K, S: StateStore<Key = K>, C: Clock> Watched<K, S, C> {
    fn new(limiter: Limiter<K, S, C>, quota: Quota, metrics: &AuthMetrics) -> Watched<K, S, C> {
        let (capacity, origin) = (quota.burst_size().get(), limiter.clock().now());
        let worst = Worst::new(quota.burst_size_replenished_in());
        Watched { limiter, metrics: metrics.clone(), capacity, worst, origin }
    }

    fn elapsed(&self) -> Duration {
        self.limiter.clock().now().duration_since(self.origin).into()
    }

    /// Notes the usage after a check, and counts a refusal.
    fn note<R>(&self, checked: Result<StateSnapshot, R>) -> Result<StateSnapshot, R> {
        let left = checked.as_ref().map_or(0, StateSnapshot::remaining_burst_capacity);
        self.worst.note(self.elapsed(), self.capacity.saturating_sub(left));
        if checked.is_err() {
            self.metrics.record_rate_limit_exceeded(self.metrics.service_id());
        }
        checked
    }

    fn levels(&self, keys: Option<f64>) -> LimitLevels {
        let (usage, capacity) = (f64::from(self.worst.read(self.elapsed())), f64::from(self.capacity));
        LimitLevels { usage: Some(usage), capacity: Some(capacity), keys }
    }
}

impl<S, C> LimitSampler for Direct<S, C>
where
    S: DirectStateStore + Send + Sync,
    C: Clock + Send + Sync,
{
    fn sample(&self) -> LimitLevels {
        self.0.levels(None)
    }
}

impl<K, S, C> LimitSampler for Keyed<K, S, C>
where
    K: Hash + Eq + Clone + Send + Sync,
    S: KeyedStateStore<K> + ShrinkableKeyedStateStore<K> + Send + Sync,
    C: Clock + Send + Sync,
{
    #[expect(clippy::cast_precision_loss, reason = "a sample is a double")]
    fn sample(&self) -> LimitLevels {
        self.0.levels(Some(self.0.limiter.len() as f64))
    }
}

impl<S: DirectStateStore, C: Clock> fmt::Debug for MeteredLimiter<S, C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MeteredLimiter").field("capacity", &self.direct.0.capacity).finish_non_exhaustive()
    }
}

impl<K, S: StateStore<Key = K>, C: Clock> fmt::Debug for MeteredKeyedLimiter<K, S, C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MeteredKeyedLimiter")
            .field("capacity", &self.keyed.0.capacity)
            .finish_non_exhaustive()
    }
}
