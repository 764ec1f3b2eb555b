//! `Options`: objectives, thresholds, labels and links of the rules.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{RulesError, bound};
use auth_metrics::catalogue::Catalogue;

const DAY: Duration = Duration::from_secs(86_400);

/// Labels that alerts already have.
const TAKEN: [&str; 13] = [
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
    pub(super) min_events: f64,
    pub(super) surge: f64,
    pub(super) lockouts: f64,
    pub(super) mfa_denials: f64,
    pub(super) token_replays: f64,
    pub(super) forged_tokens: f64,
    pub(super) expiry_warning: Duration,
    pub(super) key_age: Duration,
    pub(super) scrape_interval: Duration,
    pub(super) runbook_url: String,
    pub(super) team_labels: BTreeMap<String, String>,
    pub(super) excluded: Vec<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            slo_target: 0.999,
            slo_window: 30 * DAY,
            latency: (Duration::from_millis(500), 0.95),
            min_events: 100.0,
            surge: 3.0,
            lockouts: 20.0,
            mfa_denials: 30.0,
            token_replays: 5.0,
            forged_tokens: 20.0,
            expiry_warning: 14 * DAY,
            key_age: DAY,
            scrape_interval: Duration::from_secs(15),
            runbook_url: concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/runbooks.md").to_owned(),
            team_labels: BTreeMap::new(),
            excluded: Vec::new(),
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

    /// Sets how long the error budget must last, at least a week. Default: 30 days.
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

    /// Sets how many events the long window of a ratio alert needs, so that a single error at night wakes nobody. Default: 100.
    pub fn min_events(mut self, events: u32) -> Options {
        self.min_events = f64::from(events);
        self
    }

    /// Sets how many times the usual rate of rejections counts as a surge. Default: 3.
    pub fn surge(mut self, times: f64) -> Options {
        self.surge = times;
        self
    }

    /// Sets how many attempts on locked accounts within 10 minutes count as a storm. Default: 20.
    pub fn lockouts(mut self, attempts: u32) -> Options {
        self.lockouts = f64::from(attempts);
        self
    }

    /// Sets how many denied or wrong second factors within 10 minutes count as a storm. Default: 30.
    pub fn mfa_denials(mut self, attempts: u32) -> Options {
        self.mfa_denials = f64::from(attempts);
        self
    }

    /// Sets how many replayed tokens within 10 minutes count as an attack. Default: 5.
    pub fn token_replays(mut self, attempts: u32) -> Options {
        self.token_replays = f64::from(attempts);
        self
    }

    /// Sets how many forged tokens, or tokens with unknown keys, within 10 minutes count as an attack. Default: 20.
    pub fn forged_tokens(mut self, attempts: u32) -> Options {
        self.forged_tokens = f64::from(attempts);
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

    /// Sets how often Prometheus scrapes: from a second to a minute, since the shortest window is five minutes. Default: 15 s.
    pub fn scrape_interval(mut self, interval: Duration) -> Options {
        self.scrape_interval = interval;
        self
    }

    /// Sets the base URL of the runbooks. Each alert adds `#` and its name in lower case. Default: the runbooks of this library.
    pub fn runbook_url(mut self, base: impl Into<String>) -> Options {
        self.runbook_url = base.into();
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

    pub(super) fn check(&self, catalogue: &Catalogue) -> Result<(), RulesError> {
        for (option, value) in [("slo_target", self.slo_target), ("the latency target", self.latency.1)] {
            if !(value > 0.0 && value < 1.0) {
                return Err(RulesError::Target { option, value });
            }
        }
        if bound::of(self.latency.0, catalogue.bounds()).is_none() {
            let (seconds, bounds) = (self.latency.0.as_secs_f64(), catalogue.bounds().to_vec());
            return Err(RulesError::LatencyBound { seconds, bounds });
        }
        let needs = |fits: bool, option, needs| {
            if fits { Ok(()) } else { Err(RulesError::Duration { option, needs }) }
        };
        needs(self.slo_window >= 7 * DAY, "slo_window", "at least a week")?;
        let second = Duration::from_secs(1);
        needs((second..=60 * second).contains(&self.scrape_interval), "scrape_interval", "from 1 s to 60 s")?;
        needs(self.expiry_warning >= second, "expiry_warning", "at least a second")?;
        needs(self.key_age >= second, "key_age", "at least a second")?;
        if !is_url(&self.runbook_url) {
            return Err(RulesError::RunbookUrl(self.runbook_url.clone()));
        }
        let unfit = |name: &&String| !is_label_name(name) || TAKEN.contains(&name.as_str());
        if let Some(name) = self.team_labels.keys().find(unfit) {
            return Err(RulesError::TeamLabel(name.clone()));
        }
        self.check_operations(catalogue)
    }

    fn check_operations(&self, catalogue: &Catalogue) -> Result<(), RulesError> {
        let known: Vec<String> = catalogue.iter().map(|operation| operation.name().to_owned()).collect();
        if known.is_empty() {
            return Err(RulesError::EmptyCatalogue);
        }
        if let Some(name) = self.excluded.iter().find(|name| !known.contains(name)) {
            return Err(RulesError::UnknownOperation { name: name.clone(), known });
        }
        if known.iter().all(|name| self.excluded.contains(name)) {
            return Err(RulesError::AllExcluded);
        }
        Ok(())
    }
}

fn is_label_name(name: &str) -> bool {
    let fits = |each: char| each.is_ascii_alphanumeric() || each == '_';
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && !name.starts_with("__")
        && name.chars().all(fits)
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
