//! Services that are active as long as they succeed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, Outcome, Reason};

const TTL: u64 = 900;

/// A handle with a time to live, and the seconds that its clock shows.
fn bench() -> (AuthMetrics, Arc<AtomicU64>) {
    let seconds = Arc::new(AtomicU64::new(0));
    let now = Arc::clone(&seconds);
    let clock = Clock::from_fn(move || Duration::from_secs(now.load(Ordering::Relaxed)));
    let builder = AuthMetrics::builder().service_id("gateway").clock(clock);
    (builder.service_ttl(Duration::from_secs(TTL)).build().unwrap(), seconds)
}

fn active(metrics: &AuthMetrics) -> f64 {
    metrics.snapshot().value("auth_active_services", &[]).unwrap()
}

#[test]
fn service_without_a_success_is_active_until_its_time_is_over_and_again_with_the_next() {
    let (metrics, seconds) = bench();
    let _registration = metrics.register_service("orders");
    assert_eq!(active(&metrics), 1.0);
    seconds.store(TTL - 1, Ordering::Relaxed);
    metrics.attempt_for("orders", "login").finish(Outcome::Failure(Reason::InvalidCredentials));
    assert_eq!(active(&metrics), 1.0);
    seconds.store(TTL, Ordering::Relaxed);
    assert_eq!(active(&metrics), 0.0, "a failure is no sign of life");
    metrics.attempt_for("orders", "login").finish(Outcome::Success);
    assert_eq!(active(&metrics), 1.0);
    seconds.store(2 * TTL - 1, Ordering::Relaxed);
    assert_eq!(active(&metrics), 1.0);
    seconds.store(2 * TTL, Ordering::Relaxed);
    assert_eq!(active(&metrics), 0.0);
    metrics.record_successful_auth("orders");
    assert_eq!(active(&metrics), 1.0, "recorded by hand counts too");
}

#[test]
fn registration_is_a_sign_of_life_and_a_deregistered_service_is_gone_whatever_it_does() {
    let (metrics, seconds) = bench();
    let registration = metrics.register_service("orders");
    assert_eq!(active(&metrics), 1.0);
    seconds.store(TTL, Ordering::Relaxed);
    assert_eq!(active(&metrics), 0.0);
    let second = metrics.register_service("orders");
    assert_eq!(active(&metrics), 1.0);
    drop((registration, second));
    metrics.record_successful_auth("orders");
    assert_eq!(active(&metrics), 0.0);
}

#[test]
fn without_a_time_to_live_a_registration_is_enough() {
    let metrics =
        AuthMetrics::builder().service_id("gateway").clock(Clock::from_fn(|| Duration::MAX)).build().unwrap();
    let _registration = metrics.register_service("orders");
    assert_eq!((active(&metrics), active(&metrics)), (1.0, 1.0));
}
