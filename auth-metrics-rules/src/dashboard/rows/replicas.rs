//! Replica by replica: which one differs, and in what.

use super::super::panel::Panel;
use super::super::queries::{ERRORS, Queries};
use super::super::shape::Shape;
use super::super::table::{Column, Table};
use auth_metrics::families::{AUTH_LATENCY, FAILURES, OPERATIONS, STARTED};

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    let rate = |matchers| queries.rate_of_replicas("instance", &OPERATIONS, matchers);
    let top = format!(
        "topk(20, round(sum by (instance, operation, failure_reason) (increase({}[$__range]))) > 0)",
        queries.replicas(&FAILURES, "")
    );
    let columns = vec![
        Column::label("instance", "Replica", 130),
        Column::label("operation", "Operation", 120),
        Column::label("failure_reason", "Reason", 200),
        Column::value("Failures", "short").decimals(0),
    ];
    vec![
        Panel::new("Started", "Attempts that started, per second.", Shape::Lines, "reqps", (6, 8))
            .query(queries.rate_of_replicas("instance", &STARTED, ""), "{{instance}}"),
        Panel::new(
            "Errors",
            "Attempts that failed by the service's own fault, per second.",
            Shape::Lines,
            "reqps",
            (6, 8),
        )
        .query(rate(ERRORS), "{{instance}}"),
        Panel::new("Cancelled", "Attempts whose caller gave up, per second.", Shape::Lines, "reqps", (6, 8))
            .query(rate("outcome=\"cancelled\""), "{{instance}}"),
        Panel::new("Rejected", "Correct refusals per second.", Shape::Lines, "reqps", (6, 8))
            .query(rate("outcome=\"rejected\""), "{{instance}}"),
        Panel::new(
            "Latency, 95th percentile",
            "One attempt in twenty took longer than this.",
            Shape::Lines,
            "s",
            (12, 9),
        )
        .query(queries.quantile_of_replicas(0.95, &AUTH_LATENCY), "{{instance}}"),
        Panel::new(
            "Failures by replica",
            "The 20 most frequent triples of replica, operation and reason over the time range shown.",
            Shape::Table,
            "string",
            (12, 9),
        )
        .query(top, "")
        .columns(Table::new(columns, "Failures", true))
        .or_say("No failures"),
    ]
}
