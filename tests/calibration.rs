//! The machine's clocks: the one is calibrated while a handle is built, never inside a call; the other is read until a thread
//! has calibrated; both are right. Processes of their own, as a process calibrates once.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use auth_metrics::{AuthMetrics, FailureReason, Outcome, auth_metered};

/// The least that a calibration takes: 500 rounds of a microsecond each.
const CALIBRATION: Duration = Duration::from_micros(500);

const CHILD: &str = "AUTH_METRICS_TESTS_CALIBRATE";

#[derive(Debug, FailureReason)]
enum Never {}

#[auth_metered(op = "first")]
fn first() -> Result<(), Never> {
    Ok(())
}

/// How long the first call of a process takes.
fn first_call() -> Duration {
    let begin = Instant::now();
    first().unwrap();
    begin.elapsed()
}

#[test]
fn first_call_of_a_process_does_not_wait_for_a_calibration() {
    const NAME: &str = "first_call_of_a_process_does_not_wait_for_a_calibration";
    if env::var_os(CHILD).is_some() {
        println!("\nnanoseconds {}", first_call().as_nanos());
        return;
    }
    let in_a_child = || {
        let mut child = Command::new(env::current_exe().unwrap());
        let said = child.args(["--exact", NAME, "--nocapture"]).env(CHILD, "1").output().unwrap().stdout;
        let said = String::from_utf8(said).unwrap();
        let nanos = said.lines().find_map(|line| line.strip_prefix("nanoseconds ")?.parse().ok());
        Duration::from_nanos(nanos.unwrap_or_else(|| panic!("the child said no time: {said}")))
    };
    // The quickest of some: a process may be interrupted, but no calibration is done in less time than it takes.
    let quickest = (0..7).map(|_| in_a_child()).min().unwrap();
    assert!(quickest < CALIBRATION, "the first call took {quickest:?}");
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
