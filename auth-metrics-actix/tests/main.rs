//! What the middleware counts and carries, in an app without a server and behind a real one.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod attempts;
mod context;
mod methods;
mod scrape;
mod server;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex};

use actix_web::ResponseError;
use actix_web::http::StatusCode;
use auth_metrics::events::{Event, Observer};
use auth_metrics::{AuthMetrics, FailureReason};

const OP: &str = "gate";

/// Runs a test on a thread like a worker of actix-web.
fn run<T>(test: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(test)
}

fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
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

/// What the operation has counted: successes, and failures by their reasons.
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

/// An error of the user's: its status says less than its reason.
#[derive(Debug, FailureReason)]
enum LoginError {
    AccountLocked,
    #[reason(dependency_unavailable)]
    Database,
}

impl fmt::Display for LoginError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("login failed")
    }
}

impl ResponseError for LoginError {
    fn status_code(&self) -> StatusCode {
        match self {
            LoginError::AccountLocked => StatusCode::UNAUTHORIZED,
            LoginError::Database => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
