//! Alerts by their names.

use std::collections::BTreeSet;

/// Matches one alert, or any of several, of those that the pack has.
pub(super) fn alertname(names: &[&str]) -> String {
    match names {
        [one] => format!("alertname=\"{one}\""),
        several => format!("alertname=~\"{}\"", several.join("|")),
    }
}

/// Those of the names that the pack has.
pub(super) fn present<'a>(names: &[&'a str], alerts: &BTreeSet<&str>) -> Vec<&'a str> {
    names.iter().copied().filter(|name| alerts.contains(*name)).collect()
}
