//! Alerts on the audit trail: lines that are lost, sinks that hang, chains that were tampered with, and what the trail itself found.

mod chain;
mod correlations;
mod losses;
mod sinks;

use super::super::query::{Subject, window};
use super::alert::{Alert, NUMBER, Sample, Severity};
use super::samples::found;
use auth_metrics::Family;

const REPLICA: &str = "job, instance";
const OF_SINK: &str = "job, instance, sink";
const WHO: &str = "{{ $labels.job }} ({{ $labels.instance }})";
const SINK: &str = "{{ $labels.sink }}";
const FILE: (&str, &str) = ("sink", "file");

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let groups =
        [losses::alerts, sinks::alerts, chain::alerts, correlations::alerts].map(|alerts| alerts(subject));
    groups.into_iter().flatten().collect()
}

/// What the alerts on one replica have in common.
fn base(name: &'static str, severity: Severity, labels: &[(&'static str, &str)]) -> Alert {
    Alert {
        name,
        severity,
        hold: "0s".to_owned(),
        expr: String::new(),
        labels: Vec::new(),
        summary: String::new(),
        description: String::new(),
        value: NUMBER,
        fires: Vec::new(),
        quiet: Vec::new(),
        found: found(&[&[("instance", "one")], labels].concat()),
        every: "5m",
    }
}

/// Longer than a scrape lasts, so that no alert rests on one.
fn two_scrapes(subject: Subject<'_>) -> String {
    window((subject.options.scrape_interval.as_secs() + 1).div_ceil(60).max(2))
}

/// How far a counter rose within a window. One that was born above zero, as after a restart, rose by all that it is.
fn risen(series: &str, window: &str) -> String {
    format!("({series} unless {series} offset {window} or increase({series}[{window}]))")
}

/// A series of the sink that writes files.
fn of_file(subject: Subject<'_>, family: &Family, values: &str) -> Sample {
    Sample::of(subject, family, &[FILE], values)
}
