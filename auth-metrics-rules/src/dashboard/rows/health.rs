//! Whether the metrics themselves can be trusted.

use super::super::colours::Told;
use super::super::panel::Panel;
use super::super::queries::Queries;
use super::super::shape::Shape;
use super::super::table::{Column, Table};
use crate::Part;
use auth_metrics::events::{EVENTS, OBSERVER_PANICS};
use auth_metrics::families::{
    ACTIVE_SERVICES, BUILD_INFO, IN_FLIGHT, INTERNAL_ERRORS, LABEL_OVERFLOW, OPERATIONS, STARTED,
};
use auth_metrics_otlp::families::{POINTS, PUSHES, UP};

const NO_PUSH: &str = "No pushes";

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    let mut panels = numbers(queries);
    if queries.subject.has(Part::Observers) {
        panels.extend(observers(queries));
    }
    if queries.subject.has(Part::Push) {
        panels.extend(pushes(queries));
    }
    panels
}

fn numbers(queries: Queries<'_>) -> Vec<Panel> {
    let each = "job, instance, service_id, operation";
    let sum = |family| format!("sum by ({each}) ({})", queries.replicas(family, ""));
    let leaked = format!("max(abs({} - {} - {}))", sum(&STARTED), sum(&OPERATIONS), sum(&IN_FLIGHT));
    let counted = |family| format!("sum(increase({}[$__range]))", queries.replicas(family, ""));
    let plain = |family| queries.replicas(family, "");
    let number = |title, description: &str, expr: String, legend| {
        Panel::new(title, description, Shape::Stat, "short", (4, 4)).query(expr, legend)
    };
    vec![
        Panel::new(
            "Replicas by version",
            "Replicas that export these metrics, by the version of the library.",
            Shape::Named,
            "short",
            (8, 4),
        )
        .query(format!("count by (version) ({})", plain(&BUILD_INFO)), "{{version}}"),
        number(
            "Active services",
            "Services that are registered and still in use, on the replica that has the most.",
            format!("max({})", plain(&ACTIVE_SERVICES)),
            "services",
        ),
        number(
            "Leaked attempts",
            "Attempts that started but neither ended nor are in flight. Always 0: anything else is a bug.",
            leaked,
            "leaked",
        )
        .steps(&[(1.0, "red")]),
        number(
            "Label overflow",
            "Label values that found no place and were counted as other, over the time range shown.",
            counted(&LABEL_OVERFLOW),
            "overflowed",
        )
        .steps(&[(1.0, "orange")])
        .decimals(0),
        number(
            "Internal errors",
            "Bugs and misuses of the library that it counted, over the time range shown.",
            counted(&INTERNAL_ERRORS),
            "errors",
        )
        .steps(&[(1.0, "red")])
        .decimals(0),
    ]
}

fn observers(queries: Queries<'_>) -> [Panel; 2] {
    let panicked = vec![
        Column::label("job", "Job", 140),
        Column::label("observer", "Observer", 160),
        Column::value("Panics", "short").decimals(0),
    ];
    [
        Panel::new(
            "Events for observers",
            "Events for observers, per second. Dropped ones were lost, because the buffers were full.",
            Shape::Stack,
            "reqps",
            (14, 7),
        )
        .query(queries.rate("decision", &EVENTS, "") + " > 0", "{{decision}}")
        .told_by(Told::Capture)
        .or_say("No observers"),
        Panel::new(
            "Panics of observers",
            "Panics of observers over the time range shown. Each lost a batch of events.",
            Shape::Table,
            "string",
            (10, 7),
        )
        .query(format!("round({})", queries.increase("job, observer", &OBSERVER_PANICS, "")), "")
        .columns(Table::new(panicked, "Panics", true))
        .or_say("No observers"),
    ]
}

fn pushes(queries: Queries<'_>) -> [Panel; 3] {
    let number = |title, description: &str, expr: String| {
        Panel::new(title, description, Shape::Stat, "short", (5, 7))
            .query(expr, "now")
            .steps(&[(1.0, "red")])
            .decimals(0)
            .or_say(NO_PUSH)
    };
    let up = queries.replicas(&UP, "");
    let lost = queries.replicas(&POINTS, "result!=\"accepted\"");
    [
        Panel::new(
            "Pushes by result",
            "Pushes of the metrics by what came of them, per second. A server that is away is tried again; what it did not take is in a later \
             push.",
            Shape::Stack,
            "reqps",
            (14, 7),
        )
        .query(
            format!("{} > 0", queries.rate_of_replicas("push, result", &PUSHES, "")),
            "{{push}}: {{result}}",
        )
        .or_say(NO_PUSH),
        number(
            "Pushes stopped",
            "Pushes whose thread has ended or died. The replicas still serve and can be scraped.",
            format!("count({up}) - sum({up})"),
        ),
        number(
            "Points lost",
            "Data points that a server rejected, or that were dropped, over the time range shown.",
            format!("sum(increase({lost}[$__range]))"),
        ),
    ]
}
