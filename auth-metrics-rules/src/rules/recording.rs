//! Recording rules: rates per operation, and the ratios, windows and quantiles that alerts and panels read. Raw series are read for the
//! shortest window only; every longer window reads what was recorded.

use std::collections::BTreeSet;

use super::super::burn::{FAST, SLOW};
use super::super::query::{BY, Level, Subject, rate_by_operation, window};
use super::written::Rule;
use auth_metrics::families::{AUTH_LATENCY, BUILD_INFO, FAILURES, OPERATIONS, REASON_INFO};
use auth_metrics_credentials::families::TOKEN_KEYS;

use crate::Part;

/// The recorded series, selected.
impl Subject<'_> {
    /// A rate per second of an operation, over the shortest window.
    pub(super) fn rate(&self, what: &str) -> String {
        self.recorded(Level::Operation, what, &self.how(), "")
    }

    /// The same over a window of this many minutes.
    pub(super) fn rate_over(&self, what: &str, minutes: u64) -> String {
        self.recorded(Level::Operation, what, &format!("rate{}", window(minutes)), "")
    }

    /// Its average over the last minutes.
    pub(super) fn average(&self, what: &str, minutes: u64) -> String {
        format!("avg_over_time({}[{}])", self.rate(what), window(minutes))
    }

    /// Failures per second of each reason with the fault `attack`.
    pub(super) fn attacks(&self, matchers: &str) -> String {
        self.recorded(Level::Reason, ATTACKS, &self.how(), matchers)
    }

    /// A rate per second of an operation on each instance.
    pub(super) fn rate_on_instances(&self, what: &str) -> String {
        self.recorded(Level::Instance, what, &self.how(), "")
    }

    /// Tokens per second that name an unknown key.
    pub(super) fn unknown_keys(&self) -> String {
        self.recorded(Level::Service, UNKNOWN_KEYS, &self.how(), "")
    }

    /// The rate of latencies by bucket; one native histogram where Prometheus stores those.
    pub(super) fn latencies(&self, matchers: &str) -> String {
        self.recorded(Level::Bucket, LATENCY, &self.how(), matchers)
    }

    fn how(&self) -> String {
        format!("rate{}", self.short())
    }
}

/// Attempts that count for or against the objective.
pub(super) const EVENTS: &str = "auth_events";
/// Attempts that failed by the service's own fault.
pub(super) const ERRORS: &str = "auth_errors";
pub(super) const SUCCESSES: &str = "auth_successes";
pub(super) const REJECTIONS: &str = "auth_rejections";
/// Attempts whose caller gave up.
pub(super) const CANCELLED: &str = "auth_cancelled";
/// The share of events that are bad.
pub(super) const ERROR_RATIO: &str = "auth_error_ratio";
pub(super) const ATTACKS: &str = "auth_attacks";
pub(super) const UNKNOWN_KEYS: &str = "auth_unknown_keys";
pub(super) const LATENCY: &str = "auth_latency_seconds";
/// On one instance: attempts that failed, whoever's fault it is, and all that ended.
pub(super) const FAILED: &str = "auth_failed";
pub(super) const ENDED: &str = "auth_ended";
pub(super) const TARGETS: &str = "auth_targets";

pub(super) fn recording(name: String, expr: impl Into<String>) -> Rule {
    Rule::Recording { record: name, expr: expr.into() }
}

/// Rates over the shortest window, which read the raw series.
pub(super) fn rates(subject: Subject<'_>) -> Vec<Rule> {
    let (short, how) = (subject.short(), subject.how());
    let by_operation = |what: &str, outcomes: &str| {
        let series = subject.series(&OPERATIONS, &format!("outcome=~\"{outcomes}\""));
        recording(subject.record(Level::Operation, what, &how), rate_by_operation(&series, &short))
    };
    let by_instance = |what: &str, outcomes: &str| {
        let series = subject.series(&OPERATIONS, &format!("outcome=~\"{outcomes}\""));
        let labels = Level::Instance.labels().join(", ");
        recording(
            subject.record(Level::Instance, what, &how),
            format!("sum by ({labels}) (rate({series}[{short}]))"),
        )
    };
    let mut rules = vec![
        by_operation(EVENTS, "success|rejected|error"),
        by_operation(ERRORS, "error"),
        by_operation(SUCCESSES, "success"),
        by_operation(REJECTIONS, "rejected"),
        by_operation(CANCELLED, "cancelled"),
        by_instance(FAILED, "rejected|error|cancelled"),
        by_instance(ENDED, "success|rejected|error|cancelled"),
        attacks(subject),
        latencies(subject),
        recording(
            subject.record(Level::Job, TARGETS, "count"),
            format!("count by (job) ({})", subject.series(&BUILD_INFO, "")),
        ),
    ];
    if subject.has(Part::Keys) {
        let unknown = subject.series(&TOKEN_KEYS, "key_state=\"unknown\"");
        rules.push(recording(
            subject.record(Level::Service, UNKNOWN_KEYS, &how),
            format!("sum by (job, service_id) (rate({unknown}[{short}]))"),
        ));
    }
    rules
}

