//! Limiters of governor and the tower layer before a service.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use auth_metrics::AuthMetrics;
use auth_metrics::limits::{MeteredKeyedLimiter, MeteredLimiter, RateLimitLayer};
use governor::clock::{Clock, FakeRelativeClock};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};
use http::{Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

fn per_hour(burst: u32) -> Quota {
    Quota::per_hour(NonZeroU32::new(burst).unwrap())
}

fn per_minute(burst: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(burst).unwrap())
}

fn value(metrics: &AuthMetrics, name: &str) -> Option<f64> {
    metrics.snapshot().value(name, &[("service_id", "gateway")])
}

#[test]
fn usage_is_that_of_the_worst_key_and_keys_are_counted_and_not_shown() {
    let metrics = handle();
    let limiter = RateLimiter::hashmap_with_clock(per_hour(5), FakeRelativeClock::default());
    let limiter = limiter.with_middleware::<StateInformationMiddleware>();
    let limiter = MeteredKeyedLimiter::new(limiter, per_hour(5), &metrics, "login");
    for name in ["ada.lovelace", "grace.hopper", "grace.hopper", "grace.hopper"] {
        assert!(limiter.check_key(&name).is_ok());
    }
    assert_eq!(value(&metrics, "rate_limit_current"), Some(3.0));
    assert_eq!(value(&metrics, "rate_limit_capacity"), Some(5.0));
    assert_eq!(value(&metrics, "rate_limit_tracked_keys"), Some(2.0));
    assert_eq!(value(&metrics, "rate_limit_exceeded_total"), Some(0.0));
    let shown = metrics.encode_text() + &format!("{limiter:?}");
    assert!(!shown.contains("ada") && !shown.contains("grace"), "{shown}");
}

#[test]
fn refusals_of_many_threads_are_counted_to_the_unit() {
    let metrics = handle();
    let limiter = RateLimiter::direct_with_clock(per_hour(100), FakeRelativeClock::default());
    let limiter = MeteredLimiter::new(
        limiter.with_middleware::<StateInformationMiddleware>(),
        per_hour(100),
        &metrics,
        "sign_up",
    );
    let limiter = Arc::new(limiter);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let limiter = Arc::clone(&limiter);
            thread::spawn(move || (0..250).filter(|_| limiter.check().is_err()).count())
        })
        .collect();
    let refused: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(refused, 900);
    assert_eq!(value(&metrics, "rate_limit_exceeded_total"), Some(900.0));
    assert_eq!(value(&metrics, "rate_limit_current"), Some(100.0));
}

#[test]
fn usage_falls_by_the_clock_of_the_limiter() {
    let (metrics, clock) = (handle(), FakeRelativeClock::default());
    let direct = RateLimiter::direct_with_clock(per_minute(2), clock.clone());
    let direct = direct.with_middleware::<StateInformationMiddleware>();
    let direct = MeteredLimiter::new(direct, per_minute(2), &metrics, "sign_up");
    let keyed = RateLimiter::hashmap_with_clock(per_minute(2), clock.clone());
    let keyed = keyed.with_middleware::<StateInformationMiddleware>();
    let keyed = MeteredKeyedLimiter::new(keyed, per_minute(2), &metrics, "login");
    let usage = || {
        ["sign_up", "login"]
            .map(|limit| metrics.snapshot().value("rate_limit_current", &[("limit_type", limit)]).unwrap())
    };
    assert!(direct.check().is_ok() && keyed.check_key(&7).is_ok());
    assert_eq!(usage(), [1.0, 1.0]);
    clock.advance(Duration::from_secs(119));
    assert_eq!(usage(), [1.0, 1.0], "the minute before counts too");
    clock.advance(Duration::from_secs(1));
    assert_eq!(usage(), [0.0, 0.0]);
    assert_eq!(direct.clock().now(), keyed.clock().now());
}

#[test]
fn what_a_limiter_that_is_gone_said_last_does_not_stay() {
    let metrics = handle();
    let limiter = RateLimiter::direct(per_hour(3)).with_middleware::<StateInformationMiddleware>();
    let limiter = MeteredLimiter::new(limiter, per_hour(3), &metrics, "sign_up");
    assert_eq!(value(&metrics, "rate_limit_capacity"), Some(3.0));
    drop(limiter);
    assert_eq!(value(&metrics, "rate_limit_capacity"), None);
}

/// Answers 200.
#[derive(Clone)]
struct Always;

impl Service<Request<String>> for Always {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        ready(Ok(Response::new(request.into_body())))
    }
}

#[tokio::test]
async fn layer_answers_429_with_the_time_to_wait_rounded_up() {
    let metrics = handle();
    let limiter = RateLimiter::direct_with_clock(per_hour(1), FakeRelativeClock::default());
    let limiter = limiter.with_middleware::<StateInformationMiddleware>();
    let limiter = MeteredLimiter::new(limiter, per_hour(1), &metrics, "sign_up");
    let check =
        move |_: &Request<String>| limiter.check().map(drop).map_err(|_| Duration::from_millis(1_001));
    let mut service = RateLimitLayer::new(check).layer(Always);
    let first = service.call(Request::new("a".to_owned())).await.unwrap();
    assert_eq!((first.status(), first.into_body().as_str()), (StatusCode::OK, "a"));
    let second = service.clone().call(Request::new("a".to_owned())).await.unwrap();
    assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(second.headers()["retry-after"], "2");
    assert!(second.body().is_empty());
    assert_eq!(value(&metrics, "rate_limit_exceeded_total"), Some(1.0));
}

#[tokio::test]
async fn retry_after_of_an_endless_wait_is_the_longest_that_clients_understand() {
    for (wait, seconds) in [
        (Duration::ZERO, "0"),
        (Duration::from_nanos(1), "1"),
        (Duration::from_secs(2_147_483_647), "2147483647"),
        (Duration::from_secs(u64::MAX), "2147483647"),
        (Duration::MAX, "2147483647"),
    ] {
        let mut service = RateLimitLayer::new(move |_: &Request<String>| Err(wait)).layer(Always);
        let refused = service.call(Request::new(String::new())).await.unwrap();
        assert_eq!(refused.headers()["retry-after"], seconds, "{wait:?}");
    }
}
