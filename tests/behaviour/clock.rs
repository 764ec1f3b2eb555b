//! The time that an attempt is given is the time it took, on whichever clock.

use std::time::{Duration, Instant};

use auth_metrics::testing::Scope;
use auth_metrics::{AuthMetrics, Clock, FailureReason, Outcome, auth_metered};

use crate::count;

#[derive(Debug, FailureReason)]
enum Never {}

#[auth_metered(op = "slow")]
async fn slow() -> Result<(), Never> {
    tokio::time::sleep(Duration::from_secs(3)).await;
    Ok(())
}

fn latency(metrics: &AuthMetrics, op: &str) -> f64 {
    count(&metrics.snapshot(), "service_auth_latency_seconds_sum", &[("operation", op)])
}

/// Times a second of the system's clock from just inside and from just outside of it, so that it may take as long as it likes.
fn assert_right_to_a_thousandth(metrics: &AuthMetrics) {
    let outside = Instant::now();
    let attempt = metrics.attempt("second");
    let inside = Instant::now();
    std::thread::sleep(Duration::from_secs(1)); // what is measured
    let least = inside.elapsed().as_secs_f64();
    attempt.finish(Outcome::Success);
    let most = outside.elapsed().as_secs_f64();

    let measured = latency(metrics, "second");
    assert!(measured >= least * 0.999, "{measured} s were measured of at least {least} s");
    assert!(measured <= most * 1.001, "{measured} s were measured of at most {most} s");
}

#[test]
fn machine_clock_is_right_to_a_thousandth_over_a_second() {
    assert_right_to_a_thousandth(&AuthMetrics::builder().service_id("gateway").build().unwrap());
}

#[test]
fn clock_of_a_handle_that_nobody_built_is_right_to_a_thousandth_over_a_second() {
    assert_right_to_a_thousandth(Scope::new().metrics());
}

#[tokio::test(start_paused = true)]
async fn clock_of_a_test_sees_paused_time_pass_and_no_other() {
    let real = Instant::now();
    let origin = tokio::time::Instant::now();
    let clock = Clock::from_fn(move || tokio::time::Instant::now() - origin);
    let metrics = AuthMetrics::builder().service_id("gateway").clock(clock).build().unwrap();

    metrics.scope(slow()).await.unwrap();

    assert_eq!(latency(&metrics, "slow"), 3.0);
    let within = |le| {
        count(
            &metrics.snapshot(),
            "service_auth_latency_seconds_bucket",
            &[("operation", "slow"), ("le", le)],
        )
    };
    assert_eq!([within("2.5"), within("5")], [0.0, 1.0]);
    assert!(real.elapsed() < Duration::from_secs(3), "the three seconds were real");
}
