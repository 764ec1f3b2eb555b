//! The families of a process that no operation feeds: limits, credentials, key sets, what the library says of itself.

use auth_metrics_random::Random;

use crate::calendar::{DAY, Minute, WEEK, seconds};
use crate::deployment::Deployment;
use crate::episode::Effect;
use crate::process::fault_of;
use crate::series::{Id, Store, spelled};

const CAPACITY: f64 = 1_000.0;

/// A value and its series.
#[derive(Debug)]
struct Cell {
    key: &'static str,
    id: Id,
    value: f64,
}

/// Cells of one process.
#[derive(Debug)]
pub struct House {
    cells: Vec<Cell>,
    replica: usize,
}

impl House {
    pub fn new(
        deployment: &Deployment,
        instance: &str,
        replica: usize,
        now: Minute,
        store: &mut Store,
    ) -> House {
        let target = [("job", &*deployment.job), ("instance", instance)];
        let mut cells = Vec::new();
        let mut add = |key, family: &str, labels: &[(&str, &str)], value| {
            let labels: Vec<_> = target.iter().chain(labels).copied().collect();
            cells.push(Cell { key, id: store.id(spelled(family, &labels), false), value });
        };
        for reason in reasons(deployment) {
            let (fault, class) = fault_of(reason);
            let labels = [("failure_reason", reason), ("class", class), ("fault", fault.label())];
            add("info", "auth_failure_reason_info", &labels, 1.0);
        }
        add("overflow", "auth_label_overflow_total", &[("label", "service_id")], 0.0);
        add("internal", "auth_metrics_internal_errors_total", &[("kind", "conflicting_kind")], 0.0);
        let service = ("service_id", &*deployment.job);
        if deployment.limits {
            add_limits(service, &mut add);
        }
        if deployment.credentials {
            add_credentials(service, now, deployment.until, &mut add);
        }
        if deployment.key_fetches.is_some() {
            add_keys(service, now, &mut add);
        }
        House { cells, replica }
    }

    fn set(&mut self, key: &str, change: impl Fn(f64) -> f64) {
        for cell in self.cells.iter_mut().filter(|cell| cell.key == key) {
            cell.value = change(cell.value);
        }
    }

    fn add(&mut self, key: &str, count: f64) {
        if count > 0.0 {
            self.set(key, |value| value + count);
        }
    }

    pub fn scrape(&self, minute: Minute, store: &mut Store) {
        for cell in &self.cells {
            store.push(cell.id, minute, cell.value);
        }
    }

    /// A minute passes. `share` is this replica's part of the attempts, `busy` how full the service is.
    pub fn pass(
        &mut self,
        deployment: &Deployment,
        minute: Minute,
        (share, busy): (f64, f64),
        random: &mut Random,
    ) {
        let effects: Vec<_> = deployment.episodes.iter().filter(|episode| episode.holds(minute)).collect();
        if deployment.limits {
            self.limits(busy, random);
        }
        if deployment.credentials {
            self.set("certificate", |_| (seconds(deployment.until) + 60 * DAY * 60) as f64);
            self.secret(deployment, minute);
        }
        self.keys(deployment, minute, &effects.iter().map(|episode| &episode.effect).collect::<Vec<_>>());
        for episode in effects {
            let since = minute - episode.from;
            match episode.effect {
                Effect::FailOpen { per_second } => {
                    self.add("fail_open", random.poisson(per_second * 60.0 * share) as f64);
                }
                Effect::Limit { share, to } => {
                    let passed = (2.0 * since as f64 / (episode.to - episode.from) as f64).min(1.0);
                    let usage = share + (to - share) * passed;
                    self.set("usage", |_| (CAPACITY * usage).round());
                }
                Effect::Certificate { replica, left } if replica.is_none_or(|only| only == self.replica) => {
                    self.set("certificate", |_| seconds(episode.from) as f64 + left);
                }
                Effect::RotationsFail { every } if since % every == 0 && self.replica == 0 => {
                    self.add("rotation_error", 1.0);
                    self.add("rotation_failed", 1.0);
                }
                Effect::CredentialEvent { event, per_minute } => {
                    self.add(event, random.poisson(per_minute * share) as f64);
                }
                Effect::RetiredKey { per_second } => {
                    self.add("retired", random.poisson(per_second * 60.0 * share) as f64);
                }
                _ => {}
            }
        }
    }

    /// Verifications by the state of the key.
    pub fn verified(&mut self, known: u64, unknown: u64) {
        self.add("current", known as f64);
        self.add("unknown", unknown as f64);
    }

    fn limits(&mut self, busy: f64, random: &mut Random) {
        let usage = (0.4 * busy.min(1.3) + 0.03 * random.normal()).clamp(0.0, 0.7);
        self.set("usage", |_| (CAPACITY * usage).round());
        // The fullest of many clients is now this one, now that one.
        let fullest = random.between(0.2, 1.0);
        self.set("fullest", |_| (CAPACITY * fullest).round());
        self.set("tracked", |_| (400.0 * busy).round());
        self.add("exceeded", random.poisson(0.05 * busy) as f64);
    }

