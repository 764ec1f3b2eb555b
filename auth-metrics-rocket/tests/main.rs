//! What routes count and carry, in a Rocket without a server and behind a real one.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod attempts;
mod context;
mod reasons;
mod scrape;
mod server;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use auth_metrics::AuthMetrics;
use auth_metrics::events::{Event, Observer};
use rocket::config::LogLevel;
use rocket::{Build, Config, Rocket};

const OP: &str = "gate";

fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

/// A Rocket that writes nothing and takes any port.
fn quiet() -> Rocket<Build> {
    rocket::custom(Config { log_level: LogLevel::Off, port: 0, ..Config::default() })
}

/// An observer that keeps what it gets.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Event>>>);

impl Observer for Kept {
    fn name(&self) -> &'static str {
        "kept"
    }

    fn observe(&self, events: &[Event]) {
        self.0.lock().unwrap().extend_from_slice(events);
    }
}

/// A handle, and the events of its operations when it is polled.
fn observed() -> (AuthMetrics, impl Fn(&str) -> Vec<Event>) {
    let kept = Kept::default();
    let builder = AuthMetrics::builder().service_id("gateway").observe(kept.clone()).poll_events();
    let metrics = builder.build().unwrap();
    let polled = metrics.clone();
    let events = move |op: &str| {
        polled.events().poll();
        kept.0.lock().unwrap().iter().filter(|event| event.operation() == op).cloned().collect()
    };
    (metrics, events)
}

/// What an operation has counted: successes, and failures by their reasons.
#[track_caller]
fn counted(metrics: &AuthMetrics, op: &str) -> BTreeMap<&'static str, u64> {
    let snapshot = metrics.snapshot();
    let gate = snapshot.operations().find(|operation| operation.name() == op).unwrap();
    let failures = gate.reasons().map(|(reason, count)| (reason.label(), count));
    let counted = failures.chain([("success", gate.succeeded())]).filter(|(_, count)| *count > 0);
    let counted: BTreeMap<_, _> = counted.collect();
    assert_eq!(gate.started(), counted.values().sum::<u64>() + gate.in_flight(), "the law");
    counted
}
