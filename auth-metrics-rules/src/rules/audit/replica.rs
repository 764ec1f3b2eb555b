//! What the alerts on a replica's trail have in common.

use super::super::super::query::{Subject, window};
use super::super::alert::{Alert, NUMBER, Sample, Severity};
use super::super::samples::found;
use auth_metrics::Family;

pub(super) const REPLICA: &str = "job, instance";
pub(super) const OF_SINK: &str = "job, instance, sink";
pub(super) const WHO: &str = "{{ $labels.job }} ({{ $labels.instance }})";
pub(super) const SINK: &str = "{{ $labels.sink }}";
pub(super) const FILE: (&str, &str) = ("sink", "file");

/// What the alerts on one replica have in common.
pub(super) fn base(name: &'static str, severity: Severity, labels: &[(&'static str, &str)]) -> Alert {
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
pub(super) fn two_scrapes(subject: Subject<'_>) -> String {
    window((subject.options.scrape_interval.as_secs() + 1).div_ceil(60).max(2))
}

/// How far a counter rose within a window. One that was born above zero, as after a restart, rose by all that it is.
pub(super) fn risen(series: &str, window: &str) -> String {
    format!("({series} unless {series} offset {window} or increase({series}[{window}]))")
}

/// A series of the sink that writes files.
pub(super) fn of_file(subject: Subject<'_>, family: &Family, values: &str) -> Sample {
    Sample::of(subject, family, &[FILE], values)
}
