//! Alerts on latency: against the objective of each operation, and against what is usual for it.
//!
//! A quantile over the bound says the same as a share of slow attempts over the limit. It names no bucket, so it holds however bounds
//! are spelled, and for native histograms.

use std::time::Duration;

use super::super::query::{Level, Subject};
use super::alert::{Alert, Firing, Sample, Severity};
use super::recording::{EVENTS, LATENCY, over, quantile_over};
use super::samples::{SERVICE, latencies, of_operation, operation_found};
use super::spelled::significant;
use auth_metrics::catalogue::Operation;
use auth_metrics::families::OPERATIONS;

use crate::burn::rounded;

/// Seconds, with three digits.
const SECONDS: &str = "{{ printf \"%.3g\" $value }} s";

/// Seconds that a rise has at least: twice as long is still quick where a call takes microseconds.
const LEAST_RISE: f64 = 0.001;

/// Attempts of the tests.
const ALL: &str = "0+600x200";

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let mut alerts = high(subject);
    alerts.push(unusual(subject));
    alerts
}

/// An objective that these operations miss over both the last hour and the shortest window.
fn missed(subject: Subject<'_>, (within, target): (Duration, f64), operations: &str) -> String {
    let bound = subject.latency_bound(within);
    // What is slower than the last bound has that bound as its quantile.
    let over_it = if subject.catalogue.bounds().last() == Some(&bound) { ">=" } else { ">" };
    let slow_in_an_hour = rounded((1.0 - target) * 3_600.0);
    format!(
        "({} {over_it} {bound} and histogram_quantile({target}, {}) {over_it} {bound} and {} * {slow_in_an_hour} >= {})",
        quantile_over(subject, target, operations, 60),
        subject.latencies(operations),
        subject.rate_over(EVENTS, 60),
        subject.options.min_bad_events
    )
}

/// A rule for each objective, so that the alert can say which one was missed. The common one applies to operations without their own.
fn high(subject: Subject<'_>) -> Vec<Alert> {
    let own = &subject.options.operation_latency;
    let included = |name: &&str| !subject.is_excluded(name);
    let names: Vec<&str> = subject.catalogue.iter().map(Operation::name).filter(included).collect();
    let of_own = own.iter().filter(|(name, _)| included(&name.as_str()));
    let mut alerts: Vec<Alert> = of_own
        .map(|(name, objective)| {
            objective_missed(subject, *objective, &format!("operation=\"{name}\""), (name, name))
        })
        .collect();
    // One without an objective of its own shows that the common one holds.
    if let Some(other) = names.iter().find(|name| !own.contains_key(**name)) {
        let own: Vec<&str> = own.keys().map(String::as_str).collect();
        let matchers =
            if own.is_empty() { String::new() } else { format!("operation!~\"{}\"", own.join("|")) };
        alerts.insert(0, objective_missed(subject, subject.options.latency, &matchers, ("default", other)));
    }
    alerts
}

fn objective_missed(
    subject: Subject<'_>,
    (within, target): (Duration, f64),
    operations: &str,
    (named, tested): (&str, &str),
) -> Alert {
    let bound = subject.latency_bound(within);
    let samples =
        |quick: &str| with_successes(subject, tested, latencies(subject, tested, bound, quick, ALL), ALL);
    let (quantile, limit) = (significant(target * 100.0, 4), within.as_secs_f64());
    Alert {
        name: "AuthLatencyHigh",
        severity: Severity::Ticket,
        hold: "5m".to_owned(),
        expr: missed(subject, (within, target), operations),
        labels: vec![("objective", named.to_owned())],
        summary: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}} is slow: {quantile}% of the attempts take up to {{value}}, the \
             objective is {limit} s"
        ),
        description: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: attempts missed the objective of {quantile}% within {limit} s over \
             both the last hour and the last {}.",
            subject.short()
        ),
        value: SECONDS,
        fires: vec![Firing::new("90m", seconds(slowest(bound, target)), samples("0x200"))],
        quiet: vec![("90m", samples(ALL))],
        found: of_operation(tested),
        every: "10m",
    }
}

/// An operation that is quick compared with its objective, and slow compared with itself.
fn unusual(subject: Subject<'_>) -> Alert {
    let how = |how: &str| subject.recorded(Level::Operation, LATENCY, how, "");
    let (now, usual) = (how("p95_30m"), how("expected_p95"));
    let enough = format!("{} * 1800 > 60", over(subject, EVENTS, 30));
    let bound = subject.catalogue.bounds().iter().copied().find(|bound| *bound >= LEAST_RISE);
    // Within the bound for two hours, and then between it and four times as much.
    let tested = subject.example();
    let samples = |bound: f64, quick: &str| {
        with_successes(subject, tested, latencies(subject, tested, bound, quick, ALL), ALL)
    };
    let slowed = |bound: f64| samples(bound, "0+600x120 72000x80");
    let firing =
        |bound: f64| Firing::new("160m", seconds(slowest(bound, 0.95)), slowed(bound)).not_before("2h");
    Alert {
        name: "AuthLatencyUnusual",
        severity: Severity::Ticket,
        hold: "10m".to_owned(),
        expr: format!("{now} > 2 * {usual} and {now} - {usual} > {LEAST_RISE} and {enough}"),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }} is slow: one attempt in twenty takes {value} or more".to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: the 95th percentile of the last 30 minutes is more than twice what \
                      is usual at this hour of the week. Without weeks of history, yesterday or the last day counts as usual."
            .to_owned(),
        value: SECONDS,
        fires: bound.map(firing).into_iter().collect(),
        quiet: Vec::new(),
        found: operation_found(subject),
        every: "10m",
    }
}

/// The quantile where all attempts are in the bucket above this bound, which ends at four times as much.
fn slowest(bound: f64, share: f64) -> f64 {
    bound * (1.0 + 3.0 * share)
}

fn seconds(value: f64) -> String {
    format!("{} s", significant(value, 3))
}

fn with_successes(
    subject: Subject<'_>,
    operation: &str,
    mut latencies: Vec<Sample>,
    all: &str,
) -> Vec<Sample> {
    let labels = [SERVICE, ("operation", operation), ("outcome", "success")];
    latencies.push(Sample::of(subject, &OPERATIONS, &labels, all));
    latencies
}
