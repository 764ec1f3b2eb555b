//! The variables: data source, job, service, operation, instance. Each offers what the ones before it leave.

use serde_json::{Value, json};

use super::super::query::Subject;
use super::panel::datasource;
use auth_metrics::families::STARTED;

pub(super) fn all(subject: Subject<'_>) -> Vec<Value> {
    let source = json!({
        "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus",
        "hide": 0, "multi": false, "includeAll": false, "refresh": 1, "regex": "",
    });
    let cascade = [
        ("job", "Job", "job", ""),
        ("service", "Service", "service_id", "job=~\"$job\""),
        ("operation", "Operation", "operation", "job=~\"$job\",service_id=~\"$service\""),
        ("instance", "Replica", "instance", "job=~\"$job\",service_id=~\"$service\""),
    ];
    let asked = cascade.map(|(name, label, value, matchers)| {
        let query = format!("label_values({}, {value})", subject.series(&STARTED, matchers));
        let mut variable = json!({
            "name": name, "label": label, "type": "query", "datasource": datasource(),
            "query": { "query": query, "refId": name }, "refresh": 2, "sort": 1, "hide": 0, "multi": true,
            "includeAll": true, "regex": "", "current": { "text": "All", "value": "$__all" },
        });
        // All jobs are those that export this namespace: alerts have no other label to tell two packs apart.
        if name != "job" {
            variable["allValue"] = json!(".*");
        }
        variable
    });
    std::iter::once(source).chain(asked).collect()
}
