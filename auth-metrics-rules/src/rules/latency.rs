//! Alerts on latency: against the objective of each operation, and against what is usual for it.
//!
//! A quantile over the bound says the same as a share of slow attempts over the limit. It names no bucket, so it holds however bounds
//! are spelled, and for native histograms.

use std::time::Duration;

use super::super::query::{Level, Subject};
use super::alert::{Alert, Firing, Sample, Severity};
use super::recording::{EVENTS, LATENCY, over, quantile_over};
use super::samples::{latencies, operation_found, outcomes};
use super::spelled::{percentage, significant};
use crate::burn::rounded;

/// Seconds, with three digits.
const SECONDS: &str = "{{ printf \"%.3g\" $value }} s";

/// Seconds that a rise has at least: twice as long is still quick where a call takes microseconds.
const LEAST_RISE: f64 = 0.001;

/// Attempts of the tests.
const ALL: &str = "0+600x200";

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![high(subject), unusual(subject)]
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

fn high(subject: Subject<'_>) -> Alert {
    let (within, target) = subject.options.latency;
    let own = &subject.options.operation_latency;
    let names: Vec<&str> = own.keys().map(String::as_str).collect();
    let others = if names.is_empty() { String::new() } else { format!("operation!~\"{}\"", names.join("|")) };
    let mut arms = vec![missed(subject, (within, target), &others)];
    arms.extend(
        own.iter().map(|(name, objective)| missed(subject, *objective, &format!("operation=\"{name}\""))),
    );
    let (tested, share) = own.get(subject.example()).copied().unwrap_or((within, target));
    let bound = subject.latency_bound(tested);
    let samples = |quick: &str| with_successes(subject, latencies(subject, bound, quick, ALL), ALL);
    let objectives: Vec<String> = std::iter::once(("every other operation", (within, target)))
        .chain(own.iter().map(|(name, objective)| (name.as_str(), *objective)))
        .map(|(name, (within, target))| {
            format!("{} within {} s for {name}", percentage(target), within.as_secs_f64())
        })
        .collect();
    let objectives = objectives.join(", ").replace(
        " for every other operation",
        if own.is_empty() { "" } else { " for every other operation" },
    );
    Alert {
        name: "AuthLatencyHigh",
        severity: Severity::Ticket,
        hold: "5m".to_owned(),
        expr: arms.join(" or "),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }} misses its latency objective: {value} at its quantile".to_owned(),
        description: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: attempts missed the latency objective over both the last hour and \
             the last {}. Objective: {objectives}.",
            subject.short()
        ),
        value: SECONDS,
        fires: vec![Firing::new("90m", seconds(slowest(bound, share)), samples("0x200"))],
        quiet: vec![("90m", samples(ALL))],
        found: operation_found(subject),
        every: "10m",
    }
}

/// An operation that is quick compared with its objective, and slow compared with itself.
fn unusual(subject: Subject<'_>) -> Alert {
    let how = |how: &str| subject.recorded(Level::Operation, LATENCY, how, "");
    let (now, usual) = (how("p95_30m"), how("expected_p95"));
    let enough = format!("{} * 1800 > 40", over(subject, EVENTS, 30));
    let bound = subject.catalogue.bounds().iter().copied().find(|bound| *bound >= LEAST_RISE);
    // Within the bound for two hours, and then between it and four times as much.
    let slowed =
        |bound: f64| with_successes(subject, latencies(subject, bound, "0+600x120 72000x80", ALL), ALL);
    let steady = with_successes(subject, latencies(subject, bound.unwrap_or(1.0), ALL, ALL), ALL);
    let firing = |bound: f64| Firing::new("160m", seconds(slowest(bound, 0.95)), slowed(bound));
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
        quiet: vec![("160m", steady)],
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

fn with_successes(subject: Subject<'_>, mut latencies: Vec<Sample>, all: &str) -> Vec<Sample> {
    latencies.extend(outcomes(subject, &[("success", all)]));
    latencies
}
