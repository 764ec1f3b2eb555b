//! What `auth-metrics-detect` finds, what it goes by, and whether it works.

use super::super::colours::Told;
use super::super::panel::Panel;
use super::super::queries::Queries;
use super::super::shape::Shape;
use super::super::table::{Column, Table};
use crate::Part;
use auth_metrics::Family;
use auth_metrics_detect::families::{
    DETECTIONS, DETECTIONS_ACTIVE, DISTINCT, ERRORS, EVENTS_DROPPED, EVICTIONS, FORECAST, LAG, LEARNING,
    THREAT_PRIOR, TIMING_GAP, UNFAMILIAR, UP, USUAL_FAILURES,
};

const NO_DETECTOR: &str = "No detector";
/// Two detectors find so much every day that they would hide the others.
const ALERTING: &str = "detector!~\"source_burst|new_source\"";
const NONE: &str = "None in this time range";

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    if !queries.subject.has(Part::Detection) {
        return Vec::new();
    }
    let mut panels = found(queries);
    panels.extend(evidence(queries));
    panels.extend(slow(queries));
    panels.extend(health(queries));
    panels
}

fn found(queries: Queries<'_>) -> Vec<Panel> {
    let columns = vec![
        Column::label("operation", "Operation", 112),
        Column::label("detector", "Detector", 160),
        Column::value("Detections", "short").decimals(0).width(96),
    ];
    let by = "operation, detector";
    vec![
        Panel::new(
            "Detections in force",
            "Verdicts in force by detector, over all replicas; without source_burst and new_source, which never alert. A verdict ends an hour \
             after its last evidence.",
            Shape::Stack,
            "short",
            (12, 8),
        )
        .query(format!("sum by (detector) ({}) > 0", queries.series(&DETECTIONS_ACTIVE, ALERTING)), "{{detector}}")
        .told_by(Told::Detector)
        .or_say("None"),
        Panel::new(
            "New detections",
            "Detections that began in each step, by detector; without source_burst and new_source.",
            Shape::Stack,
            "short",
            (12, 8),
        )
        .query(
            format!("sum by (detector) (increase({}[$__rate_interval])) > 0", queries.series(&DETECTIONS, ALERTING)),
            "{{detector}}",
        )
        .told_by(Told::Detector)
        .or_say("None"),
        Panel::new(
            "Detections by operation",
            "Detections that began over the time range shown.",
            Shape::Table,
            "string",
            (8, 8),
        )
        .query(format!("round({}) > 0", queries.increase(by, &DETECTIONS, "")), "")
        .columns(Table::new(columns, "Detections", true))
        .or_say(NONE),
    ]
}

fn evidence(queries: Queries<'_>) -> Vec<Panel> {
    let highest = |by: &str, family: &Family, matchers: &str| {
        format!("max by ({by}) ({})", queries.series(family, matchers))
    };
    vec![
        Panel::new(
            "Threat prior",
            "Estimated share of hostile ones among unfamiliar first contacts, on the replica that sees the most. It rises under attack, and \
             verdicts then need less evidence.",
            Shape::Lines,
            "percentunit",
            (8, 8),
        )
        .query(highest("operation", &THREAT_PRIOR, ""), "{{operation}}")
        .told_by(Told::Operation)
        .steps(&[(0.3, "orange")])
        .or_say(NO_DETECTOR),
        Panel::new(
            "Unfamiliar attempts",
            "Attempts of a user from a place where they never signed in before, per second, by outcome.",
            Shape::Stack,
            "reqps",
            (8, 8),
        )
        .query(queries.rate("outcome", &UNFAMILIAR, "") + " > 0", "{{outcome}}")
        .told_by(Told::Outcome)
        .or_say(NO_DETECTOR),
        Panel::new(
            "Distinct within an hour",
            "Distinct users, sources and networks of the last hour, estimated, on the replica that saw the most.",
            Shape::Lines,
            "short",
            (6, 8),
        )
        .query(highest("what", &DISTINCT, "window=\"1h\""), "{{what}}")
        .or_say(NO_DETECTOR),
    ]
}

fn slow(queries: Queries<'_>) -> Vec<Panel> {
    let highest = |by: &str, family: &Family| format!("max by ({by}) ({})", queries.series(family, ""));
    vec![
        Panel::new(
            "Most failures that are usual",
            "Failures of clients in five minutes at this hour of the week: the upper edge of what is usual, learned without attacks. Compare it \
             with rejected attempts.",
            Shape::Lines,
            "short",
            (6, 8),
        )
        .query(format!("max by (operation) ({})", queries.series(&USUAL_FAILURES, "edge=\"high\"")), "{{operation}}")
        .told_by(Told::Operation)
        .or_say(NO_DETECTOR),
        Panel::new(
            "Timing gap",
            "How much longer attempts on accounts that exist take. A gap reveals which do. Not there in the exposure Strict.",
            Shape::Lines,
            "s",
            (6, 8),
        )
        .query(format!("abs({})", highest("operation", &TIMING_GAP)), "{{operation}}")
        .told_by(Told::Operation)
        .or_say("Not exported"),
        Panel::new(
            "Time to exhaustion",
            "Time until a limit, a budget or a capacity is used up, if it goes on like this. No line: not in sight.",
            Shape::Lines,
            "s",
            (6, 8),
        )
        .query(format!("min by (what) ({})", queries.series(&FORECAST, "")), "{{what}}")
        .or_say("Not in sight"),
    ]
}

/// Whether the detector itself can be trusted.
fn health(queries: Queries<'_>) -> Vec<Panel> {
    let measure = |title, description: &str, unit, expr: String| {
        Panel::new(title, description, Shape::Stat, unit, (4, 4)).query(expr, "now").or_say(NO_DETECTOR)
    };
    let number = |title, description: &str, expr| measure(title, description, "short", expr);
    let replicas = |family, matchers| queries.replicas(family, matchers);
    let counted = |family, matchers| format!("sum(increase({}[$__range]))", replicas(family, matchers));
    vec![
        number(
            "Detectors down",
            "Replicas whose detector has stopped. They detect nothing.",
            format!("count({up}) - sum({up})", up = replicas(&UP, "")),
        )
        .steps(&[(1.0, "red")])
        .decimals(0),
        measure(
            "Detection lag",
            "How long after its end an attempt is judged, on the slowest replica. Above 5 s, an alert fires.",
            "s",
            format!("max({})", replicas(&LAG, "")),
        )
        .steps(&[(5.0, "red")])
        .decimals(1),
        number(
            "Attempts not seen",
            "Attempts that the detector never saw, over the time range shown.",
            counted(&EVENTS_DROPPED, ""),
        )
        .steps(&[(1.0, "orange")])
        .decimals(0),
        number(
            "Forgotten suspects",
            "Suspects with much evidence that lost their place in a full table, over the time range shown.",
            counted(&EVICTIONS, "evidence=\"strong\""),
        )
        .steps(&[(1.0, "orange")])
        .decimals(0),
        number(
            "Detector errors",
            "Troubles of the detector, over the time range shown.",
            counted(&ERRORS, ""),
        )
        .steps(&[(1.0, "orange")])
        .decimals(0),
        number(
            "Still learning",
            "Operations whose baselines are still learned, on the replica that has the most. Walks work from the start.",
            format!("max(sum by (job, instance) ({}))", queries.replicas(&LEARNING, "")),
        )
        .decimals(0),
    ]
}
