//! Alerts by their names.

use std::collections::BTreeSet;

/// Matches one alert, or any of several, of those that the pack has.
pub(super) fn alertname(names: &[&str]) -> String {
    one_of("alertname", names)
}

/// Matches one value of a label, or any of several.
pub(super) fn one_of(label: &str, values: &[&str]) -> String {
    match values {
        [one] => format!("{label}=\"{one}\""),
        several => format!("{label}=~\"{}\"", several.join("|")),
    }
}

/// Those of the names that the pack has.
pub(super) fn present<'a>(names: &[&'a str], alerts: &BTreeSet<&str>) -> Vec<&'a str> {
    names.iter().copied().filter(|name| alerts.contains(*name)).collect()
}