    /// Rotated each week, by the first replica.
    fn secret(&mut self, deployment: &Deployment, minute: Minute) {
        let phase = deployment.job.len() as Minute * 601;
        let last = (minute - phase).div_euclid(WEEK) * WEEK + phase;
        self.set("rotated", |_| seconds(last) as f64);
        self.set("secret", |_| seconds(last + 2 * WEEK) as f64);
        if last == minute && self.replica == 0 {
            self.add("rotation_success", 1.0);
            self.add("rotated_event", 1.0);
        }
    }

    fn keys(&mut self, deployment: &Deployment, minute: Minute, effects: &[&Effect]) {
        let Some(every) = deployment.key_fetches else { return };
        if (minute + self.replica as Minute) % every != 0 {
            return;
        }
        let replica = self.replica;
        let stopped =
            |effect: &&Effect| matches!(effect, Effect::KeyFetchesStop { replica: only } if *only == replica);
        let fails = |effect: &&Effect| matches!(effect, Effect::KeyFetchesFail { replica: only } if only.is_none_or(|only| only == replica));
        if effects.iter().any(stopped) {
            return;
        }
        if effects.iter().any(fails) {
            self.add("fetch_error", 1.0);
            return;
        }
        let off: f64 = effects
            .iter()
            .map(|effect| {
                if let Effect::Clock { replica: only, off } = effect {
                    if *only == replica { *off } else { 0.0 }
                } else {
                    0.0
                }
            })
            .sum();
        self.add("fetch_success", 1.0);
        self.set("fetched", |_| seconds(minute) as f64 + off);
    }
}

/// All reasons of a deployment, each once.
fn reasons(deployment: &Deployment) -> Vec<&'static str> {
    let mut all: Vec<_> = deployment
        .operations
        .iter()
        .flat_map(|operation| operation.reasons.iter().map(|usual| usual.reason))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

type Label<'a> = (&'a str, &'a str);

fn add_limits(service: Label<'_>, add: &mut impl FnMut(&'static str, &str, &[Label<'_>], f64)) {
    let [global, each] = [[service, ("limit_type", "global")], [service, ("limit_type", "per_client")]];
    add("usage", "rate_limit_current", &global, 0.0);
    add("capacity", "rate_limit_capacity", &global, CAPACITY);
    add("fullest", "rate_limit_current", &each, 0.0);
    add("capacity", "rate_limit_capacity", &each, CAPACITY);
    add("tracked", "rate_limit_tracked_keys", &each, 0.0);
    add("exceeded", "rate_limit_exceeded_total", &[service], 0.0);
    add("fail_open", "auth_fail_open_total", &[service, ("policy", "rate_limit")], 0.0);
}

fn add_credentials(
    service: Label<'_>,
    now: Minute,
    until: Minute,
    add: &mut impl FnMut(&'static str, &str, &[Label<'_>], f64),
) {
    let certificate = [service, ("credential_kind", "certificate"), ("credential", "edge.mtls")];
    let secret = [service, ("credential_kind", "client_secret"), ("credential", "directory.client")];
    let since = seconds(now) as f64;
    add(
        "certificate",
        "auth_credential_not_after_timestamp_seconds",
        &certificate,
        (seconds(until) + 60 * DAY * 60) as f64,
    );
    add(
        "installed",
        "auth_credential_last_rotated_timestamp_seconds",
        &certificate,
        (seconds(0) - 20 * DAY * 60) as f64,
    );
    add("secret", "auth_credential_not_after_timestamp_seconds", &secret, since);
    add("rotated", "auth_credential_last_rotated_timestamp_seconds", &secret, since);
    add("interval", "auth_credential_rotation_interval_seconds", &secret, (WEEK * 60) as f64);
    let kind = ("credential_kind", "client_secret");
    for (key, outcome) in
        [("rotation_success", "success"), ("rotation_error", "error"), ("rotation_timeout", "timeout")]
    {
        add(key, "auth_credential_rotations_total", &[service, kind, ("outcome", outcome)], 0.0);
    }
    let events = [
        ("rotated_event", "rotated"),
        ("rotation_failed", "rotation_failed"),
        ("compromised", "compromised"),
        ("revoked", "revoked"),
    ];
    for (key, event) in events {
        add(key, "auth_credential_events_total", &[service, kind, ("event", event)], 0.0);
    }
}

fn add_keys(service: Label<'_>, now: Minute, add: &mut impl FnMut(&'static str, &str, &[Label<'_>], f64)) {
    add("fetch_success", "auth_key_fetches_total", &[service, ("result", "success")], 1.0);
    add("fetch_error", "auth_key_fetches_total", &[service, ("result", "error")], 0.0);
    add("fetched", "auth_key_last_success_timestamp_seconds", &[service], seconds(now) as f64);
    for state in ["current", "previous", "retired", "unknown"] {
        add(state, "auth_token_keys_total", &[service, ("key_state", state)], 0.0);
    }
}
