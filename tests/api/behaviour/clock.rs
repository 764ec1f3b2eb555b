//! A test's clock decides what time an attempt took. The machine's own clocks are timed in `tests/process/calibration.rs`.

use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, FailureReason, auth_metered};

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

#[tokio::test(start_paused = true)]
async fn clock_of_a_test_sees_paused_time_pass_and_no_other() {
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
}
