//! The machine's clocks: the calibrated one, and the one that is read until a thread has calibrated. Both are right. A process of
//! its own, as a process calibrates once. That no call waits for a calibration is tested beside the attempts.

use std::time::{Duration, Instant};

use auth_metrics::{AuthMetrics, FailureReason, Outcome, auth_metered};

#[derive(Debug, FailureReason)]
enum Never {}

#[auth_metered(op = "first")]
fn first() -> Result<(), Never> {
    Ok(())
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

    let measured =
        metrics.snapshot().value("service_auth_latency_seconds_sum", &[("operation", "second")]).unwrap();
    assert!(measured >= least * 0.999, "{measured} s were measured of at least {least} s");
    assert!(measured <= most * 1.001, "{measured} s were measured of at most {most} s");
}

#[test]
fn every_clock_of_the_machine_is_right() {
    first().unwrap();
    let default = AuthMetrics::current();
    let before = default.attempt("second");
    let built = AuthMetrics::builder().service_id("gateway").build().unwrap();
    assert_right_to_a_thousandth(&built);
    assert_right_to_a_thousandth(&default);
    before.finish(Outcome::Success);
}
