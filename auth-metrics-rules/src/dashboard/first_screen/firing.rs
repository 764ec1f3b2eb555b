//! The table of alerts that fire, with links to their runbooks.

use serde_json::{Map, Value, json};

use super::super::panel::Panel;
use super::super::queries::{Queries, alerts, alerts_since};
use super::super::shape::Shape;
use super::super::table::{Column, Table};

/// Labels that alerts name their subject by, beside service, operation and replica.
const DETAILS: &str = "\"failure_reason\", \"credential_kind\", \"credential\", \"limit_type\", \"policy\", \"label\", \"kind\", \
     \"event_kind\", \"observer\"";

pub(super) fn panel(queries: Queries<'_>, names: &[&str]) -> Panel {
    let column = |name: &str, title: &str, width| Column::label(name, title, width);
    let link = |variable: &str, other: &str| {
        queries.here(&format!("${{{other}:queryparam}}&var-{variable}=${{__value.raw}}"))
    };
    let runbook = format!("{}#${{__data.fields.anchor}}", queries.subject.options.runbook_url);
    let columns = vec![
        column("severity", "Severity", 66)
            .with("mappings", severities())
            .with("custom.cellOptions", json!({ "type": "color-background", "mode": "basic" })),
        column("alertname", "Alert", 204).link("Runbook", &runbook, true),
        Column::value("For", "s").decimals(0).width(62),
        column("operation", "Operation", 110).link(
            "Only this operation",
            &link("operation", "instance"),
            false,
        ),
        column("instance", "Replica", 122).link("Only this replica", &link("instance", "operation"), false),
        column("about", "About", 150),
        column("place", "Service", 106),
        column("anchor", "anchor", 50).with("mappings", anchors(names)).unseen(),
    ];
    Panel::new(
        "Firing alerts",
        "Alerts that fire for what is chosen above: pages first, the oldest first. The name leads to the runbook.",
        Shape::Table,
        "string",
        (16, 6),
    )
    .query(expr(), "")
    .columns(Table::new(columns, "Severity", false))
    .or_say("No alert fires")
}

fn expr() -> String {
    let (since, firing) = (alerts_since(), alerts("alertstate=\"firing\""));
    let age = format!("(time() - {since}) and ignoring (alertstate) {firing}");
    let about = format!("label_join({age}, \"about\", \" \", {DETAILS})");
    let job = format!("label_replace({about}, \"place\", \"$1\", \"job\", \"(.*)\")");
    let place = format!("label_replace({job}, \"place\", \"$1\", \"service_id\", \"(.+)\")");
    let anchored = format!("label_replace({place}, \"anchor\", \"$1\", \"alertname\", \"(.+)\")");
    // A link from an alert that concerns no single operation or replica chooses all of them.
    let all = ["operation", "instance"].iter().fold(anchored, |expr, label| {
        format!("label_replace({expr}, \"{label}\", \"All\", \"{label}\", \"\")")
    });
    format!("sort_desc(max by (alertname, severity, operation, instance, about, place, anchor) ({all}))")
}

fn severities() -> Value {
    json!([{ "type": "value", "options": {
        "page": { "text": "page", "color": "red", "index": 0 },
        "ticket": { "text": "ticket", "color": "orange", "index": 1 },
    } }])
}

/// Turns names into the anchors of the runbooks, which are in lower case: neither `PromQL` nor Grafana's links can do that.
fn anchors(names: &[&str]) -> Value {
    let mut names = names.to_vec();
    names.sort_unstable();
    let each = |(index, name): (usize, &&str)| {
        ((*name).to_owned(), json!({ "text": name.to_lowercase(), "index": index }))
    };
    let options: Map<String, Value> = names.iter().enumerate().map(each).collect();
    json!([{ "type": "value", "options": options }])
}
