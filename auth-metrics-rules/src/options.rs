//! `Options`: objectives, thresholds, labels and links of the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Kubernetes, RulesError, bound};
use auth_metrics::catalogue::Catalogue;

use crate::matcher::{Matcher, is_label_name};

const DAY: Duration = Duration::from_secs(86_400);

/// A part of the metrics that not every binary has. Nothing says at compile time whether it does, so rules and panels of all parts are
/// generated unless you leave some out with [`Options::without`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Part {
    /// Where attempts come from: the argument `source`.
    Sources,
    /// Rate limits.
    RateLimits,
    /// Credentials that expire or rotate.
    Credentials,
    /// Key sets and the keys that tokens name.
    Keys,
    /// Fail-open and shadow decisions of policies.
    Policies,
    /// Observers of events.
    Observers,
    /// Detection of attacks: `auth-metrics-detect`.
    Detection,
    /// The audit trail: `auth-metrics-audit`.
    Audit,
    /// Pushes of the metrics: `auth-metrics-otlp`.
    Push,
}

/// Labels that alerts already have.
const TAKEN: [&str; 24] = [
    "alertname",
    "job",
    "instance",
    "service_id",
    "operation",
    "severity",
    "credential_kind",
    "credential",
    "limit_type",
    "label",
    "kind",
    "event_kind",
    "observer",
    "detector",
    "sink",
    "push",
    "result",
    "pattern",
    "cause",
    "failure_reason",
    "policy",
    "long",
    "short",
    "objective",
];

/// Objectives, thresholds, labels and links of the generated rules. The defaults suit most services.
///
/// ```
/// use std::time::Duration;
///
/// use auth_metrics_rules::Options;
///
/// let options = Options::new()
///     .slo_target(0.995)
///     .latency(Duration::from_millis(250), 0.99)
///     .runbook_url("https://runbooks.example/auth")
///     .team_label("team", "identity")
///     .exclude("debug_login");
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(super) slo_target: f64,
    pub(super) slo_window: Duration,
    pub(super) latency: (Duration, f64),
    pub(super) operation_latency: BTreeMap<String, (Duration, f64)>,
    pub(super) min_bad_events: f64,
    pub(super) surge: f64,
    pub(super) lockouts: f64,
    pub(super) mfa_denials: f64,
    pub(super) token_replays: f64,
    pub(super) forged_tokens: f64,
    pub(super) attacks: f64,
    pub(super) guessing_sources: f64,
    pub(super) correlations: f64,
    pub(super) expiry_warning: Duration,
    pub(super) key_age: Duration,
    pub(super) scrape_interval: Duration,
    pub(super) runbook_url: String,
    pub(super) dashboard_url: Option<String>,
    pub(super) matchers: Vec<Matcher>,
    pub(super) without: BTreeSet<Part>,
    pub(super) team_labels: BTreeMap<String, String>,
    pub(super) excluded: Vec<String>,
    pub(super) kubernetes: Option<Kubernetes>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            slo_target: 0.999,
            slo_window: 30 * DAY,
            latency: (Duration::from_millis(500), 0.95),
            operation_latency: BTreeMap::new(),
            min_bad_events: 6.0,
            surge: 3.0,
            lockouts: 20.0,
            mfa_denials: 6.0,
            token_replays: 10.0,
            forged_tokens: 20.0,
            attacks: 20.0,
            guessing_sources: 3.0,
            correlations: 10.0,
            expiry_warning: 14 * DAY,
            key_age: DAY,
            scrape_interval: Duration::from_secs(15),
            runbook_url: concat!(
                env!("CARGO_PKG_REPOSITORY"),
                "/blob/v",
                env!("CARGO_PKG_VERSION"),
                "/docs/runbooks.md"
            )
            .to_owned(),
            dashboard_url: None,
            matchers: Vec::new(),
            without: BTreeSet::new(),
            team_labels: BTreeMap::new(),
            excluded: Vec::new(),
            kubernetes: None,
        }
    }
}

