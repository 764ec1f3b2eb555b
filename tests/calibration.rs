//! The machine's clocks: the one is calibrated while a handle is built, never inside a call; the other needs no calibration;
//! both are right. A process of its own, as a process calibrates once.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use auth_metrics::{AuthMetrics, Clock, FailureReason, Outcome, auth_metered};

/// The least that a calibration takes: 500 rounds of a microsecond each. A clock that is calibrated, or needs no calibration,
/// takes nothing.
const CALIBRATION: Duration = Duration::from_micros(500);

const CHILD: &str = "AUTH_METRICS_TESTS_CALIBRATE";

#[derive(Debug, FailureReason)]
enum Never {}

#[auth_metered(op = "first")]
fn first() -> Result<(), Never> {
    Ok(())
}

fn calibrates(work: impl FnOnce()) -> bool {
    let begin = Instant::now();
    work();
    begin.elapsed() >= CALIBRATION
}

/// Whether this machine's clock is one that has to be calibrated, as a process says that has done nothing else.
fn needs_calibration() -> bool {
    let this = env::current_exe().unwrap();
    Command::new(this).env(CHILD, "1").output().unwrap().status.success()
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
fn first_call_of_a_process_does_not_calibrate_and_both_clocks_are_right() {
    if env::var_os(CHILD).is_some() {
        assert!(calibrates(|| drop(Clock::machine())));
        return;
    }
    first().unwrap();
    let default = AuthMetrics::current();
    assert_right_to_a_thousandth(&default);

    let mut built = None;
    let calibrated = calibrates(|| built = AuthMetrics::builder().service_id("gateway").build().ok());
    assert_eq!(calibrated, needs_calibration(), "had the first call calibrated, nothing were left to do");
    assert_right_to_a_thousandth(&built.unwrap());

    let calls = default.snapshot().value("auth_operations_total", &[("operation", "first")]);
    assert_eq!(calls, Some(1.0));
}
