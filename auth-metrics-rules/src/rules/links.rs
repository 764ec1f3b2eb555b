//! Links from an alert to the dashboard, with the alert's labels as its variables.

use std::collections::BTreeMap;

use super::super::query::Subject;

/// The variables of the dashboard that are labels of an alert.
const VARIABLES: [(&str, &str); 4] =
    [("job", "job"), ("service_id", "service"), ("operation", "operation"), ("instance", "instance")];

/// Returns the address of the dashboard for an alert with these labels, if the options know a Grafana.
pub(super) fn dashboard<'a>(subject: Subject<'_>, labels: impl Iterator<Item = &'a str>) -> Option<String> {
    let base = subject.options.dashboard_url.as_deref()?.trim_end_matches('/');
    let variable = |label: &str| {
        let (_, variable) = VARIABLES.iter().find(|(name, _)| *name == label)?;
        Some(format!("&var-{variable}={{{{ $labels.{label} | urlquery }}}}"))
    };
    let chosen: String = labels.filter_map(variable).collect();
    Some(format!("{base}/d/{}?from=now-3h&to=now{chosen}", subject.dashboard_uid()))
}

/// Replaces `{{ $labels.name }}` as Prometheus does. The values of tests need no escapes in an address.
pub(super) fn filled_in(text: String, labels: &BTreeMap<String, String>) -> String {
    labels.iter().fold(text, |text, (key, value)| {
        let text = text.replace(&format!("{{{{ $labels.{key} }}}}"), value);
        text.replace(&format!("{{{{ $labels.{key} | urlquery }}}}"), value)
    })
}