impl Options {
    /// Returns the defaults.
    pub fn new() -> Options {
        Options::default()
    }

    /// Sets the share of events that must be good, above 0 and below 1. Default: 0.999.
    pub fn slo_target(mut self, target: f64) -> Options {
        self.slo_target = target;
        self
    }

    /// Sets how long the error budget must last, from a week to 90 days. The windows of the burn rates scale with it. Default: 30 days.
    pub fn slo_window(mut self, window: Duration) -> Options {
        self.slo_window = window;
        self
    }

    /// Sets the share of attempts that must end within a time. The time must be one of the handle's bucket bounds. Default: 0.95 within
    /// 500 ms.
    pub fn latency(mut self, within: Duration, target: f64) -> Options {
        self.latency = (within, target);
        self
    }

    /// Sets the latency objective of one operation, in place of that of [`latency`](Options::latency). The time must be one of the
    /// handle's bucket bounds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use auth_metrics_rules::Options;
    ///
    /// // A login hashes a password, a verification does not.
    /// let options = Options::new().operation_latency("verify_token", Duration::from_millis(10), 0.99);
    /// # let _ = options;
    /// ```
    pub fn operation_latency(
        mut self,
        operation: impl Into<String>,
        within: Duration,
        target: f64,
    ) -> Options {
        self.operation_latency.insert(operation.into(), (within, target));
        self
    }

    /// Sets how many bad events the long window of a burn rate needs, so that two errors in a quiet night wake nobody. As many rejections
    /// must hide an error within 10 minutes before `AuthFailuresSwallowed` fires. Default: 6.
    pub fn min_bad_events(mut self, events: u32) -> Options {
        self.min_bad_events = f64::from(events);
        self
    }

    /// Sets how many times the usual rate of rejections counts as a surge. Default: 3.
    pub fn surge(mut self, times: f64) -> Options {
        self.surge = times;
        self
    }

    /// Sets how many attempts on locked accounts within 10 minutes count as a storm, beyond what is usual. Default: 20.
    pub fn lockouts(mut self, attempts: u32) -> Options {
        self.lockouts = f64::from(attempts);
        self
    }

    /// Sets how many denied second factors within 10 minutes count as a storm, beyond what is usual. Default: 6.
    pub fn mfa_denials(mut self, attempts: u32) -> Options {
        self.mfa_denials = f64::from(attempts);
        self
    }

    /// Sets how many replayed tokens within 10 minutes count as an attack, beyond what is usual. Default: 10.
    pub fn token_replays(mut self, attempts: u32) -> Options {
        self.token_replays = f64::from(attempts);
        self
    }

    /// Sets how many forged tokens, or tokens with unknown keys, within 10 minutes count as an attack, beyond what is usual.
    /// Default: 20.
    pub fn forged_tokens(mut self, attempts: u32) -> Options {
        self.forged_tokens = f64::from(attempts);
        self
    }

    /// Sets how many failures of any other reason with the fault `attack` within 10 minutes count as a storm, beyond what is usual.
    /// Default: 20.
    pub fn attacks(mut self, attempts: u32) -> Options {
        self.attacks = f64::from(attempts);
        self
    }

    /// Sets how many sources, or networks, must begin to guess within an hour before detection pages. Fewer are a ticket. A service on the
    /// open internet has some every day. Default: 3.
    pub fn guessing_sources(mut self, sources: u32) -> Options {
        self.guessing_sources = f64::from(sources);
        self
    }

    /// Sets how many matches of a correlation within an hour the ticket needs, beyond twice the highest hour of the day before. Correlations
    /// are patterns over several attempts that the audit trail finds. Default: 10.
    pub fn correlations(mut self, matches: u32) -> Options {
        self.correlations = f64::from(matches);
        self
    }

    /// Sets how long before a credential expires the alert fires. Default: 14 days.
    pub fn expiry_warning(mut self, before: Duration) -> Options {
        self.expiry_warning = before;
        self
    }

