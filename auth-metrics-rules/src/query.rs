//! The parts of queries: families by their constants, recorded series, operations and reasons from the catalogue.

use super::matcher::Matcher;
use super::{Options, Part, bound};
use auth_metrics::catalogue::Catalogue;
use auth_metrics::{Family, Reason};

/// The labels that stay when replicas are summed.
pub(super) const BY: &str = "job, service_id, operation";

/// Grafana's limit.
const LONGEST_UID: usize = 40;

/// The catalogue and options that rules are generated for.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) options: &'a Options,
}

/// What a recorded series is one of, by the labels that it keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// A job.
    Job,
    /// A service of a job.
    Service,
    /// An operation of a service.
    Operation,
    /// An operation on one instance.
    Instance,
    /// A reason of an operation.
    Reason,
    /// A latency bucket of an operation.
    Bucket,
}

impl Level {
    /// Returns the labels that its series have.
    pub(super) fn labels(self) -> &'static [&'static str] {
        match self {
            Level::Job => &["job"],
            Level::Service => &["job", "service_id"],
            Level::Operation => &["job", "service_id", "operation"],
            Level::Instance => &["job", "instance", "service_id", "operation"],
            Level::Reason => &["job", "service_id", "operation", "failure_reason"],
            Level::Bucket => &["job", "service_id", "operation", "le"],
        }
    }

    /// Returns what their names begin with.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Level::Job => "job",
            Level::Service => "job_service",
            Level::Operation => "job_service_operation",
            Level::Instance => "job_instance_service_operation",
            Level::Reason => "job_service_operation_reason",
            Level::Bucket => "job_service_operation_le",
        }
    }
}

