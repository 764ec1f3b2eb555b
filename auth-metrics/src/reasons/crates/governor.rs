//! `governor::NotUntil` and `governor::InsufficientCapacity`.

/// The reasons of what a rate limiter of governor refuses, a function for each type.
pub mod governor {
    use ::governor::clock::Reference;
    use ::governor::{InsufficientCapacity, NotUntil};

    use crate::reasons::{failure_reason, reasons_of};
    use crate::taxonomy::Reason;

    /// The reason of a refusal of governor 0.10: `rate_limited`, until the time that it tells.
    ///
    /// ```
    /// use std::num::NonZeroU32;
    ///
    /// use auth_metrics::{Reason, reasons};
    /// use governor::{Quota, RateLimiter};
    ///
    /// let limiter = RateLimiter::direct_with_clock(Quota::per_hour(NonZeroU32::MIN), governor::clock::MonotonicClock);
    /// assert!(limiter.check().is_ok());
    /// assert_eq!(reasons::governor::not_until(&limiter.check().unwrap_err()), Reason::RateLimited);
    /// ```
    pub fn not_until<P: Reference>(_refusal: &NotUntil<P>) -> Reason {
        Reason::RateLimited
    }

    reasons_of!(not_until: RateLimited);
    failure_reason!(NotUntil<P>, not_until where P: Reference);

    /// The reason why governor 0.10 can never let so many through at once: `rate_limited`.
    ///
    /// The number may be the caller's, so it is not a mistake of the configuration.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    ///
    /// let error = governor::InsufficientCapacity(5);
    /// assert_eq!(reasons::governor::insufficient_capacity(&error), Reason::RateLimited);
    /// ```
    pub fn insufficient_capacity(_refusal: &InsufficientCapacity) -> Reason {
        Reason::RateLimited
    }

    reasons_of!(insufficient_capacity: RateLimited);
    failure_reason!(InsufficientCapacity, insufficient_capacity);
}
