//! The clock is calibrated while a handle is built, never inside a call. A process of its own, as a process calibrates once.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use auth_metrics::{AuthMetrics, Clock, FailureReason, auth_metered};

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

#[test]
fn handle_that_is_built_calibrates_and_the_first_call_of_a_process_does_not() {
    if env::var_os(CHILD).is_some() {
        assert!(calibrates(|| drop(Clock::machine())));
        return;
    }
    first().unwrap();
    let built = calibrates(|| drop(AuthMetrics::builder().service_id("gateway").build().unwrap()));
    assert_eq!(built, needs_calibration(), "had the first call calibrated, nothing were left to do");

    let calls = AuthMetrics::current().snapshot().value("auth_operations_total", &[("operation", "first")]);
    assert_eq!(calls, Some(1.0));
}
