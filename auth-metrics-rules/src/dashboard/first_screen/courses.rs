//! The courses over time: errors against their limits, rates against the habit, replica by replica.

use serde_json::json;

use super::super::super::burn::rounded;
use super::super::colours::Told;
use super::super::panel::Panel;
use super::super::queries::{Queries, pages};
use super::super::shape::Shape;
use auth_metrics::families::{IN_FLIGHT, OPERATIONS};

pub(super) fn errors(queries: Queries<'_>) -> Panel {
    let limits = [(pages()[1], "orange"), (pages()[0], "red")];
    Panel::new(
        "Server errors by operation",
        "Share of attempts that failed by the service's own fault. Above the dashed lines the budget is gone in five days (orange) and \
         in two (red), and it pages.",
        Shape::Lines,
        "percentunit",
        (9, 8),
    )
    .query(queries.errors("operation"), "{{operation}}")
    .told_by(Told::Operation)
    .steps(&limits.map(|(factor, colour)| (rounded((factor * queries.budget()).min(1.0)), colour)))
    .or_say("No attempts")
}

pub(super) fn habits(queries: Queries<'_>) -> Vec<Panel> {
    let of = |outcome: &str| queries.steady("job", &OPERATIONS, &format!("outcome=\"{outcome}\""));
    let recorded = |what: &str, how: &str| format!("sum by (job) ({})", queries.recorded(what, how));
    let dashed = json!({ "fill": "dash", "dash": [6, 4] });
    let habit = |panel: Panel, now: &'static str, (from, to): (&str, &str)| {
        panel
            .told_by(Told::Habit(now))
            .overriding("byName", "usual", &[("custom.lineStyle", dashed.clone())])
            .overriding("byName", "alert", &[("custom.lineStyle", dashed.clone())])
            // The band between what is usual and what is told.
            .overriding(
                "byName",
                from,
                &[("custom.fillBelowTo", json!(to)), ("custom.fillOpacity", json!(10))],
            )
    };
    vec![
        habit(
            Panel::new(
                "Successes and the habit",
                "Successes per second, what is usual at this hour of the week, and below what an alert fires. Needs the recording rules \
                 for the habit.",
                Shape::Lines,
                "reqps",
                (6, 7),
            )
            .query(of("success"), "now")
            .query(recorded("auth_successes", "expected"), "usual")
            .query(recorded("auth_successes", "lower"), "alert"),
            "green",
            ("usual", "alert"),
        ),
        habit(
            Panel::new(
                "Rejections and the habit",
                "Correct refusals per second, what is usual at this hour of the week, and above what an alert fires. Needs the recording \
                 rules for the habit.",
                Shape::Lines,
                "reqps",
                (6, 7),
            )
            .query(of("rejected"), "now")
            .query(recorded("auth_rejections", "expected"), "usual")
            .query(recorded("auth_rejections", "upper"), "alert"),
            "yellow",
            ("alert", "usual"),
        ),
    ]
}

pub(super) fn replicas(queries: Queries<'_>) -> Vec<Panel> {
    let failed = queries.rate_of_replicas("instance", &OPERATIONS, "outcome=~\"rejected|error|cancelled\"");
    let ended = queries.rate_of_replicas("instance", &OPERATIONS, "");
    let in_flight = format!("sum by (instance) ({})", queries.replicas(&IN_FLIGHT, ""));
    vec![
        Panel::new(
            "Failed share by replica",
            "Share of attempts that ended with an error, a refusal or a caller that gave up. One replica above the others is sick.",
            Shape::Lines,
            "percentunit",
            (6, 7),
        )
        .query(format!("{failed} / ({ended} > 0)"), "{{instance}}"),
        Panel::new(
            "In flight by replica",
            "Attempts that have started and not yet ended. One replica above the others hangs.",
            Shape::Lines,
            "short",
            (6, 7),
        )
        .query(in_flight, "{{instance}}"),
    ]
}
