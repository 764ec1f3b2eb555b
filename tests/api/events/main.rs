//! What observers get: every attempt once, or counted as skipped or dropped; who it is about, and nothing of that anywhere else.

mod context;
mod delivery;
mod exemplars;
mod exemplars_storm;
mod given;
mod identity;
mod law;
mod layer;
mod observers;
mod pseudonyms;
mod spans;
mod steps;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics::events::{Event, Observed, Observer};
use auth_metrics::{AuthMetrics, AuthMetricsBuilder};

/// An observer that keeps what it gets, in batches.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Vec<Event>>>>);

impl Kept {
    fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().concat()
    }
}

impl Observer for Kept {
    fn name(&self) -> &'static str {
        "kept"
    }

    fn observe(&self, events: &[Event]) {
        assert!(!events.is_empty());
        self.0.lock().unwrap().push(events.to_vec());
    }
}

/// The same, of those operations that a function says it wants.
struct Choosing {
    name: &'static str,
    kept: Kept,
    wants: fn(Observed<'_>) -> bool,
}

impl Observer for Choosing {
    fn name(&self) -> &'static str {
        self.name
    }

    fn observe(&self, events: &[Event]) {
        self.kept.observe(events);
    }

    fn wants(&self, operation: Observed<'_>) -> bool {
        (self.wants)(operation)
    }
}

fn builder() -> AuthMetricsBuilder {
    AuthMetrics::builder().service_id("gateway")
}

/// A handle without a thread, and what its observer gets when it is polled.
fn polled() -> (AuthMetrics, Kept) {
    let kept = Kept::default();
    (builder().observe(kept.clone()).poll_events().build().unwrap(), kept)
}

/// Waits for all events; a machine that takes a minute for that fails the test.
fn flush(metrics: &AuthMetrics) {
    assert!(metrics.events().flush(Duration::from_secs(60)));
}

/// The count of attempts that met with a decision.
#[track_caller]
fn attempts(metrics: &AuthMetrics, decision: &str) -> u64 {
    let labels = [("event_kind", "attempt"), ("decision", decision)];
    metrics.snapshot().value("auth_events_total", &labels).expect("the handle has observers") as u64
}
