//! The audit trail of `auth-metrics-audit`: what is on the record, what is not, and whether its chain is whole.

use serde_json::json;

use super::super::colours::Told;
use super::super::panel::Panel;
use super::super::queries::Queries;
use super::super::shape::Shape;
use super::super::table::{Column, Table};
use crate::Part;
use auth_metrics::families::OPERATIONS;
use auth_metrics_audit::families::{
    ATTEMPTS, CORRELATIONS, EVENTS, FAULTS, LAST_SUCCESS, QUEUE, QUEUE_CAPACITY, SEQUENCE, STEPS, UP,
    WRITE_DURATION,
};

const NO_TRAIL: &str = "No audit trail";
const OF_SINK: &str = "job, instance, sink";
const REPLICA: &str = "job, instance";
const DROPPED: &str = "result=~\"dropped_.+\"";
const TAKEN: &str = "result!~\"dropped_.+\"";

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    if !queries.subject.has(Part::Audit) {
        return Vec::new();
    }
    let mut panels = Vec::from(record(queries));
    panels.extend(numbers(queries));
    panels.extend(sinks(queries));
    panels.push(table(queries));
    panels
}

fn record(queries: Queries<'_>) -> [Panel; 3] {
    [
        Panel::new(
            "Audit records by sink",
            "Captured attempts by sink and result, per second. Dropped ones are not on the record of this sink.",
            Shape::Stack,
            "reqps",
            (10, 8),
        )
        .query(queries.rate("sink, result", &EVENTS, TAKEN) + " > 0", "{{sink}}: {{result}}")
        .query(queries.rate("sink, result", &EVENTS, DROPPED) + " > 0", "{{sink}}: {{result}}")
        .overriding("byFrameRefID", "B", &[("color", json!({ "mode": "fixed", "fixedColor": "red" }))])
        .or_say(NO_TRAIL),
        Panel::new(
            "Attempts by decision",
            "Attempts by what the trail decided, per second: captured, skipped by the policy, or lost in the overflow.",
            Shape::Stack,
            "reqps",
            (7, 8),
        )
        .query(queries.rate("decision", &ATTEMPTS, "") + " > 0", "{{decision}}")
        .told_by(Told::Decision)
        .or_say(NO_TRAIL),
        Panel::new(
            "Correlations",
            "Patterns over several attempts that the trail matched in each step.",
            Shape::Stack,
            "short",
            (7, 8),
        )
        .query(
            format!("sum by (pattern) (increase({}[$__rate_interval])) > 0", queries.series(&CORRELATIONS, "")),
            "{{pattern}}",
        )
        .or_say("None"),
    ]
}

/// What must be 0.
fn numbers(queries: Queries<'_>) -> Vec<Panel> {
    let replicas = |family, matchers| queries.replicas(family, matchers);
    let number = |title, description: &str, expr: String, colour| {
        Panel::new(title, description, Shape::Stat, "short", (4, 4))
            .query(expr, "now")
            .steps(&[(1.0, colour)])
            .decimals(0)
            .or_say(NO_TRAIL)
    };
    let counted = |family, matchers| format!("sum(increase({}[$__range]))", replicas(family, matchers));
    let sequence = replicas(&SEQUENCE, "sink=\"file\"");
    let up = replicas(&UP, "");
    vec![
        number(
            "Records lost",
            "Attempts and steps that a sink did not take, over the time range shown.",
            format!("{} + {}", counted(&EVENTS, DROPPED), counted(&STEPS, DROPPED)),
            "red",
        ),
        number(
            "Never captured",
            "Attempts whose events were lost on the way to the trail, over the time range shown.",
            counted(&ATTEMPTS, "decision=\"overflow\""),
            "red",
        ),
        number(
            "Missing in the trail",
            "Attempts that ended and that the trail does not know of, on the worst replica: the least of five minutes. Some may be under way \
             under load; what stays is missing.",
            format!("max(min_over_time({}[5m:1m]))", missing_in_trail(queries)),
            "orange",
        ),
        number(
            "Missing at a sink",
            "Captured attempts that a sink neither wrote, handed over, dropped nor has in its queue, on the worst replica: the least of five \
             minutes.",
            format!("max(min_over_time({}[5m:1m]))", missing_at_sink(queries)),
            "orange",
        ),
        number(
            "Lines cut off",
            "How far the chain of a file fell within a day. Anything but 0: its end was cut, or it was exchanged.",
            format!("max(max_over_time({sequence}[1d]) - {sequence})"),
            "red",
        ),
        number("Sinks stopped", "Sinks whose thread has died.", format!("count({up}) - sum({up})"), "red"),
    ]
}

