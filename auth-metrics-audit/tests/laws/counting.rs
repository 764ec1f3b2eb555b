//! Nothing is missing: what the handle counts, what the trail counts and what the sinks have are the same.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use auth_metrics::{AuthMetrics, Outcome, Reason, Snapshot};
use auth_metrics_audit::{Audit, FileSink, Policy, Record, SinkOptions, Sync};

use crate::sinks::{Failing, Hanging, Kept};

const LONG: Duration = Duration::from_secs(600);
const THREADS: u64 = 8;
const RESULTS: [&str; 5] = ["written", "handed_over", "dropped_full", "dropped_failed", "dropped_shutdown"];

fn sum(snapshot: &Snapshot, family: &str, labels: &[(&str, &str)]) -> f64 {
    snapshot.value(family, labels).unwrap_or(0.0)
}

/// Captured attempts that a sink has, dropped, or still waits for.
fn at_sink(snapshot: &Snapshot, sink: &str) -> f64 {
    sum(snapshot, "auth_audit_events_total", &[("sink", sink)])
        + sum(snapshot, "auth_audit_queue_events", &[("sink", sink)])
}

/// Ends attempts well, badly, by being dropped and by a panic.
fn attempt(metrics: &AuthMetrics, number: u64) {
    let attempt = metrics.attempt(if number.is_multiple_of(5) { "health" } else { "login" });
    let attempt = attempt.subject(format!("user-{}", number % 100)).session(format!("s-{}", number % 30));
    match number % 300 {
        0..100 => drop(attempt),
        100..103 => {
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                let _attempt = attempt;
                std::panic::resume_unwind(Box::new("a panic of the service"));
            }));
            assert!(panicked.is_err());
        }
        103..200 => attempt.finish(Outcome::Failure(Reason::InvalidCredentials)),
        _ => attempt.finish(Outcome::Success),
    }
}

/// Scrapes until `stop`; how often. No scrape finds more of something than of what it comes from.
fn scrape(metrics: &AuthMetrics, stop: &AtomicBool) -> u64 {
    let mut scrapes = 0;
    while !stop.load(Ordering::Relaxed) {
        let snapshot = metrics.snapshot();
        let operations = sum(&snapshot, "auth_operations_total", &[]);
        assert!(sum(&snapshot, "auth_audit_attempts_total", &[]) <= operations);
        let captured = sum(&snapshot, "auth_audit_attempts_total", &[("decision", "captured")]);
        for sink in ["kept", "failing", "hanging"] {
            assert!(at_sink(&snapshot, sink) <= captured, "{sink}");
        }
        scrapes += 1;
    }
    scrapes
}

fn both_equations_hold(attempts: u64) {
    let kept = Kept::new("kept");
    let (let_go, hanging) = Hanging::new();
    let room = SinkOptions::new().capacity(usize::try_from(attempts).unwrap() + 1_000);
    let audit = Audit::builder()
        .policy(Policy::new().operation("health", Record::Nothing))
        .sink_with(kept.clone(), room)
        .sink(Failing::default())
        .sink(hanging)
        .build()
        .unwrap();
    let metrics = AuthMetrics::builder().service_id("gateway").observe(audit.clone()).build().unwrap();
    audit.install(&metrics).unwrap();

    let stop = AtomicBool::new(false);
    let scrapes = thread::scope(|scope| {
        let scraper = scope.spawn(|| scrape(&metrics, &stop));
        let makers: Vec<_> = (0..THREADS)
            .map(|_| scope.spawn(|| (0..attempts / THREADS).for_each(|number| attempt(&metrics, number))))
            .collect();
        for maker in makers {
            maker.join().unwrap();
        }
        stop.store(true, Ordering::Relaxed);
        scraper.join().unwrap()
    });
    assert!(scrapes > 0);
    assert!(metrics.events().flush(LONG));

    // At rest, with a sink that hangs.
    let snapshot = metrics.snapshot();
    let operations = sum(&snapshot, "auth_operations_total", &[]);
    assert_eq!(operations, attempts as f64);
    assert_eq!(sum(&snapshot, "auth_audit_attempts_total", &[]), operations);
    let captured = sum(&snapshot, "auth_audit_attempts_total", &[("decision", "captured")]);
    let skipped = sum(&snapshot, "auth_audit_attempts_total", &[("decision", "skipped")]);
    assert!(captured > 0.0 && skipped > 0.0);

    drop(let_go);
    audit.shutdown(LONG).unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    assert!(metrics.events().flush(LONG));
    let snapshot = metrics.snapshot();
    let captured = sum(&snapshot, "auth_audit_attempts_total", &[("decision", "captured")]);
    for sink in ["kept", "failing", "hanging"] {
        assert_eq!(at_sink(&snapshot, sink), captured, "{sink}");
        assert_eq!(sum(&snapshot, "auth_audit_queue_events", &[("sink", sink)]), 0.0, "{sink}");
    }
    let result =
        |sink, result| sum(&snapshot, "auth_audit_events_total", &[("sink", sink), ("result", result)]);
    assert_eq!(result("kept", "written"), captured - 1.0);
    assert!(result("failing", "dropped_failed") > 0.0);
    assert_eq!(result("failing", "dropped_shutdown"), 1.0);
    assert!(RESULTS.iter().all(|name| result("hanging", name) >= 0.0));
}

#[test]
fn nothing_is_missing_whatever_sinks_do() {
    both_equations_hold(20_000);
}

#[test]
fn witness_knows_no_line_that_is_not_durable() {
    let folder = std::env::temp_dir().join(format!("audit-durable-{}", std::process::id()));
    let file = FileSink::new(&folder).sync(Sync::Within(LONG));
    let audit = Audit::builder().file(file).build().unwrap();
    let metrics =
        AuthMetrics::builder().service_id("gateway").poll_events().observe(audit.clone()).build().unwrap();
    audit.install(&metrics).unwrap();
    (0..3).for_each(|_| metrics.attempt("login").finish(Outcome::Success));
    metrics.events().poll();
    let written = [("sink", "file"), ("result", "written")];
    while sum(&metrics.snapshot(), "auth_audit_events_total", &written) < 3.0 {
        thread::yield_now();
    }
    let sequence = || sum(&metrics.snapshot(), "auth_audit_sequence", &[("sink", "file")]);
    assert_eq!(sequence(), 0.0);
    audit.flush(LONG).unwrap();
    assert_eq!(sequence(), 4.0); // with `boot`
    audit.shutdown(LONG).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

/// `cargo test --release -p auth-metrics-audit --test laws -- --ignored`
#[test]
#[ignore = "takes a million attempts: run by ./check"]
fn nothing_is_missing_of_a_million_attempts() {
    both_equations_hold(1_000_000);
}
