//! Attempts, and why they failed.

use super::super::colours::Told;
use super::super::panel::Panel;
use super::super::queries::Queries;
use super::super::shape::Shape;
use super::super::table::{Column, Table};
use crate::Part;
use auth_metrics::families::{FAILURES, IN_FLIGHT, OPERATIONS, SOURCE_OPERATIONS, STARTED, SWALLOWED};

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    let in_flight = format!("sum by (operation) ({})", queries.series(&IN_FLIGHT, ""));
    let mut panels = vec![
        Panel::new(
            "Attempts by operation",
            "Attempts that started, per second.",
            Shape::Lines,
            "reqps",
            (12, 8),
        )
        .query(queries.rate("operation", &STARTED, ""), "{{operation}}")
        .told_by(Told::Operation),
        Panel::new("Attempts by outcome", "Attempts that ended, per second.", Shape::Stack, "reqps", (12, 8))
            .query(queries.rate("outcome", &OPERATIONS, ""), "{{outcome}}")
            .told_by(Told::Outcome),
        Panel::new(
            "In flight by operation",
            "Attempts that have started and not yet ended.",
            Shape::Lines,
            "short",
            (12, 8),
        )
        .query(in_flight, "{{operation}}")
        .told_by(Told::Operation),
        Panel::new(
            "Attempts by kind",
            "Attempts that ended, per second: logins, verified tokens, sessions and so on.",
            Shape::Stack,
            "reqps",
            (12, 8),
        )
        .query(queries.by_kind() + " > 0", "{{kind}}"),
        Panel::new(
            "Swallowed failures",
            "Attempts per second that ended better than an attempt of their kind inside of them. Look there if an outage shows as wrong \
             passwords.",
            Shape::Lines,
            "reqps",
            (12, 8),
        )
        .query(queries.rate("operation", &SWALLOWED, ""), "{{operation}}")
        .told_by(Told::Operation),
    ];
    if queries.subject.has(Part::Sources) {
        panels.push(
            Panel::new(
                "Attempts by source",
                "Attempts per second, by where they come from.",
                Shape::Lines,
                "reqps",
                (12, 8),
            )
            .query(queries.rate("source", &SOURCE_OPERATIONS, "") + " > 0", "{{source}}"),
        );
    }
    panels
}

pub(super) fn failures(queries: Queries<'_>) -> Vec<Panel> {
    let top =
        format!("topk(12, round({}) > 0)", queries.increase("operation, failure_reason", &FAILURES, ""));
    let columns = vec![
        Column::label("operation", "Operation", 112),
        Column::label("failure_reason", "Reason", 190),
        Column::value("Failures", "short").decimals(0).width(84),
    ];
    vec![
        Panel::new("Failures by reason", "Why attempts failed, per second.", Shape::Stack, "reqps", (10, 10))
            .query(queries.rate("failure_reason", &FAILURES, "") + " > 0", "{{failure_reason}}")
            .with_exemplars(),
        Panel::new(
            "Failures by fault",
            "Whose fault the failures are. Only server and unknown use up the error budget.",
            Shape::Stack,
            "reqps",
            (6, 10),
        )
        .query(queries.joined("fault", "", "$__rate_interval") + " > 0", "{{fault}}")
        .told_by(Told::Fault)
        .with_exemplars(),
        Panel::new(
            "Most frequent failures",
            "The 12 most frequent pairs of operation and reason over the time range shown.",
            Shape::Table,
            "string",
            (8, 10),
        )
        .query(top, "")
        .columns(Table::new(columns, "Failures", true))
        .or_say("No failures"),
    ]
}