    /// Sets how old a fetched key set may be. Default: a day.
    pub fn key_age(mut self, age: Duration) -> Options {
        self.key_age = age;
        self
    }

    /// Sets how often Prometheus scrapes, from a second to two minutes. The shortest window of the rules holds four scrapes and is at
    /// least five minutes; panels draw no finer than this. Default: 15 s.
    pub fn scrape_interval(mut self, interval: Duration) -> Options {
        self.scrape_interval = interval;
        self
    }

    /// Sets the base URL of the runbooks. Each alert adds `#` and its name in lower case. Default: the runbooks of this library.
    pub fn runbook_url(mut self, base: impl Into<String>) -> Options {
        self.runbook_url = base.into();
        self
    }

    /// Sets the base URL of your Grafana, such as `https://grafana.example`. Each alert then links to the dashboard, with its own job,
    /// service and operation chosen. Default: no link.
    pub fn dashboard_url(mut self, base: impl Into<String>) -> Options {
        self.dashboard_url = Some(base.into());
        self
    }

    /// Reads only the series whose label has this value, so that two teams can share a Prometheus. `service_id` and `operation` apply to
    /// the families that have them, every other label to all series.
    ///
    /// ```
    /// use auth_metrics_rules::Options;
    ///
    /// let options = Options::new().select("job", "identity").select_regex("cluster", "eu-.*", "eu-1");
    /// # let _ = options;
    /// ```
    pub fn select(mut self, label: impl Into<String>, value: impl Into<String>) -> Options {
        self.matchers.push(Matcher::equal(label.into(), value.into()));
        self
    }

    /// Does the same with a regular expression that the whole value must match. The generated tests use the example, so it must match.
    pub fn select_regex(
        mut self,
        label: impl Into<String>,
        pattern: impl Into<String>,
        example: impl Into<String>,
    ) -> Options {
        self.matchers.push(Matcher::pattern(label.into(), pattern.into(), example.into()));
        self
    }

    /// Leaves out the alerts, rules and panels of a part that your binary does not have.
    pub fn without(mut self, part: Part) -> Options {
        self.without.insert(part);
        self
    }

    /// Adds a label to every alert, for your Alertmanager routes.
    pub fn team_label(mut self, name: impl Into<String>, value: impl Into<String>) -> Options {
        self.team_labels.insert(name.into(), value.into());
        self
    }

    /// Leaves an operation out of every rule that has operations.
    pub fn exclude(mut self, operation: impl Into<String>) -> Options {
        self.excluded.push(operation.into());
        self
    }

    /// Generates Kubernetes objects beside the other files: the rules for the Prometheus operator, what it scrapes, and the dashboard for
    /// Grafana's sidecar. Default: none.
    ///
    /// ```
    /// use auth_metrics_rules::{Kubernetes, Options};
    ///
    /// let kubernetes = Kubernetes::new("gateway").label("release", "kube-prometheus-stack");
    /// let options = Options::new().kubernetes(kubernetes);
    /// # let _ = options;
    /// ```
    pub fn kubernetes(mut self, kubernetes: Kubernetes) -> Options {
        self.kubernetes = Some(kubernetes);
        self
    }

