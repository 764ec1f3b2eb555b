//! What each row of the dashboard shows.

use super::super::query::Subject;
use super::panel::{Panel, Shape};
use auth_metrics::Family;
use auth_metrics::events::{EVENTS as OBSERVED_EVENTS, OBSERVER_PANICS};
use auth_metrics::families::{
    ACTIVE_SERVICES, AUTH_LATENCY, BUILD_INFO, FAIL_OPEN, FAILURES, IN_FLIGHT, INTERNAL_ERRORS,
    LABEL_OVERFLOW, OPERATIONS, RATE_LIMIT_CAPACITY, RATE_LIMIT_CURRENT, RATE_LIMIT_EXCEEDED,
    RATE_LIMIT_KEYS, REASON_INFO, SHADOW_DECISIONS, SOURCE_OPERATIONS, STARTED, TOKEN_VERIFICATIONS,
};
use auth_metrics_credentials::families::{
    CREDENTIAL_EVENTS, KEY_FETCHES, KEY_LAST_SUCCESS, LAST_ROTATED, NOT_AFTER, PRESENTED_REMAINING,
    ROTATION_INTERVAL, ROTATIONS, TOKEN_KEYS,
};

const EVENTS: &str = "outcome=~\"success|rejected|error\"";
const ERRORS: &str = "outcome=\"error\"";

/// The queries that rows are made of.
#[derive(Clone, Copy)]
struct Queries<'a>(Subject<'a>);

impl Queries<'_> {
    fn series(self, family: &Family, matchers: &str) -> String {
        chosen(self.0, family, "", matchers)
    }

    fn rate(self, by: &str, family: &Family, matchers: &str) -> String {
        format!("sum by ({by}) (rate({}[$__rate_interval]))", self.series(family, matchers))
    }

    fn increase(self, by: &str, family: &Family, matchers: &str) -> String {
        format!("sum by ({by}) (increase({}[$__range]))", self.series(family, matchers))
    }

    /// Failures, joined with the fault of their reasons.
    fn joined(self, by: &str, matchers: &str) -> String {
        let failures = self.series(&FAILURES, "");
        let info = chosen(self.0, &REASON_INFO, "", matchers);
        format!(
            "sum by ({by}) (rate({failures}[$__rate_interval]) * on (job, instance, failure_reason) group_left (fault) {info})"
        )
    }

    fn quantile(self, share: f64, by: &str, family: &Family) -> String {
        let buckets = chosen(self.0, family, "_bucket", "");
        format!("histogram_quantile({share}, sum by ({by}) (rate({buckets}[$__rate_interval])))")
    }
}

