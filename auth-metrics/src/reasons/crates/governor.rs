//! `governor::NotUntil` and `governor::InsufficientCapacity`.

macro_rules! version {
    ($name:ident, $version:tt, $krate:ident) => {
        #[doc = concat!("The reasons of what a rate limiter of governor ", $version, " refuses, a function for each type.")]
        pub mod $name {
            use ::$krate::clock::Reference;
            use ::$krate::{InsufficientCapacity, NotUntil};

            use crate::reasons::{failure_reason, reasons_of};
            use crate::terms::Reason;

            /// The reason of a refusal: `rate_limited`, until the time that it tells.
            ///
            /// ```
            /// use std::num::NonZeroU32;
            ///
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ::", stringify!($krate), " as governor;")]
            /// use governor::{Quota, RateLimiter};
            ///
            /// let limiter = RateLimiter::direct_with_clock(Quota::per_hour(NonZeroU32::MIN), governor::clock::MonotonicClock);
            /// assert!(limiter.check().is_ok());
            #[doc = concat!("assert_eq!(reasons::", stringify!($name), "::not_until(&limiter.check().unwrap_err()), Reason::RateLimited);")]
            /// ```
            pub fn not_until<P: Reference>(_refusal: &NotUntil<P>) -> Reason {
                Reason::RateLimited
            }

            reasons_of!(not_until: RateLimited);
            failure_reason!(NotUntil<P>, not_until where P: Reference);

            /// The reason why a limiter can never let so many through at once: `rate_limited`.
            ///
            /// The number may be the caller's, so it is not a mistake of the configuration.
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ::", stringify!($krate), " as governor;")]
            ///
            /// let error = governor::InsufficientCapacity(5);
            #[doc = concat!("assert_eq!(reasons::", stringify!($name), "::insufficient_capacity(&error), Reason::RateLimited);")]
            /// ```
            pub fn insufficient_capacity(_refusal: &InsufficientCapacity) -> Reason {
                Reason::RateLimited
            }

            reasons_of!(insufficient_capacity: RateLimited);
            failure_reason!(InsufficientCapacity, insufficient_capacity);
        }
    };
}

#[cfg(feature = "governor08")]
version!(governor08, 0.8, governor08);
#[cfg(feature = "governor010")]
version!(governor010, "0.10", governor);
