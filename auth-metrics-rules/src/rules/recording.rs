//! Recording rules: rates and ratios per operation, quantiles, and what is usual at this time of the week.

use super::super::bound;
use super::super::query::{BY, Subject, rate_by_operation};
use super::written::Rule;
use auth_metrics::families::{AUTH_LATENCY, FAILURES, OPERATIONS};

/// Short windows read the raw series. Long windows read what was recorded, since days of raw samples are too much for a rule that
/// runs every minute.
const SHORT: [&str; 5] = ["5m", "30m", "1h", "2h", "6h"];
const LONG: [&str; 2] = ["1d", "3d"];

/// Events: attempts that count for or against the objective.
pub(super) fn events(window: &str) -> String {
    recorded("auth_events", window)
}

/// The share of events that are bad.
pub(super) fn error_ratio(window: &str) -> String {
    recorded("auth_error_ratio", window)
}

pub(super) fn rejections() -> String {
    recorded("auth_rejections", "5m")
}

/// The share of attempts that take longer than the objective allows.
pub(super) fn slow_ratio(window: &str) -> String {
    recorded("auth_slow_ratio", window)
}

/// The usual rate of rejections at this time of the week.
pub(super) const USUAL_REJECTIONS: &str = "job_service_operation:auth_rejections:usual1w";
const DEVIATION: &str = "job_service_operation:auth_rejections:deviation1w";

fn recorded(what: &str, window: &str) -> String {
    format!("job_service_operation:{what}:rate{window}")
}

fn rule(record: impl Into<String>, expr: impl Into<String>) -> Rule {
    Rule::Recording { record: record.into(), expr: expr.into() }
}

pub(super) fn rules(subject: Subject<'_>) -> Vec<Rule> {
    let outcomes = |outcomes: &str| subject.series(&OPERATIONS, &format!("outcome=~\"{outcomes}\""));
    let all = outcomes("success|rejected|error");
    let errors = subject.series(&OPERATIONS, "outcome=\"error\"");
    let mut rules = Vec::new();
    for window in SHORT {
        rules.push(rule(events(window), rate_by_operation(&all, window)));
        let bad = rate_by_operation(&errors, window);
        rules.push(rule(error_ratio(window), format!("{bad} / ({} > 0)", events(window))));
    }
    let bad = recorded("auth_errors", "5m");
    rules.push(rule(&bad, rate_by_operation(&errors, "5m")));
    for window in LONG {
        let every = events("5m");
        rules.push(rule(events(window), format!("avg_over_time({every}[{window}])")));
        let ratio = format!("avg_over_time({bad}[{window}]) / ({} > 0)", events(window));
        rules.push(rule(error_ratio(window), ratio));
    }
    rules.push(rule(
        recorded("auth_successes", "5m"),
        rate_by_operation(&subject.series(&OPERATIONS, "outcome=\"success\""), "5m"),
    ));
    rules.push(rule(
        "job_service_operation_reason:auth_failures:rate5m",
        format!("sum by ({BY}, failure_reason) (rate({}[5m]))", subject.series(&FAILURES, "")),
    ));
    rules.extend(latency(subject));
    rules.extend(seasonal(subject));
    rules
}

fn latency(subject: Subject<'_>) -> Vec<Rule> {
    let buckets = subject.suffixed(&AUTH_LATENCY, "_bucket", "");
    let counts = subject.suffixed(&AUTH_LATENCY, "_count", "");
    let quick = subject.suffixed(&AUTH_LATENCY, "_bucket", &bound::matcher(subject.latency_bound(subject.options.latency.0)));
    let quantile = |name: &str, share: f64| {
        let sum = format!("sum by ({BY}, le) (rate({buckets}[5m]))");
        rule(
            format!("job_service_operation:auth_latency_seconds:{name}_5m"),
            format!("histogram_quantile({share}, {sum})"),
        )
    };
    let slow = |window: &str| {
        let (quick, all) = (rate_by_operation(&quick, window), rate_by_operation(&counts, window));
        rule(slow_ratio(window), format!("1 - {quick} / ({all} > 0)"))
    };
    vec![quantile("p50", 0.5), quantile("p95", 0.95), quantile("p99", 0.99), slow("5m"), slow("1h")]
}

/// The same hour in the last three weeks, and the deviation from it that is unusual.
fn seasonal(subject: Subject<'_>) -> Vec<Rule> {
    let rejected = rate_by_operation(&subject.series(&OPERATIONS, "outcome=\"rejected\""), "5m");
    let now = rejections();
    // An hour around this time, one, two and three weeks ago.
    let weeks = |function: &str| {
        let each = [("1", "167h30m"), ("2", "335h30m"), ("3", "503h30m")].map(|(week, offset)| {
            format!("label_replace({function}({now}[1h] offset {offset}), \"week\", \"{week}\", \"\", \"\")")
        });
        format!("avg by ({BY}) ({})", each.join(" or "))
    };
    let band = |sign: &str| format!("{USUAL_REJECTIONS} {sign} 3 * {DEVIATION}");
    vec![
        rule(&now, rejected),
        rule(USUAL_REJECTIONS, weeks("avg_over_time")),
        rule(DEVIATION, weeks("stddev_over_time")),
        rule("job_service_operation:auth_rejections:upper1w", band("+")),
        rule("job_service_operation:auth_rejections:lower1w", format!("clamp_min({}, 0)", band("-"))),
        rule(
            "job_service_operation:auth_rejections:zscore1w",
            format!("({now} - {USUAL_REJECTIONS}) / ({DEVIATION} > 0)"),
        ),
    ]
}
