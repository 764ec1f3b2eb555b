//! `governor::NotUntil` and `governor::InsufficientCapacity`, structs both.

macro_rules! version {
    ($name:ident) => {
        mod $name {
            use std::num::NonZeroU32;

            use ::$name::clock::FakeRelativeClock;
            use ::$name::{Quota, RateLimiter};
            use auth_metrics::testing::Scope;
            use auth_metrics::{Reason, auth_metered, reasons};
            use auth_metrics_foreign_tests::assert_mapped;

            type Limiter = RateLimiter<
                ::$name::state::NotKeyed,
                ::$name::state::InMemoryState,
                FakeRelativeClock,
                ::$name::middleware::NoOpMiddleware<::$name::nanos::Nanos>,
            >;

            fn limiter() -> Limiter {
                RateLimiter::direct_with_clock(Quota::per_hour(NonZeroU32::MIN), FakeRelativeClock::default())
            }

            #[test]
            fn refusals_are_rate_limited() {
                use reasons::$name::{insufficient_capacity, not_until};

                let limiter = limiter();
                limiter.check().unwrap();
                let refusal = limiter.check().unwrap_err();
                assert_mapped(
                    &vec![("NotUntil", refusal, Reason::RateLimited)],
                    not_until,
                    not_until::REASONS,
                    &[],
                );
                let never = limiter.check_n(NonZeroU32::new(5).unwrap()).unwrap_err();
                assert_mapped(
                    &vec![("InsufficientCapacity", never, Reason::RateLimited)],
                    insufficient_capacity,
                    insufficient_capacity::REASONS,
                    &[],
                );
            }

            #[auth_metered(op = "spend")]
            fn spend(
                limiter: &Limiter,
                cells: NonZeroU32,
            ) -> Result<Result<(), ::$name::NotUntil<::$name::nanos::Nanos>>, ::$name::InsufficientCapacity>
            {
                limiter.check_n(cells)
            }

            #[test]
            fn check_n_needs_no_classify() {
                let (scope, limiter) = (Scope::new(), limiter());
                scope.metrics().in_scope(|| {
                    spend(&limiter, NonZeroU32::MIN).unwrap().unwrap();
                    spend(&limiter, NonZeroU32::MIN).unwrap().unwrap_err();
                    spend(&limiter, NonZeroU32::new(5).unwrap()).unwrap_err();
                });
                let labels = [("operation", "spend"), ("failure_reason", "rate_limited")];
                assert_eq!(scope.snapshot().value("auth_operation_failures_total", &labels), Some(2.0));
            }
        }
    };
}

version!(governor08);
version!(governor010);
