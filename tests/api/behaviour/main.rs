//! What annotated functions do and count: the laws of the contract, each with the test that fails when it is broken.

mod about;
mod catalogue;
mod clock;
mod conservation;
mod custom_reasons;
mod derive;
mod endings;
mod future_kinds;
mod interleavings;
mod method_shapes;
mod methods;
mod nested;
mod reason_chain;
mod reason_of_an_error;
mod returns;
mod scopes;
mod services;
mod texts;
mod threads;
mod tower_services;
mod verdicts;
mod zero;

use auth_metrics::testing::Scope;
use auth_metrics::{AuthMetrics, Snapshot};

/// Leaves no operation with unknown reasons, as in a program that declares them: here they have none.
fn declare_unknown(metrics: &AuthMetrics) {
    for operation in metrics.catalogue().unknown_reasons() {
        metrics.declare::<std::convert::Infallible>(operation.name());
    }
}

/// The one count of a metric that has these labels; a test that misspells them fails.
#[track_caller]
fn count(snapshot: &Snapshot, name: &str, labels: &[(&str, &str)]) -> f64 {
    snapshot.value(name, labels).unwrap_or_else(|| panic!("nothing is exported as {name} with {labels:?}"))
}

/// The outcomes of an operation in the order success, rejected, error, interim, cancelled, after started and in flight.
#[track_caller]
fn ledger(scope: &Scope, op: &str) -> [f64; 7] {
    let snapshot = scope.snapshot();
    let outcome =
        |outcome| count(&snapshot, "auth_operations_total", &[("operation", op), ("outcome", outcome)]);
    [
        count(&snapshot, "auth_operations_started_total", &[("operation", op)]),
        count(&snapshot, "auth_operations_in_flight", &[("operation", op)]),
        outcome("success"),
        outcome("rejected"),
        outcome("error"),
        outcome("interim"),
        outcome("cancelled"),
    ]
}

/// Failures of an operation for one reason.
#[track_caller]
fn failures(scope: &Scope, op: &str, reason: &str) -> f64 {
    count(
        &scope.snapshot(),
        "auth_operation_failures_total",
        &[("operation", op), ("failure_reason", reason)],
    )
}