fn panel(
    title: &'static str,
    description: &'static str,
    shape: Shape,
    unit: &'static str,
    (width, height): (u32, u32),
    targets: Vec<(String, &'static str)>,
) -> Panel {
    Panel { title, description, shape, unit, width, height, targets, exemplars: false }
}

pub(super) fn rows(subject: Subject<'_>) -> Vec<(&'static str, Vec<Panel>)> {
    let queries = Queries(subject);
    vec![
        ("SLO", slo(subject, queries)),
        ("Traffic", traffic(queries)),
        ("Failures", failures(queries)),
        ("Latency", latency(queries)),
        ("Tokens and keys", tokens(queries)),
        ("Limits", limits(queries)),
        ("Credentials", credentials(queries)),
        ("Threat", threat(queries)),
        ("Health", health(queries)),
    ]
}

fn slo(subject: Subject<'_>, queries: Queries<'_>) -> Vec<Panel> {
    let target = subject.options.slo_target;
    let sum = |matchers| format!("sum(increase({}[$__range]))", queries.series(&OPERATIONS, matchers));
    let bad = format!("{} / ({} > 0)", sum(ERRORS), sum(EVENTS));
    let by_operation = format!(
        "{} / ({} > 0)",
        queries.rate("operation", &OPERATIONS, ERRORS),
        queries.rate("operation", &OPERATIONS, EVENTS)
    );
    let stat = Shape::Stat { bad_below: target - (1.0 - target), good_from: target };
    let left = format!("1 - ({bad}) / {}", ((1.0 - target) * 1e6).round() / 1e6);
    vec![
        panel(
            "Good events",
            "Share of attempts that ended as they should, over the time range shown. Correct refusals are good.",
            stat,
            "percentunit",
            (4, 8),
            vec![(format!("1 - ({bad})"), "good")],
        ),
        panel(
            "Error budget left",
            "Share of the error budget that is left, if the time range shown were the window of the objective.",
            Shape::Stat { bad_below: 0.0, good_from: 0.25 },
            "percentunit",
            (4, 8),
            vec![(left, "left")],
        ),
        panel(
            "Server errors",
            "Share of attempts that failed by the service's own fault.",
            Shape::Lines,
            "percentunit",
            (16, 8),
            vec![(by_operation, "{{operation}}")],
        ),
    ]
}

fn traffic(queries: Queries<'_>) -> Vec<Panel> {
    vec![
        panel(
            "Attempts by operation",
            "Attempts that started, per second.",
            Shape::Lines,
            "reqps",
            (12, 8),
            vec![(queries.rate("operation", &STARTED, ""), "{{operation}}")],
        ),
        panel(
            "Attempts by outcome",
            "Attempts that ended, per second.",
            Shape::Stack,
            "reqps",
            (12, 8),
            vec![(queries.rate("outcome", &OPERATIONS, ""), "{{outcome}}")],
        ),
        panel(
            "Attempts in flight",
            "Attempts that have started and not yet ended.",
            Shape::Lines,
            "short",
            (12, 8),
            vec![(format!("sum by (operation) ({})", queries.series(&IN_FLIGHT, "")), "{{operation}}")],
        ),
        panel(
            "Attempts by source",
            "Attempts per second, by where they come from.",
            Shape::Lines,
            "reqps",
            (12, 8),
            vec![(queries.rate("source", &SOURCE_OPERATIONS, "") + " > 0", "{{source}}")],
        ),
    ]
}

fn failures(queries: Queries<'_>) -> Vec<Panel> {
    vec![
        panel(
            "Failures by reason",
            "Why attempts failed, per second.",
            Shape::Stack,
            "reqps",
            (12, 9),
            vec![(queries.rate("failure_reason", &FAILURES, "") + " > 0", "{{failure_reason}}")],
        )
        .with_exemplars(),
        panel(
            "Failures by fault",
            "Whose fault the failures are. Only server and unknown use up the error budget.",
            Shape::Stack,
            "reqps",
            (6, 9),
            vec![(queries.joined("fault", "") + " > 0", "{{fault}}")],
        )
        .with_exemplars(),
        panel(
            "Top failure reasons",
            "The 12 most frequent pairs of operation and reason over the time range shown.",
            Shape::Table,
            "short",
            (6, 9),
            vec![(
                format!(
                    "topk(12, round({}) > 0)",
                    queries.increase("operation, failure_reason", &FAILURES, "")
                ),
                "",
            )],
        ),
    ]
}

fn latency(queries: Queries<'_>) -> Vec<Panel> {
    let quantile = |share| queries.quantile(share, "operation, le", &AUTH_LATENCY);
    let buckets = chosen(queries.0, &AUTH_LATENCY, "_bucket", "");
    vec![
        panel(
            "Median latency",
            "Half of the attempts took no longer than this.",
            Shape::Lines,
            "s",
            (8, 8),
            vec![(quantile(0.5), "{{operation}}")],
        )
        .with_exemplars(),
        panel(
            "99th percentile latency",
            "One attempt in a hundred took longer than this.",
            Shape::Lines,
            "s",
            (8, 8),
            vec![(quantile(0.99), "{{operation}}")],
        )
        .with_exemplars(),
        panel(
            "Latency heatmap",
            "How many attempts took how long.",
            Shape::Heatmap,
            "s",
            (8, 8),
            vec![(format!("sum by (le) (increase({buckets}[$__rate_interval]))"), "{{le}}")],
        )
        .with_exemplars(),
    ]
}

fn tokens(queries: Queries<'_>) -> Vec<Panel> {
    vec![
        panel(
            "Token verifications by status",
            "Tokens that were accepted per second, and why the others were refused.",
            Shape::Stack,
            "reqps",
            (8, 8),
            vec![(queries.rate("status", &TOKEN_VERIFICATIONS, "") + " > 0", "{{status}}")],
        ),
        panel(
            "Tokens by key state",
            "State of the key that each token names. Previous keys are accepted during the overlap, retired and unknown keys are not.",
            Shape::Stack,
            "reqps",
            (5, 8),
            vec![(queries.rate("key_state", &TOKEN_KEYS, ""), "{{key_state}}")],
        ),
        panel(
            "Key set age",
            "Time since the last successful fetch, on the replica that fetched longest ago.",
            Shape::Number,
            "s",
            (3, 8),
            vec![(
                format!("time() - min by (service_id) ({})", queries.series(&KEY_LAST_SUCCESS, "")),
                "{{service_id}}",
            )],
        ),
        panel(
            "Key set fetches",
            "Key set fetches over the time range shown, by result.",
            Shape::Table,
            "short",
            (3, 8),
            vec![(format!("round({})", queries.increase("result", &KEY_FETCHES, "")), "{{result}}")],
        ),
        panel(
            "Remaining lifetime",
            "Remaining lifetime of the credentials that clients present. One in ten has less than this.",
            Shape::Lines,
            "s",
            (5, 8),
            vec![(queries.quantile(0.1, "credential_kind, le", &PRESENTED_REMAINING), "{{credential_kind}}")],
        ),
    ]
}

fn limits(queries: Queries<'_>) -> Vec<Panel> {
    let (usage, capacity) =
        (queries.series(&RATE_LIMIT_CURRENT, ""), queries.series(&RATE_LIMIT_CAPACITY, ""));
    vec![
        panel(
            "Rate limit usage",
            "Usage as a share of the capacity, on the fullest replica.",
            Shape::Lines,
            "percentunit",
            (12, 8),
            vec![(format!("max by (service_id, limit_type) ({usage} / {capacity})"), "{{limit_type}}")],
        ),
        panel(
            "Rate-limited requests",
            "Requests that a rate limit refused, per second.",
            Shape::Lines,
            "reqps",
            (6, 8),
            vec![(queries.rate("service_id", &RATE_LIMIT_EXCEEDED, ""), "{{service_id}}")],
        ),
        panel(
            "Tracked rate limit keys",
            "User names, addresses or tenants that a limit counts separately.",
            Shape::Lines,
            "short",
            (6, 8),
            vec![(
                format!("sum by (limit_type) ({})", queries.series(&RATE_LIMIT_KEYS, "")),
                "{{limit_type}}",
            )],
        ),
    ]
}

fn credentials(queries: Queries<'_>) -> Vec<Panel> {
    let each = "service_id, credential_kind, credential";
    let ends = format!("min by ({each}) ({})", queries.series(&NOT_AFTER, ""));
    let rotated = format!("min by ({each}) ({})", queries.series(&LAST_ROTATED, ""));
    let interval = format!("max by ({each}) ({})", queries.series(&ROTATION_INTERVAL, ""));
    vec![
        panel(
            "Days to expiry",
            "Days until each credential expires, the soonest first.",
            Shape::Bars { bad_below: 7.0, good_from: 14.0 },
            "short",
            (7, 8),
            vec![(format!("sort(({ends} - time()) / 86400)"), "{{credential}}")],
        ),
        panel(
            "Rotation interval used",
            "Time since the last rotation as a share of the rotation interval. Above 100 %, the rotation is overdue.",
            Shape::Lines,
            "percentunit",
            (7, 8),
            vec![(format!("(time() - {rotated}) / {interval}"), "{{credential}}")],
        ),
        panel(
            "Rotations",
            "Rotation attempts over the time range shown, by outcome.",
            Shape::Table,
            "short",
            (4, 8),
            vec![(format!("round({})", queries.increase("outcome", &ROTATIONS, "")), "{{outcome}}")],
        ),
        panel(
            "Credential events",
            "What happened to credentials over the time range shown.",
            Shape::Table,
            "short",
            (6, 8),
            vec![(format!("round({})", queries.increase("event", &CREDENTIAL_EVENTS, "")), "{{event}}")],
        ),
    ]
}

fn threat(queries: Queries<'_>) -> Vec<Panel> {
    vec![
        panel(
            "Attacks by reason",
            "Failures per second whose reason has the fault attack.",
            Shape::Stack,
            "reqps",
            (10, 8),
            vec![(queries.joined("failure_reason", "fault=\"attack\"") + " > 0", "{{failure_reason}}")],
        ),
        panel(
            "Rejections now and a week ago",
            "Correct refusals per second.",
            Shape::Lines,
            "reqps",
            (6, 8),
            vec![
                (queries.rate("job", &OPERATIONS, "outcome=\"rejected\""), "now"),
                (
                    format!(
                        "sum by (job) (rate({}[$__rate_interval] offset 1w))",
                        queries.series(&OPERATIONS, "outcome=\"rejected\"")
                    ),
                    "a week ago",
                ),
            ],
        ),
        panel(
            "Fail-open requests",
            "Requests let through because the policy could not be evaluated, over the time range shown.",
            Shape::Number,
            "short",
            (4, 8),
            vec![(format!("round({})", queries.increase("policy", &FAIL_OPEN, "")), "{{policy}}")],
        ),
        panel(
            "Shadow policy decisions",
            "What policies that are not enforced would have decided, over the time range shown.",
            Shape::Table,
            "short",
            (4, 8),
            vec![(format!("round({})", queries.increase("decision", &SHADOW_DECISIONS, "")), "{{decision}}")],
        ),
    ]
}

fn health(queries: Queries<'_>) -> Vec<Panel> {
    let sum = |family, matchers| {
        format!("sum by (job, service_id, operation) ({})", queries.series(family, matchers))
    };
    let conserved =
        format!("max(abs({} - {} - {}))", sum(&STARTED, ""), sum(&OPERATIONS, ""), sum(&IN_FLIGHT, ""));
    let plain = |family| queries.series(family, "");
    vec![
        panel(
            "Replicas",
            "Scrape targets that export these metrics, by version.",
            Shape::Number,
            "short",
            (6, 5),
            vec![(format!("count by (version) ({})", plain(&BUILD_INFO)), "{{version}}")],
        ),
        panel(
            "Active services",
            "Services that are registered and still in use, on the replica that has the most.",
            Shape::Number,
            "short",
            (4, 5),
            vec![(format!("max({})", plain(&ACTIVE_SERVICES)), "services")],
        ),
        panel(
            "Leaked attempts",
            "Attempts that started but neither ended nor are in flight. Always 0: anything else is a bug.",
            Shape::Number,
            "short",
            (4, 5),
            vec![(conserved, "leaked")],
        ),
        panel(
            "Label overflow",
            "Label values that found no place and were counted as other, over the time range shown.",
            Shape::Number,
            "short",
            (5, 5),
            vec![(format!("sum(increase({}[$__range]))", plain(&LABEL_OVERFLOW)), "overflowed")],
        ),
        panel(
            "Internal errors",
            "Bugs and misuses of the library that it counted, over the time range shown.",
            Shape::Number,
            "short",
            (5, 5),
            vec![(format!("sum(increase({}[$__range]))", plain(&INTERNAL_ERRORS)), "errors")],
        ),
        panel(
            "Events by decision",
            "Events for observers, per second. Dropped ones were lost, because the buffers were full. Empty without observers.",
            Shape::Stack,
            "reqps",
            (16, 7),
            vec![(queries.rate("decision", &OBSERVED_EVENTS, "") + " > 0", "{{decision}}")],
        ),
        panel(
            "Observer panics",
            "Panics of observers over the time range shown. Each lost a batch of events.",
            Shape::Table,
            "short",
            (8, 7),
            vec![(format!("round({})", queries.increase("observer", &OBSERVER_PANICS, "")), "{{observer}}")],
        ),
    ]
}

/// A family's series as the variables choose them.
fn chosen(subject: Subject<'_>, family: &Family, suffix: &str, matchers: &str) -> String {
    let mut all = vec!["job=~\"$job\""];
    if family.labels.contains(&"service_id") {
        all.push("service_id=~\"$service\"");
    }
    if family.labels.contains(&"operation") {
        all.push("operation=~\"$operation\"");
    }
    if !matchers.is_empty() {
        all.push(matchers);
    }
    subject.suffixed(family, suffix, &all.join(","))
}
