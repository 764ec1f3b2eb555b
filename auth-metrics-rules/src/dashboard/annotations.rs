//! Annotations: since when an alert fires, and when a replica started.

use serde_json::{Value, json};

use super::panel::datasource;
use super::queries::{Queries, alerts};
use auth_metrics::families::{BUILD_INFO, STARTED};

pub(super) fn all(queries: Queries<'_>) -> Vec<Value> {
    let subject = "{{service_id}} {{operation}} {{instance}} {{failure_reason}} {{credential}}";
    // The first moment only: spans of several alerts would cover the lines.
    let firing = |severity: &str| {
        let firing = alerts(&format!("alertstate=\"firing\",severity=\"{severity}\""));
        format!("{firing} unless {firing} offset $__rate_interval")
    };
    let resets =
        format!("sum by (job, instance) (resets({}[$__rate_interval])) > 0", queries.replicas(&STARTED, ""));
    let there = format!("group by (job, instance, version) ({})", queries.replicas(&BUILD_INFO, ""));
    let before = format!(
        "group by (job, instance, version) ({} offset $__rate_interval)",
        queries.replicas(&BUILD_INFO, "")
    );
    vec![
        annotation("Pages", "red", &firing("page"), "{{alertname}}", subject),
        annotation("Tickets", "orange", &firing("ticket"), "{{alertname}}", subject),
        annotation(
            "Replica starts",
            "blue",
            &format!("({resets}) or ({there} unless {before})"),
            "Replica started",
            "{{job}} {{instance}} {{version}}",
        ),
    ]
}

fn annotation(name: &str, colour: &str, expr: &str, title: &str, text: &str) -> Value {
    json!({
        "name": name, "datasource": datasource(), "enable": true, "hide": false, "iconColor": colour, "expr": expr,
        "step": "60s", "titleFormat": title, "textFormat": text, "tagKeys": "severity", "useValueForTime": false,
    })
}
