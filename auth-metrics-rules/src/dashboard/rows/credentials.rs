//! Credentials that expire and rotate.

use super::super::panel::Panel;
use super::super::queries::Queries;
use super::super::shape::Shape;
use super::super::table::{Column, Table};
use crate::Part;
use auth_metrics_credentials::families::{
    CREDENTIAL_EVENTS, LAST_ROTATED, NOT_AFTER, PRESENTED_REMAINING, ROTATION_INTERVAL, ROTATIONS,
};

const EACH: &str = "service_id, credential_kind, credential";
const LEGEND: &str = "{{service_id}} {{credential}}";

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    if !queries.subject.has(Part::Credentials) {
        return Vec::new();
    }
    let mut panels = ends(queries);
    panels.extend(counts(queries));
    panels
}

fn ends(queries: Queries<'_>) -> Vec<Panel> {
    let ends = format!("min by ({EACH}) ({})", queries.series(&NOT_AFTER, ""));
    let rotated = format!("min by ({EACH}) ({})", queries.series(&LAST_ROTATED, ""));
    let interval = format!("max by ({EACH}) ({})", queries.series(&ROTATION_INTERVAL, ""));
    let warning = queries.subject.options.expiry_warning.as_secs_f64();
    vec![
        Panel::new(
            "Time to expiry",
            "Time until each credential expires, the soonest first. Orange: the alert fires. Red: half of that time is gone.",
            Shape::Bars,
            "s",
            (12, 8),
        )
        .query(format!("sort({ends} - time())"), LEGEND)
        .steps(&[(warning / 2.0, "orange"), (warning, "green")]),
        Panel::new(
            "Rotation interval used",
            "Time since the last rotation as a share of the rotation interval. Above the orange line the rotation is late, above the red one \
             the alert fires.",
            Shape::Lines,
            "percentunit",
            (12, 8),
        )
        .query(format!("(time() - {rotated}) / {interval}"), LEGEND)
        .steps(&[(1.0, "orange"), (1.25, "red")]),
        Panel::new(
            "Remaining lifetime",
            "Remaining lifetime of the credentials that clients present. One in ten has less than this.",
            Shape::Lines,
            "s",
            (8, 8),
        )
        .query(
            queries.quantile(0.1, "service_id, credential_kind", &PRESENTED_REMAINING, "$__rate_interval"),
            "{{service_id}} {{credential_kind}}",
        ),
    ]
}

fn counts(queries: Queries<'_>) -> [Panel; 2] {
    let columns = |label: &str, title: &str, counted: &str| {
        vec![
            Column::label("service_id", "Service", 112),
            Column::label("credential_kind", "Kind", 100),
            Column::label(label, title, 100),
            Column::value(counted, "short").decimals(0).width(76),
        ]
    };
    [
        Panel::new(
            "Rotations",
            "Tries to rotate a credential over the time range shown, by outcome.",
            Shape::Table,
            "string",
            (8, 8),
        )
        .query(
            format!(
                "round({}) > 0",
                queries.increase("service_id, credential_kind, outcome", &ROTATIONS, "")
            ),
            "",
        )
        .columns(Table::new(columns("outcome", "Outcome", "Rotations"), "Rotations", true))
        .or_say("None in this time range"),
        Panel::new(
            "Credential events",
            "What happened to credentials over the time range shown.",
            Shape::Table,
            "string",
            (8, 8),
        )
        .query(
            format!(
                "round({}) > 0",
                queries.increase("service_id, credential_kind, event", &CREDENTIAL_EVENTS, "")
            ),
            "",
        )
        .columns(Table::new(columns("event", "Event", "Events"), "Events", true))
        .or_say("None in this time range"),
    ]
}
