//! The two rate limits: logins per account name, and sign-ups of the whole service.

use auth_metrics::limits::{MeteredKeyedLimiter, MeteredLimiter};
use auth_metrics::{AuthMetrics, FailureReason};
use governor::clock::DefaultClock;
use governor::middleware::StateInformationMiddleware;
use governor::state::InMemoryState;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use thiserror::Error;

use crate::opaque::Digest;
use crate::settings::Settings;

/// A limit is reached.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum LimitError {
    #[error("too many at once")]
    RateLimited,
}

/// Admits logins.
pub(crate) struct LoginLimit(MeteredKeyedLimiter<Digest, DefaultKeyedStateStore<Digest>, DefaultClock>);

impl LoginLimit {
    /// As generous as the settings say.
    pub(crate) fn new(settings: &Settings, metrics: &AuthMetrics) -> Self {
        let quota = Quota::per_second(settings.login_rate).allow_burst(settings.login_burst);
        let limiter = RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Self(MeteredKeyedLimiter::new(limiter, quota, metrics, "login_per_name"))
    }

    /// Lets one login for this name through, or refuses it.
    pub(crate) fn admit(&self, name: &str) -> Result<(), LimitError> {
        self.0.check_key(&Digest::of(name)).map(drop).map_err(|_| LimitError::RateLimited)
    }

    /// Forgets names that have not come for a while, so that guessing names can't fill the memory.
    pub(crate) fn forget_idle_names(&self) {
        self.0.retain_recent();
    }
}

/// Admits sign-ups.
pub(crate) struct SignUpLimit(MeteredLimiter<InMemoryState, DefaultClock>);

impl SignUpLimit {
    /// As generous as the settings say.
    pub(crate) fn new(settings: &Settings, metrics: &AuthMetrics) -> Self {
        let quota = Quota::per_second(settings.sign_up_rate).allow_burst(settings.sign_up_burst);
        let limiter = RateLimiter::direct(quota).with_middleware::<StateInformationMiddleware>();
        Self(MeteredLimiter::new(limiter, quota, metrics, "sign_up"))
    }

    /// Lets one sign-up through, or refuses it.
    pub(crate) fn admit(&self) -> Result<(), LimitError> {
        self.0.check().map(drop).map_err(|_| LimitError::RateLimited)
    }
}
