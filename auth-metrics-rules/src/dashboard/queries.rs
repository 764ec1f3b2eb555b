//! The queries of panels: families and recorded series as the variables choose them.

use super::super::burn::{FAST, budget, rounded};
use super::super::query::{BY, Level, Subject, window};
use auth_metrics::Family;
use auth_metrics::families::{AUTH_LATENCY, FAILURES, OPERATION_INFO, OPERATIONS, REASON_INFO};

/// Per second: what is usual at least, so that something where nothing is usual is many times the usual.
pub(super) const LEAST: f64 = 0.01;

/// In minutes.
pub(super) const HOUR: u64 = 60;

pub(super) const EVENTS: &str = "outcome=~\"success|rejected|error\"";
pub(super) const ERRORS: &str = "outcome=\"error\"";

/// Labels that an alert does not have are empty, and match.
const CHOSEN_ALERTS: &str = "alertname=~\"Auth.+\",job=~\"$job|\",service_id=~\"$service|\",operation=~\"$operation|\",\
     instance=~\"$instance|\"";

/// What the queries of all panels are made of.
#[derive(Clone, Copy)]
pub(super) struct Queries<'a> {
    pub(super) subject: Subject<'a>,
}

impl<'a> Queries<'a> {
    pub(super) fn new(subject: Subject<'a>) -> Queries<'a> {
        Queries { subject }
    }

    /// Opens this dashboard, with the same times and the same data source, job and service, and with more variables.
    pub(super) fn here(self, more: &str) -> String {
        format!(
            "/d/{}?${{datasource:queryparam}}&${{job:queryparam}}&${{service:queryparam}}&{more}&${{__url_time_range}}",
            self.subject.dashboard_uid()
        )
    }

    /// A family's series as the variables choose them.
    pub(super) fn series(self, family: &Family, matchers: &str) -> String {
        self.subject.series(family, &chosen(family.labels, matchers))
    }

    /// The same, of the chosen replicas only.
    pub(super) fn replicas(self, family: &Family, matchers: &str) -> String {
        let matchers = chosen(family.labels, matchers);
        self.subject.series(family, &format!("{matchers},instance=~\"$instance\""))
    }

    pub(super) fn rate(self, by: &str, family: &Family, matchers: &str) -> String {
        format!("sum by ({by}) (rate({}[$__rate_interval]))", self.series(family, matchers))
    }

    /// The rate over the window of the alerts, so that their limits can be compared with it.
    pub(super) fn steady(self, by: &str, family: &Family, matchers: &str) -> String {
        format!("sum by ({by}) (rate({}[{}]))", self.series(family, matchers), self.subject.short())
    }

    pub(super) fn rate_of_replicas(self, by: &str, family: &Family, matchers: &str) -> String {
        format!("sum by ({by}) (rate({}[$__rate_interval]))", self.replicas(family, matchers))
    }

    pub(super) fn increase(self, by: &str, family: &Family, matchers: &str) -> String {
        format!("sum by ({by}) (increase({}[$__range]))", self.series(family, matchers))
    }

    /// Failures, joined with the fault of their reasons.
    pub(super) fn joined(self, by: &str, matchers: &str, window: &str) -> String {
        let (failures, info) = (self.series(&FAILURES, ""), self.series(&REASON_INFO, matchers));
        format!(
            "sum by ({by}) (rate({failures}[{window}]) * on (job, instance, failure_reason) group_left (fault) {info})"
        )
    }

    /// Attempts that ended, by the kind of their operation.
    pub(super) fn by_kind(self) -> String {
        let (ended, info) = (self.series(&OPERATIONS, ""), self.series(&OPERATION_INFO, ""));
        format!(
            "sum by (kind) (rate({ended}[$__rate_interval]) * on (job, instance, service_id, operation) group_left (kind) {info})"
        )
    }

    pub(super) fn quantile(self, share: f64, by: &str, family: &Family, window: &str) -> String {
        let buckets = self.subject.suffixed(family, "_bucket", &chosen(family.labels, ""));
        format!("histogram_quantile({share}, sum by ({by}, le) (rate({buckets}[{window}])))")
    }

    pub(super) fn quantile_of_replicas(self, share: f64, family: &Family) -> String {
        let matchers = format!("{},instance=~\"$instance\"", chosen(family.labels, ""));
        let buckets = self.subject.suffixed(family, "_bucket", &matchers);
        format!("histogram_quantile({share}, sum by (instance, le) (rate({buckets}[$__rate_interval])))")
    }

    /// How many observations fell into each bucket.
    pub(super) fn buckets(self, family: &Family) -> String {
        let buckets = self.subject.suffixed(family, "_bucket", &chosen(family.labels, ""));
        format!("sum by (le) (increase({buckets}[$__rate_interval]))")
    }

    /// A recorded series of the chosen operations.
    pub(super) fn recorded(self, what: &str, how: &str) -> String {
        let level = Level::Operation;
        self.subject.recorded(level, what, how, &chosen(level.labels(), ""))
    }

    /// A recorded series of reasons of the chosen operations.
    pub(super) fn recorded_reasons(self, what: &str, how: &str) -> String {
        let level = Level::Reason;
        self.subject.recorded(level, what, how, &chosen(level.labels(), ""))
    }

    /// Share of events that are errors, over the long window of the fastest burn: as recorded, or else from the counters.
    pub(super) fn errors_of_an_hour(self) -> String {
        let hour = self.scaled(HOUR);
        let rate =
            |matchers| format!("sum by ({BY}) (rate({}[{}]))", self.series(&OPERATIONS, matchers), hour);
        format!("({} or {} / ({} > 0))", self.recorded_errors(&hour), rate(ERRORS), rate(EVENTS))
    }

    /// Share of events that are errors, now.
    pub(super) fn errors(self, by: &str) -> String {
        let (errors, events) = (self.steady(by, &OPERATIONS, ERRORS), self.steady(by, &OPERATIONS, EVENTS));
        format!("{errors} / ({events} > 0)")
    }

    /// The 95th percentile over the window of the alerts: as recorded, or else from the buckets.
    pub(super) fn p95(self) -> String {
        let short = self.subject.short();
        let recorded = self.recorded("auth_latency_seconds", &format!("p95_{short}"));
        // The name of what is recorded is no label to tell operations apart by.
        format!("max by ({BY}) ({recorded} or {})", self.quantile(0.95, BY, &AUTH_LATENCY, &short))
    }

    /// The 95th percentile as a share of the time that each operation's objective allows.
    pub(super) fn p95_of_bound(self) -> String {
        let options = self.subject.options;
        let of = |within| format!("({} / {})", self.p95(), self.subject.latency_bound(within));
        let names: Vec<&str> = options.operation_latency.keys().map(String::as_str).collect();
        let own = options.operation_latency.iter().map(|(name, (within, _))| {
            format!("{} * on ({BY}) group_left () {}", of(*within), self.marked("=", name))
        });
        let others = (!names.is_empty()).then(|| self.marked("!~", &names.join("|")));
        let others = others.map_or_else(
            || of(options.latency.0),
            |marked| format!("{} * on ({BY}) group_left () {marked}", of(options.latency.0)),
        );
        own.chain([others]).collect::<Vec<_>>().join(" or ")
    }

    /// One for each operation that a matcher selects.
    fn marked(self, operator: &str, value: &str) -> String {
        format!("group by ({BY}) ({})", self.series(&OPERATIONS, &format!("operation{operator}\"{value}\"")))
    }

    /// Targets of the scrape, by job.
    pub(super) fn targets(self) -> String {
        self.subject.of_targets("up", "job=~\"$job\"")
    }

    /// The window of a burn rate: as many minutes as for an objective over 30 days, scaled to the objective's own.
    pub(super) fn scaled(self, minutes: u64) -> String {
        window(self.subject.scaled(minutes))
    }

    /// The window of the objective.
    pub(super) fn whole(self) -> String {
        window(self.subject.budget_minutes())
    }

    /// The recorded share of events that are errors, over one of these windows.
    pub(super) fn recorded_errors(self, window: &str) -> String {
        self.recorded("auth_error_ratio", &format!("rate{window}"))
    }

    /// The share of events that may be errors.
    pub(super) fn budget(self) -> f64 {
        budget(self.subject)
    }
}

/// Times the budget's rate at which the objective's alerts page, with an hour and with six hours as the long window.
pub(super) fn pages() -> [f64; 2] {
    FAST.map(|burn| rounded(burn.factor()))
}

fn chosen(labels: &[&str], matchers: &str) -> String {
    let mut all = vec!["job=~\"$job\""];
    if labels.contains(&"service_id") {
        all.push("service_id=~\"$service\"");
    }
    if labels.contains(&"operation") {
        all.push("operation=~\"$operation\"");
    }
    if !matchers.is_empty() {
        all.push(matchers);
    }
    all.join(",")
}

/// Alerts of the pack that concern what is chosen.
pub(super) fn alerts(matchers: &str) -> String {
    format!("ALERTS{{{CHOSEN_ALERTS},{matchers}}}")
}

/// When the chosen alerts became pending.
pub(super) fn alerts_since() -> String {
    format!("ALERTS_FOR_STATE{{{CHOSEN_ALERTS}}}")
}