/// Joins failures with the fault of their reasons, so that custom reasons count too.
fn attacks(subject: Subject<'_>) -> Rule {
    let (failures, short) = (subject.series(&FAILURES, ""), subject.short());
    let info = subject.series(&REASON_INFO, "fault=\"attack\"");
    recording(
        subject.record(Level::Reason, ATTACKS, &subject.how()),
        format!(
            "sum by ({BY}, failure_reason) (rate({failures}[{short}])) * on (job, failure_reason) group_left () max by (job, failure_reason) ({info})"
        ),
    )
}

/// By bucket, or as native histograms where Prometheus converts classic ones. One of the two does not exist.
fn latencies(subject: Subject<'_>) -> Rule {
    let (buckets, native) =
        (subject.suffixed(&AUTH_LATENCY, "_bucket", ""), subject.series(&AUTH_LATENCY, ""));
    let short = subject.short();
    recording(
        subject.record(Level::Bucket, LATENCY, &subject.how()),
        format!("sum by ({BY}, le) (rate({buckets}[{short}])) or sum by ({BY}) (rate({native}[{short}]))"),
    )
}

/// Longer windows, ratios and quantiles.
pub(super) fn windows(subject: Subject<'_>) -> Vec<Rule> {
    let name = |what: &str, minutes: u64| {
        subject.record(Level::Operation, what, &format!("rate{}", window(minutes)))
    };
    let mut rules: Vec<Rule> = [EVENTS, ERRORS, SUCCESSES]
        .map(|what| recording(name(what, 60), subject.average(what, 60)))
        .into_iter()
        .collect();
    let windows: BTreeSet<u64> = FAST.iter().chain(&SLOW).flat_map(|burn| burn.windows(subject)).collect();
    rules.extend(windows.into_iter().map(|minutes| error_ratio(subject, minutes)));
    for what in [EVENTS, REJECTIONS] {
        rules.push(recording(name(what, 360), over(subject, what, 360)));
    }
    for (quantile, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        let rates = subject.latencies("");
        rules.push(recording(
            subject.record(Level::Operation, LATENCY, &format!("{quantile}_{}", subject.short())),
            format!("histogram_quantile({share}, {rates}) >= 0"),
        ));
    }
    rules.push(recording(
        subject.record(Level::Operation, LATENCY, "p95_30m"),
        format!("{} >= 0", quantile_over(subject, 0.95, "", 30)),
    ));
    rules
}

/// The share of errors over the whole window of the objective: what is left of the budget.
pub(super) fn budget(subject: Subject<'_>) -> Rule {
    error_ratio(subject, subject.budget_minutes())
}

fn error_ratio(subject: Subject<'_>, minutes: u64) -> Rule {
    let [errors, events] = [ERRORS, EVENTS].map(|what| over(subject, what, minutes));
    let name = subject.record(Level::Operation, ERROR_RATIO, &format!("rate{}", window(minutes)));
    recording(name, format!("{errors} / ({events} > 0)"))
}

/// The average of a recorded rate over a window. Long windows sample what is an average itself, so nothing is left out.
pub(super) fn over(subject: Subject<'_>, what: &str, minutes: u64) -> String {
    if minutes <= subject.short_minutes() {
        return subject.rate(what);
    }
    match minutes {
        0..=60 => subject.average(what, minutes),
        61..=720 => format!("avg_over_time({}[{}:{}])", subject.rate(what), window(minutes), subject.short()),
        _ => format!("avg_over_time({}[{}:1h])", subject.rate_over(what, 60), window(minutes)),
    }
}

/// How many there were in a window. A window that is only partly recorded is not extrapolated.
pub(super) fn count_over(subject: Subject<'_>, what: &str, minutes: u64) -> String {
    if minutes <= 720 {
        let step = subject.short_minutes();
        format!("sum_over_time({}[{}:{}]) * {}", subject.rate(what), window(minutes), window(step), step * 60)
    } else {
        format!("sum_over_time({}[{}:1h]) * 3600", subject.rate_over(what, 60), window(minutes))
    }
}

/// A quantile of the latencies of a window.
pub(super) fn quantile_over(subject: Subject<'_>, share: f64, matchers: &str, minutes: u64) -> String {
    let rates = subject.latencies(matchers);
    format!("histogram_quantile({share}, avg_over_time({rates}[{}:{}]))", window(minutes), subject.short())
}
