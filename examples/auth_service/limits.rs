//! The rate limit in front of login, per account name. The library meters attempts; how full a limit is only the limiter
//! knows, so it tells the contract's two rate-limit families by hand.

use std::num::NonZeroU32;

use auth_metrics::{AuthMetrics, FailureReason};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use thiserror::Error;

use crate::opaque::Digest;
use crate::settings::Settings;

/// Names are forgotten again once this many are known, so that guessing names can't fill the memory.
const MANY_NAMES: usize = 10_000;

/// Too many logins for one name.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum LimitError {
    #[error("too many logins for one name")]
    RateLimited,
}

/// Admits logins.
pub(crate) struct Limits {
    logins: DefaultKeyedRateLimiter<Digest, StateInformationMiddleware>,
    burst: NonZeroU32,
    metrics: AuthMetrics,
}

impl Limits {
    /// As generous as the settings say.
    pub(crate) fn new(settings: &Settings, metrics: AuthMetrics) -> Self {
        let quota = Quota::per_second(settings.login_rate).allow_burst(settings.login_burst);
        Self {
            logins: RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>(),
            burst: settings.login_burst,
            metrics,
        }
    }

    /// Lets one login for this name through, or refuses it.
    pub(crate) fn admit_login(&self, name: &str) -> Result<(), LimitError> {
        if self.logins.len() > MANY_NAMES {
            self.logins.retain_recent();
        }
        let admitted = self.logins.check_key(&Digest::of(name));
        let left = admitted.as_ref().map_or(0, governor::middleware::StateSnapshot::remaining_burst_capacity);
        let used = self.burst.get().saturating_sub(left);
        self.metrics.update_rate_limit_usage(self.metrics.service_id(), [("login_burst", f64::from(used))]);
        admitted.map(drop).map_err(|_| {
            self.metrics.record_rate_limit_exceeded(self.metrics.service_id());
            LimitError::RateLimited
        })
    }
}
