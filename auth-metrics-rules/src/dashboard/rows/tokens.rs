//! Tokens, the keys that they name, and rate limits.

use super::super::colours::Told;
use super::super::panel::Panel;
use super::super::queries::Queries;
use super::super::shape::Shape;
use super::super::table::{Column, Table};
use crate::Part;
use auth_metrics::families::{
    RATE_LIMIT_CAPACITY, RATE_LIMIT_CURRENT, RATE_LIMIT_EXCEEDED, RATE_LIMIT_KEYS, TOKEN_VERIFICATIONS,
};
use auth_metrics_credentials::families::{KEY_FETCHES, KEY_LAST_SUCCESS, TOKEN_KEYS};

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    let sum =
        |matchers| format!("sum(rate({}[$__rate_interval]))", queries.series(&TOKEN_VERIFICATIONS, matchers));
    let mut panels = vec![
        Panel::new(
            "Tokens",
            "Tokens that were accepted and refused, per second.",
            Shape::Stack,
            "reqps",
            (8, 8),
        )
        .query(sum("status=\"success\""), "accepted")
        .query(sum("status!=\"success\""), "refused")
        .told_by(Told::Verdict),
        Panel::new(
            "Refused tokens by status",
            "Why tokens were refused, per second.",
            Shape::Stack,
            "reqps",
            (8, 8),
        )
        .query(queries.rate("status", &TOKEN_VERIFICATIONS, "status!=\"success\"") + " > 0", "{{status}}")
        .or_say("None"),
    ];
    if queries.subject.has(Part::Keys) {
        panels.extend(keys(queries));
    }
    panels
}

fn keys(queries: Queries<'_>) -> [Panel; 3] {
    let age = format!("time() - min by (job, service_id) ({})", queries.series(&KEY_LAST_SUCCESS, ""));
    let limit = queries.subject.options.key_age.as_secs_f64();
    let fetched = vec![
        Column::label("service_id", "Service", 120),
        Column::label("result", "Result", 90),
        Column::value("Fetches", "short").decimals(0),
    ];
    [
        Panel::new(
            "Tokens by key state",
            "State of the key that each token names. Previous keys are accepted during the overlap, retired and unknown keys are not.",
            Shape::Stack,
            "reqps",
            (8, 8),
        )
        .query(queries.rate("key_state", &TOKEN_KEYS, ""), "{{key_state}}")
        .told_by(Told::KeyState),
        Panel::new(
            "Age of the key set",
            "Time since the last successful fetch, on the replica that fetched longest ago. Dashed: where the alert fires.",
            Shape::Lines,
            "s",
            (12, 7),
        )
        .query(age, "{{service_id}}")
        .steps(&[(limit, "red")]),
        Panel::new(
            "Fetches of key sets",
            "Fetches of key sets over the time range shown, by service and result.",
            Shape::Table,
            "string",
            (12, 7),
        )
        .query(format!("round({})", queries.increase("service_id, result", &KEY_FETCHES, "")), "")
        .columns(Table::new(fetched, "Fetches", true)),
    ]
}

pub(super) fn limits(queries: Queries<'_>) -> Vec<Panel> {
    if !queries.subject.has(Part::RateLimits) {
        return Vec::new();
    }
    let (usage, capacity) =
        (queries.series(&RATE_LIMIT_CURRENT, ""), queries.series(&RATE_LIMIT_CAPACITY, ""));
    let legend = "{{service_id}} {{limit_type}}";
    vec![
        Panel::new(
            "Usage of rate limits",
            "Usage as a share of the capacity, on the fullest replica. Dashed: nearly exhausted.",
            Shape::Lines,
            "percentunit",
            (12, 8),
        )
        .query(format!("max by (service_id, limit_type) ({usage} / ({capacity} > 0))"), legend)
        .steps(&[(0.8, "orange"), (1.0, "red")]),
        Panel::new(
            "Refused by rate limits",
            "Requests that a rate limit refused, per second.",
            Shape::Lines,
            "reqps",
            (6, 8),
        )
        .query(queries.rate("service_id", &RATE_LIMIT_EXCEEDED, ""), "{{service_id}}"),
        Panel::new(
            "Keys of rate limits",
            "User names, addresses or tenants that a limit counts separately.",
            Shape::Lines,
            "short",
            (6, 8),
        )
        .query(format!("sum by (service_id, limit_type) ({})", queries.series(&RATE_LIMIT_KEYS, "")), legend),
    ]
}