impl Subject<'_> {
    /// Returns the exported name of a family.
    pub(super) fn name(&self, family: &Family) -> String {
        self.with_namespace(family.name)
    }

    fn with_namespace(&self, name: &str) -> String {
        match self.catalogue.namespace() {
            Some(namespace) => format!("{namespace}_{name}"),
            None => name.to_owned(),
        }
    }

    /// Selects a family's series by these matchers, without excluded operations.
    pub(super) fn series(&self, family: &Family, matchers: &str) -> String {
        self.suffixed(family, "", matchers)
    }

    /// Does the same for a histogram's `_bucket` or `_count`.
    pub(super) fn suffixed(&self, family: &Family, suffix: &str, matchers: &str) -> String {
        let mut all = self.matchers(family.labels);
        if family.labels.contains(&"operation") && !self.options.excluded.is_empty() {
            all.push(format!("operation!~\"{}\"", self.options.excluded.join("|")));
        }
        selector(&format!("{}{suffix}", self.name(family)), all, matchers)
    }

    /// Selects a family's series of all services and operations, whatever the options select or exclude.
    pub(super) fn of_everything(&self, family: &Family, matchers: &str) -> String {
        self.of_targets(&self.name(family), matchers)
    }

    /// Selects the targets of the scrape.
    pub(super) fn up(&self) -> String {
        self.of_targets("up", "")
    }

    /// Selects what Prometheus itself exports of each target.
    pub(super) fn of_targets(&self, name: &str, matchers: &str) -> String {
        selector(name, self.matchers(&[]), matchers)
    }

    /// Returns the options' matchers, or `None` if all series are read.
    pub(super) fn selected(&self) -> Option<String> {
        let matchers: Vec<String> = self.options.matchers.iter().map(Matcher::as_text).collect();
        (!matchers.is_empty()).then(|| matchers.join(","))
    }

    /// Returns the name of a recorded series: `job_service_operation:auth_events:rate5m`.
    pub(super) fn record(&self, level: Level, what: &str, how: &str) -> String {
        // What no recorded series keeps is in its name, so that two packs don't record the same one.
        let kept = Level::Instance.labels();
        let selected = self.options.matchers.iter().filter(|matcher| !kept.contains(&&*matcher.label));
        let parts: Vec<String> = selected.map(Matcher::slug).chain([self.with_namespace(what)]).collect();
        format!("{}:{}:{how}", level.prefix(), parts.join("_"))
    }

    /// Selects what was recorded, as far as it belongs to this pack. Only labels that it keeps can be selected by; the others are in its
    /// name.
    pub(super) fn recorded(&self, level: Level, what: &str, how: &str, matchers: &str) -> String {
        let kept = self.options.matchers.iter().filter(|matcher| level.labels().contains(&&*matcher.label));
        selector(&self.record(level, what, how), kept.map(Matcher::as_text).collect(), matchers)
    }

    /// The options' matchers on labels that series with these labels of their own have.
    fn matchers(&self, labels: &[&str]) -> Vec<String> {
        let fits = |matcher: &&Matcher| !matcher.is_of_family() || labels.contains(&&*matcher.label);
        self.options.matchers.iter().filter(fits).map(Matcher::as_text).collect()
    }

    /// Returns what Grafana knows the dashboard by; alerts link to it. Packs that read other series have dashboards of their own.
    pub(super) fn dashboard_uid(&self) -> String {
        let uid = [&["auth-metrics"], &*self.whose()].concat().join("-");
        let fits = |each: char| if each.is_ascii_alphanumeric() || each == '_' { each } else { '-' };
        uid.chars().map(fits).take(LONGEST_UID).collect()
    }

    /// Returns what tells this pack from others: the namespace, and what it selects by.
    pub(super) fn whose(&self) -> Vec<&str> {
        let selected = self.options.matchers.iter().map(|matcher| matcher.example().1);
        self.catalogue.namespace().into_iter().chain(selected).collect()
    }

    /// Returns the labels of targets that the options select by value.
    pub(super) fn equal_on_targets(&self) -> impl Iterator<Item = (&str, &str)> {
        let chosen = |matcher: &&Matcher| matcher.is_equality() && !matcher.is_of_family();
        self.options.matchers.iter().filter(chosen).map(Matcher::example)
    }

    /// Returns whether the binary has this part.
    pub(super) fn has(&self, part: Part) -> bool {
        !self.options.without.contains(&part)
    }

    /// Returns the shortest window, in minutes: it holds four scrapes, and five minutes.
    pub(super) fn short_minutes(&self) -> u64 {
        (4 * self.options.scrape_interval.as_secs()).div_ceil(60).max(5)
    }

    /// Returns the window of a burn rate, in minutes. `minutes` is that of the Workbook, for an objective over 30 days.
    pub(super) fn scaled(&self, minutes: u64) -> u64 {
        let scaled = self.options.slo_window.as_secs() * minutes / (30 * 86_400);
        scaled.max(self.short_minutes())
    }

    /// Returns the window of the objective, in minutes.
    pub(super) fn budget_minutes(&self) -> u64 {
        self.options.slo_window.as_secs() / 60
    }

    /// Returns the shortest window as `PromQL` spells it.
    pub(super) fn short(&self) -> String {
        window(self.short_minutes())
    }

    /// Returns the first included operation that can give one of these reasons, and those of the reasons that are exported.
    pub(super) fn giver(&self, reasons: &[Reason]) -> Option<(String, Vec<&'static str>)> {
        let included = self.catalogue.iter().filter(|operation| !self.is_excluded(operation.name()));
        let mut found = None;
        let mut labels: Vec<&'static str> = Vec::new();
        for operation in included {
            for reason in reasons.iter().filter(|reason| operation.exported().contains(**reason)) {
                found.get_or_insert_with(|| operation.name().to_owned());
                if !labels.contains(&reason.label()) {
                    labels.push(reason.label());
                }
            }
        }
        labels.sort_unstable();
        found.map(|operation| (operation, labels))
    }

    /// Returns the bucket bound of a latency objective. The options have been checked before.
    pub(super) fn latency_bound(&self, within: std::time::Duration) -> f64 {
        bound::of(within, self.catalogue.bounds()).unwrap_or(within.as_secs_f64())
    }

    /// Returns an operation to test the rules with.
    pub(super) fn example(&self) -> &str {
        let mut included = self.catalogue.iter().filter(|operation| !self.is_excluded(operation.name()));
        included.next().map_or("", |operation| operation.name())
    }

    pub(super) fn is_excluded(&self, name: &str) -> bool {
        self.options.excluded.iter().any(|excluded| excluded == name)
    }
}

fn selector(name: &str, mut matchers: Vec<String>, more: &str) -> String {
    if !more.is_empty() {
        matchers.push(more.to_owned());
    }
    if matchers.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", matchers.join(",")) }
}

/// Spells minutes in the largest unit that divides them: `5m`, `84m`, `6h`, `3d`.
pub(super) fn window(minutes: u64) -> String {
    match minutes {
        days if days.is_multiple_of(1_440) => format!("{}d", days / 1_440),
        hours if hours.is_multiple_of(60) => format!("{}h", hours / 60),
        minutes => format!("{minutes}m"),
    }
}

/// `sum by (job, service_id, operation) (rate(…[window]))`.
pub(super) fn rate_by_operation(series: &str, window: &str) -> String {
    format!("sum by ({BY}) (rate({series}[{window}]))")
}

/// `sum by (labels) (increase(…[window]))`.
pub(super) fn increase_by(labels: &str, series: &str, window: &str) -> String {
    format!("sum by ({labels}) (increase({series}[{window}]))")
}