    pub(super) fn check(&self, catalogue: &Catalogue) -> Result<(), RulesError> {
        let latencies = || std::iter::once(&self.latency).chain(self.operation_latency.values());
        let targets = latencies().map(|(_, target)| ("the latency target", *target));
        for (option, value) in std::iter::once(("slo_target", self.slo_target)).chain(targets) {
            if !(value > 0.0 && value <= 0.999_99) {
                return Err(RulesError::Target { option, value });
            }
        }
        for (option, value, least, most) in [
            ("surge", self.surge, 1.0, 1_000.0),
            ("min_bad_events", self.min_bad_events, 0.0, 1_000.0),
            ("lockouts", self.lockouts, 0.0, 1e6),
            ("mfa_denials", self.mfa_denials, 0.0, 1e6),
            ("token_replays", self.token_replays, 0.0, 1e6),
            ("forged_tokens", self.forged_tokens, 0.0, 1e6),
            ("attacks", self.attacks, 0.0, 1e6),
            ("guessing_sources", self.guessing_sources, 1.0, 1e6),
            ("correlations", self.correlations, 0.0, 1e6),
        ] {
            if !(least..=most).contains(&value) {
                return Err(RulesError::Number { option, value, least, most });
            }
        }
        if let Some((within, _)) =
            latencies().find(|(within, _)| bound::of(*within, catalogue.bounds()).is_none())
        {
            let (seconds, bounds) = (within.as_secs_f64(), catalogue.bounds().to_vec());
            return Err(RulesError::LatencyBound { seconds, bounds });
        }
        let needs = |fits: bool, option, needs| {
            if fits { Ok(()) } else { Err(RulesError::Duration { option, needs }) }
        };
        needs((7 * DAY..=90 * DAY).contains(&self.slo_window), "slo_window", "from a week to 90 days")?;
        let second = Duration::from_secs(1);
        needs(
            (second..=120 * second).contains(&self.scrape_interval),
            "scrape_interval",
            "from 1 s to 2 minutes",
        )?;
        needs(
            (second..=3_650 * DAY).contains(&self.expiry_warning),
            "expiry_warning",
            "from a second to ten years",
        )?;
        needs((second..=3_650 * DAY).contains(&self.key_age), "key_age", "from a second to ten years")?;
        if !is_url(&self.runbook_url) {
            return Err(RulesError::RunbookUrl(self.runbook_url.clone()));
        }
        if let Some(url) = self.dashboard_url.as_ref().filter(|url| !is_url(url) || url.contains('?')) {
            return Err(RulesError::DashboardUrl(url.clone()));
        }
        for (at, matcher) in self.matchers.iter().enumerate() {
            let twice = self.matchers.iter().take(at).any(|other| other.label == matcher.label);
            if twice || !is_label_name(&matcher.label) || !matcher.is_sound() {
                return Err(RulesError::Selector(matcher.label.clone()));
            }
        }
        let unfit = |name: &String| !is_label_name(name) || TAKEN.contains(&name.as_str());
        let unsaid = |value: &String| value.is_empty() || value.contains("{{");
        let unfit = self.team_labels.iter().find(|(name, value)| unfit(name) || unsaid(value));
        if let Some((name, _)) = unfit {
            return Err(RulesError::TeamLabel(name.clone()));
        }
        self.kubernetes.as_ref().map_or(Ok(()), Kubernetes::check)?;
        self.check_operations(catalogue)
    }

    fn check_operations(&self, catalogue: &Catalogue) -> Result<(), RulesError> {
        let known: Vec<String> = catalogue.iter().map(|operation| operation.name().to_owned()).collect();
        if known.is_empty() {
            return Err(RulesError::EmptyCatalogue);
        }
        let selected =
            self.matchers.iter().filter(|matcher| matcher.label == "operation" && matcher.is_equality());
        let selected: Vec<String> = selected.map(|matcher| matcher.example().1.to_owned()).collect();
        let named = self.excluded.iter().chain(self.operation_latency.keys()).chain(&selected);
        if let Some(name) = named.into_iter().find(|name| !known.contains(name)) {
            return Err(RulesError::UnknownOperation { name: name.clone(), known });
        }
        if known.iter().all(|name| self.excluded.contains(name)) {
            return Err(RulesError::AllExcluded);
        }
        Ok(())
    }
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let (authority, _) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let port_fits = authority.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok());
    let host_fits =
        !host.is_empty() && host.chars().all(|each| each.is_ascii_alphanumeric() || "-.[]:".contains(each));
    host_fits
        && port_fits
        && rest.chars().all(|each| each.is_ascii_graphic() && !"#\"<>\\^`{|}".contains(each))
}
