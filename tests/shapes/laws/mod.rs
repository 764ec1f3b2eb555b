//! Each shape beside itself without the attribute.

mod cancellation;
mod listing;
mod properties;
mod traced;
mod values;
mod web;

use std::fmt::Debug;

use auth_metrics::testing::Scope;

/// The same expression over the shapes without the attribute and with it, the second in a scope.
macro_rules! both {
    ($scope:expr, $code:ident => $body:expr) => {{
        let plain = {
            use crate::plain::code as $code;
            $body
        };
        let metered = $scope.metrics().in_scope(|| {
            use crate::metered::code as $code;
            $body
        });
        (plain, metered)
    }};
}
pub(crate) use both;

/// Compares what came out; returned values and errors are of two types that show alike.
#[track_caller]
fn assert_same(plain: &impl Debug, metered: &impl Debug) {
    assert_eq!(format!("{metered:?}"), format!("{plain:?}"));
}

/// What an operation counted of all services: started, in flight, successes, and failures by reason.
#[track_caller]
fn assert_counted(scope: &Scope, op: &str, started: u32, successes: u32, failures: &[(&str, u32)]) {
    let snapshot = scope.snapshot();
    let value = |name: &str, more: &[(&str, &str)]| {
        let labels: Vec<_> = std::iter::once(("operation", op)).chain(more.iter().copied()).collect();
        snapshot
            .value(name, &labels)
            .unwrap_or_else(|| panic!("nothing is exported as {name} with {labels:?}"))
    };
    let exactly = |counted: f64, expected: u32, what: &str| {
        assert!((counted - f64::from(expected)).abs() < 0.5, "{op}: {counted} {what}, expected {expected}");
    };
    exactly(value("auth_operations_started_total", &[]), started, "started");
    exactly(value("auth_operations_in_flight", &[]), 0, "in flight");
    exactly(value("auth_operations_total", &[("outcome", "success")]), successes, "successes");
    for (reason, count) in failures {
        exactly(value("auth_operation_failures_total", &[("failure_reason", reason)]), *count, reason);
    }
    let failed: u32 = failures.iter().map(|(_, count)| count).sum();
    assert_eq!(started, successes + failed, "{op}: the test names every end");
}