/// All services and operations count, since the trail knows none.
fn missing_in_trail(queries: Queries<'_>) -> String {
    let all = "job=~\"$job\",instance=~\"$instance\"";
    let sum = |family| format!("sum by ({REPLICA}) ({})", queries.subject.of_everything(family, all));
    format!("({} - {})", sum(&OPERATIONS), sum(&ATTEMPTS))
}

fn missing_at_sink(queries: Queries<'_>) -> String {
    let captured = queries.replicas(&ATTEMPTS, "decision=\"captured\"");
    let sum = |family| format!("sum by ({OF_SINK}) ({})", queries.replicas(family, ""));
    format!(
        "(sum by ({REPLICA}) ({captured}) - on ({REPLICA}) group_right () ({} + {}))",
        sum(&EVENTS),
        sum(&QUEUE)
    )
}

fn sinks(queries: Queries<'_>) -> [Panel; 3] {
    let highest = |family| format!("max by ({OF_SINK}) ({})", queries.replicas(family, ""));
    [
        Panel::new(
            "Audit queue",
            "How full the queue of each sink is, on the replica where it is fullest. Dashed: from here, alerts fire if it fills further.",
            Shape::Lines,
            "percentunit",
            (8, 8),
        )
        .query(
            format!("max by (sink) ({} / ({} > 0))", highest(&QUEUE), highest(&QUEUE_CAPACITY)),
            "{{sink}}",
        )
        .steps(&[(0.5, "orange"), (0.9, "red")])
        .or_say(NO_TRAIL),
        Panel::new(
            "Write time, 95th percentile",
            "One batch of lines in twenty took its sink longer than this, with its sync.",
            Shape::Lines,
            "s",
            (8, 8),
        )
        .query(queries.quantile(0.95, "sink", &WRITE_DURATION, "$__rate_interval"), "{{sink}}")
        .or_say(NO_TRAIL),
        Panel::new("Write time heatmap", "How many batches took how long.", Shape::Heatmap, "s", (8, 8))
            .query(queries.buckets(&WRITE_DURATION), "{{le}}"),
    ]
}

fn table(queries: Queries<'_>) -> Panel {
    let by = "instance, sink";
    let highest = |family| format!("max by ({by}) ({})", queries.replicas(family, ""));
    let counted = |family, matchers| {
        format!("sum by ({by}) (increase({}[$__range]))", queries.replicas(family, matchers))
    };
    let columns = vec![
        Column::label("instance", "Replica", 160),
        Column::label("sink", "Sink", 120),
        Column::of('A', "Last line", "short").decimals(0),
        Column::of('B', "Last success, ago", "s").decimals(0),
        Column::of('C', "Waiting", "short").decimals(0),
        Column::of('D', "Lost", "short").decimals(0).coloured("transparent", &[(0.5, "red")]),
        Column::of('E', "Faults", "short").decimals(0).coloured("transparent", &[(0.5, "orange")]),
        Column::of('F', "Files replaced", "short").decimals(0).coloured("transparent", &[(0.5, "red")]),
        Column::of('G', "Torn by crashes", "short").decimals(0).coloured("transparent", &[(0.5, "orange")]),
    ];
    Panel::new(
        "Audit sinks",
        "Each sink of each replica: the number of its last line, how long ago it took one, and what was lost or went wrong over the time \
         range shown.",
        Shape::Table,
        "string",
        (24, 8),
    )
    .query(highest(&SEQUENCE), "")
    .query(format!("time() - ({} > 0)", highest(&LAST_SUCCESS)), "")
    .query(highest(&QUEUE), "")
    .query(counted(&EVENTS, DROPPED), "")
    .query(counted(&FAULTS, "kind!~\"replaced|torn_tail\""), "")
    .query(counted(&FAULTS, "kind=\"replaced\""), "")
    .query(format!("max by ({by}) ({})", queries.replicas(&FAULTS, "kind=\"torn_tail\"")), "")
    .columns(Table::new(columns, "Lost", true).merged(&[]))
    .or_say(NO_TRAIL)
}
