//! What the alerts on one replica have in common, whatever runs in it.

use super::alert::{Alert, NUMBER, Severity};
use super::samples::found;

pub(super) const REPLICA: &str = "job, instance";
pub(super) const WHO: &str = "{{ $labels.job }} ({{ $labels.instance }})";

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

/// How far a counter rose within a window. One that was born above zero, as after a restart, rose by all that it is.
pub(super) fn risen(series: &str, window: &str) -> String {
    format!("({series} unless {series} offset {window} or increase({series}[{window}]))")
}
