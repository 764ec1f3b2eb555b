//! Series that several tests need, and the labels that alerts take from them.

use super::super::query::Subject;
use super::alert::Sample;
use auth_metrics::families::{AUTH_LATENCY, FAILURES, OPERATIONS, REASON_INFO};

pub(super) const SERVICE: (&str, &str) = ("service_id", "gateway");

/// The outcomes of the example's operation on one instance.
pub(super) fn outcomes(subject: Subject<'_>, values: &[(&str, &str)]) -> Vec<Sample> {
    outcomes_on(subject, "one", values)
}

/// The same on any instance.
pub(super) fn outcomes_on(subject: Subject<'_>, instance: &str, values: &[(&str, &str)]) -> Vec<Sample> {
    let of = |(outcome, values): &(&str, &str)| {
        let labels =
            [SERVICE, ("instance", instance), ("operation", subject.example()), ("outcome", outcome)];
        Sample::of(subject, &OPERATIONS, &labels, values)
    };
    values.iter().map(of).collect()
}

/// Failures of an operation by a reason, and whose fault it is.
pub(super) fn failures(
    subject: Subject<'_>,
    operation: &str,
    reason: &str,
    fault: &str,
    values: &str,
) -> Vec<Sample> {
    let labels = [SERVICE, ("operation", operation), ("failure_reason", reason)];
    let info = [("failure_reason", reason), ("class", "account"), ("fault", fault)];
    vec![Sample::of(subject, &FAILURES, &labels, values), Sample::of(subject, &REASON_INFO, &info, "1x5000")]
}

/// Latencies of an operation: how many are within a bound; all are within four times the bound.
pub(super) fn latencies(
    subject: Subject<'_>,
    operation: &str,
    bound: f64,
    quick: &str,
    all: &str,
) -> Vec<Sample> {
    let labels = [SERVICE, ("operation", operation)];
    let bucket = |le: &str, values: &str| {
        Sample::suffixed(subject, &AUTH_LATENCY, "_bucket", &[labels[0], labels[1], ("le", le)], values)
    };
    vec![
        bucket(&bound.to_string(), quick),
        bucket(&(4.0 * bound).to_string(), all),
        bucket("+Inf", all),
        Sample::suffixed(subject, &AUTH_LATENCY, "_count", &labels, all),
    ]
}

/// The labels of an alert on the example's operation.
pub(super) fn operation_found(subject: Subject<'_>) -> Vec<(&'static str, String)> {
    of_operation(subject.example())
}

pub(super) fn of_operation(operation: &str) -> Vec<(&'static str, String)> {
    found(&[SERVICE, ("operation", operation)])
}

/// The labels of an alert on the job of the tests.
pub(super) fn found(labels: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let job = std::iter::once(("job", "auth"));
    job.chain(labels.iter().copied()).map(|(key, value)| (key, value.to_owned())).collect()
}
