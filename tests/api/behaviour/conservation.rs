//! Laws 1 and 2 under a storm: to the unit, while somebody scrapes without pause.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auth_metrics::testing::Scope;
use auth_metrics::{AuthMetrics, FailureReason, auth_metered};

use crate::count;

const CALLS: u32 = 100_000;

#[derive(Debug, FailureReason)]
enum StormError {
    InvalidCredentials,
    Overloaded,
}

#[auth_metered(op = "storm")]
async fn storm(turn: u32) -> Result<(), StormError> {
    if turn.is_multiple_of(2) {
        tokio::task::yield_now().await;
    }
    match turn % 12 {
        0 => Err(StormError::InvalidCredentials),
        1 => Err(StormError::Overloaded),
        2 | 3 => panic!("as planned"),
        4 | 5 => std::future::pending().await,
        _ => Ok(()),
    }
}

/// Every reading must hold the laws; returns how many there were.
fn scrape_until(stop: &AtomicBool, metrics: &AuthMetrics) -> u32 {
    let (mut scrapes, mut last_ended) = (0, 0.0);
    while !stop.load(Ordering::Relaxed) {
        let snapshot = metrics.snapshot();
        let op = [("operation", "storm")];
        let started = count(&snapshot, "auth_operations_started_total", &op);
        let ended = count(&snapshot, "auth_operations_total", &op);
        let in_flight = count(&snapshot, "auth_operations_in_flight", &op);
        assert!(in_flight >= 0.0, "in flight fell to {in_flight}");
        assert_eq!(started, ended + in_flight);
        assert!(ended >= last_ended, "a counter fell from {last_ended} to {ended}");
        let failed = count(&snapshot, "auth_operation_failures_total", &op);
        assert_eq!(failed, count(&snapshot, "service_auth_failed_total", &[]));
        last_ended = ended;
        scrapes += 1;
    }
    scrapes
}

#[test]
fn storm_of_aborts_timeouts_and_panics_is_conserved_to_the_unit() {
    std::panic::set_hook(Box::new(|_| {})); // forty thousand planned panics
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    let scope = Scope::new();
    let stop = Arc::new(AtomicBool::new(false));
    let scraper = {
        let (stop, metrics) = (Arc::clone(&stop), scope.metrics().clone());
        std::thread::spawn(move || scrape_until(&stop, &metrics))
    };

    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for turn in 0..CALLS {
            let call = scope.metrics().scope(storm(turn));
            match turn % 12 {
                4 => drop(tasks.spawn(async move {
                    let _ = tokio::time::timeout(Duration::from_millis(1), call).await;
                })),
                5 => drop(tasks.spawn(async move {
                    let task = tokio::spawn(call);
                    tokio::task::yield_now().await;
                    task.abort();
                    let _ = task.await;
                })),
                _ => drop(tasks.spawn(async move {
                    let _ = call.await;
                })),
            }
        }
        while tasks.join_next().await.is_some() {}
    });
    stop.store(true, Ordering::Relaxed);
    assert!(scraper.join().unwrap() > 0);
    let _ = std::panic::take_hook();

    assert_books_balance(&scope);
}

fn assert_books_balance(scope: &Scope) {
    let snapshot = scope.snapshot();
    let outcome =
        |outcome| count(&snapshot, "auth_operations_total", &[("operation", "storm"), ("outcome", outcome)]);
    let of = |turns: &[u32]| f64::from((0..CALLS).filter(|turn| turns.contains(&(turn % 12))).count() as u32);
    assert_eq!(outcome("success"), of(&[6, 7, 8, 9, 10, 11]));
    assert_eq!(outcome("rejected"), of(&[0]));
    assert_eq!(outcome("error"), of(&[1, 2, 3]));
    // An abort may come before the first poll: such a call never started.
    let started = count(&snapshot, "auth_operations_started_total", &[("operation", "storm")]);
    let cancelled = outcome("cancelled");
    assert!((of(&[4])..=of(&[4, 5])).contains(&cancelled));
    assert_eq!(started, of(&[0, 1, 2, 3, 6, 7, 8, 9, 10, 11]) + cancelled);
    assert_eq!(count(&snapshot, "auth_operations_in_flight", &[("operation", "storm")]), 0.0);

    let ended = count(&snapshot, "auth_operations_total", &[("operation", "storm")]);
    assert_eq!(count(&snapshot, "service_auth_latency_seconds_count", &[("operation", "storm")]), ended);
    for reason in ["invalid_credentials", "overloaded", "panicked", "cancelled"] {
        let labels = [("failure_reason", reason)];
        let of_operation = count(&snapshot, "auth_operation_failures_total", &labels);
        assert_eq!(of_operation, count(&snapshot, "service_auth_failed_total", &labels), "{reason}");
    }
}
