//! The table of objectives: one line for each operation, the fastest burn first.

use super::super::panel::Panel;
use super::super::queries::{HOUR, LEAST, Queries, pages};
use super::super::shape::Shape;
use super::super::table::{Column, Table};
use auth_metrics::families::{OPERATIONS, STARTED};

pub(super) fn panel(queries: Queries<'_>) -> Panel {
    let (budget, by) = (queries.budget(), "job, service_id, operation");
    let burn = format!("{} / {budget}", queries.errors_of_an_hour());
    let burning = format!("Burn {}", queries.scaled(HOUR));
    let times_usual = |outcome: &str, what: &str| {
        let now = queries.steady(by, &OPERATIONS, &format!("outcome=\"{outcome}\""));
        format!("{now} / clamp_min({}, {LEAST})", queries.recorded(what, "expected"))
    };
    let columns = vec![
        Column::label("operation", "Operation", 116).link(
            "Only this operation",
            &queries.here("${instance:queryparam}&var-operation=${__value.raw}"),
            false,
        ),
        Column::of('A', format!("Budget {}", queries.whole()), "percentunit")
            .width(92)
            .decimals(2)
            .coloured("red", &[(0.0, "orange"), (0.25, "green")]),
        Column::of('B', burning.as_str(), "suffix: ×")
            .width(72)
            .decimals(1)
            .coloured("green", &[(1.0, "orange"), (pages()[0], "red")]),
        Column::of('C', "Errors", "percentunit").width(70).decimals(2),
        Column::of('D', "p95", "s").width(64).decimals(0),
        Column::of('E', "of limit", "percentunit")
            .width(66)
            .decimals(0)
            .coloured("green", &[(1.0, "orange")]),
        Column::of('F', "Rejected", "suffix: ×")
            .width(74)
            .decimals(1)
            .coloured("green", &[(1.5, "orange"), (3.0, "red")]),
        Column::of('G', "Success", "suffix: ×")
            .width(74)
            .decimals(1)
            .coloured("red", &[(0.1, "orange"), (0.5, "green")]),
        // Not for its value: an operation whose attempts all hang ends none, and keeps its line.
        Column::of('H', "Started", "reqps").unseen(),
        Column::label("service_id", "Service", 100),
    ];
    Panel::new(
        "Objectives by operation, the fastest burn first",
        format!(
            "Budget: what is left of the error budget. Burn: how many times faster than the objective allows it is used up; pages at {} \
             ×. Rejected, Success: times the usual. Budget and times the usual need the recording rules.",
            pages()[0]
        ),
        Shape::Table,
        "string",
        (15, 8),
    )
    .query(format!("1 - {} / {budget}", queries.recorded_errors(&queries.whole())), "")
    .query(burn, "")
    .query(queries.errors(by), "")
    .query(queries.p95(), "")
    .query(queries.p95_of_bound(), "")
    .query(times_usual("rejected", "auth_rejections"), "")
    .query(times_usual("success", "auth_successes"), "")
    .query(queries.steady(by, &STARTED, ""), "")
    .columns(Table::new(columns, burning, true).merged(&["job"]))
    .or_say("No attempts")
}
