//! The group of a handle's credentials and keys: what is exported of them. Knows nothing of how they are tracked or rotated.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use auth_metrics::events::Step;
use auth_metrics::group::{
    ByService, Counters, Gauge, Group, InternalErrors, Observations, Overflow, Samples,
};
use auth_metrics::{AuthMetrics, Family, Outcome, Reason};

use crate::families;
use crate::terms::{CredentialEvent, CredentialKind, KeyFetch, KeyState, RotationOutcome};

/// How many credentials of one kind a service tells apart.
const MAX_CREDENTIALS: usize = 64;

/// What every credential that finds no place of its own is exported as.
pub(crate) const OTHER: &str = "other";

/// How long a rotation takes: from a call inside the process to a slow certificate authority.
const ROTATION_SECONDS: [f64; 12] = [0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0];
/// Life left: from a second to a year.
const REMAINING_SECONDS: [f64; 12] = [
    1.0,
    60.0,
    300.0,
    900.0,
    3_600.0,
    21_600.0,
    86_400.0,
    604_800.0,
    1_209_600.0,
    2_592_000.0,
    7_776_000.0,
    31_536_000.0,
];

/// What can go wrong inside of this crate.
#[derive(Clone, Copy)]
pub(crate) enum InternalError {
    /// A credential was told to take a step that its state does not allow; the step was not taken.
    IllegalTransition,
    /// The time of day jumped beside the steady clock, as a rotator sees it.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    ClockJumped,
    /// A rotator could not ask the store of the leases.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    LeaseUnavailable,
    /// A rotator's `refresh` failed, panicked or hung between two tries.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    RefreshFailed,
    /// The worker of a rotator panicked; it has ended and gave its lease back.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    RotatorPanicked,
    /// A rotator's `retire` failed, panicked or hung.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    RetireFailed,
}

const INTERNAL_ERRORS: &[&str] = &[
    "illegal_transition",
    "clock_jumped",
    "lease_unavailable",
    "refresh_failed",
    "rotator_panicked",
    "retire_failed",
];

/// The credentials and keys of every service of a handle.
pub(crate) struct CredentialGroup {
    services: ByService<ServiceCredentials>,
    overflow: Overflow,
    internal_errors: InternalErrors,
}

/// Each part is there from its first use on, and then exported with every value of its label.
#[derive(Default)]
struct ServiceCredentials {
    kinds: [OnceLock<Box<OfKind>>; CredentialKind::COUNT],
    key_states: OnceLock<Counters>,
    key_fetches: OnceLock<Counters>,
    last_fetch: Gauge,
}

/// The credentials of one kind.
#[derive(Default)]
struct OfKind {
    /// At most [`MAX_CREDENTIALS`], and `other`. A credential that is forgotten leaves its place.
    credentials: Mutex<BTreeMap<Arc<str>, CredentialTimes>>,
    events: OnceLock<Counters>,
    rotations: OnceLock<Counters>,
    durations: OnceLock<Observations>,
    remaining: OnceLock<Observations>,
}

/// The times of a credential as a tracker knows them: seconds, and seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct CredentialTimes {
    pub(crate) not_after: Option<f64>,
    pub(crate) last_rotated: Option<f64>,
    pub(crate) rotation_interval: Option<f64>,
}

impl CredentialGroup {
    /// The group of a handle; none if the handle refuses it, which it counts and logs.
    pub(crate) fn attached(metrics: &AuthMetrics) -> Option<Arc<CredentialGroup>> {
        metrics.group(CredentialGroup::new).ok()
    }

    /// The same for a tracker, which works without being exported too.
    pub(crate) fn of(metrics: &AuthMetrics) -> Arc<CredentialGroup> {
        CredentialGroup::attached(metrics).unwrap_or_else(|| Arc::new(CredentialGroup::new()))
    }

    fn new() -> CredentialGroup {
        CredentialGroup {
            services: ByService::new(),
            overflow: Overflow::of("credential"),
            internal_errors: InternalErrors::new(INTERNAL_ERRORS),
        }
    }

    fn service(&self, metrics: &AuthMetrics, service_id: &str) -> &ServiceCredentials {
        self.services.get_or_insert_with(metrics, service_id, ServiceCredentials::default)
    }

    fn kind(&self, metrics: &AuthMetrics, service_id: &str, kind: CredentialKind) -> &OfKind {
        self.service(metrics, service_id).kinds[kind as usize].get_or_init(Box::default)
    }

    pub(crate) fn count_internal_error(&self, error: InternalError) {
        self.internal_errors.count(error as usize);
    }

    pub(crate) fn count_key(&self, metrics: &AuthMetrics, service_id: &str, state: KeyState) {
        count(&self.service(metrics, service_id).key_states, KeyState::COUNT, state as usize);
    }

    /// Counts a fetch; the clock is read after a success only.
    pub(crate) fn count_fetch(
        &self,
        metrics: &AuthMetrics,
        service_id: &str,
        fetch: KeyFetch,
        now: impl FnOnce() -> SystemTime,
    ) {
        let service = self.service(metrics, service_id);
        count(&service.key_fetches, KeyFetch::COUNT, fetch as usize);
        if fetch == KeyFetch::Success {
            let now = now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            service.last_fetch.set(Some(now.as_secs_f64()));
        }
    }

    /// Exports the counts of key fetches at zero, if they are not exported yet.
    pub(crate) fn expect_fetches(&self, metrics: &AuthMetrics, service_id: &str) {
        self.service(metrics, service_id).key_fetches.get_or_init(|| Counters::new(KeyFetch::COUNT));
    }

    /// Counts what happened to a credential, whose slug may be unknown, and tells observers.
    pub(crate) fn count_event(
        &self,
        metrics: &AuthMetrics,
        service_id: &str,
        (kind, slug): (CredentialKind, Option<&str>),
        event: CredentialEvent,
    ) {
        count(&self.kind(metrics, service_id, kind).events, CredentialEvent::COUNT, event as usize);
        let outcome = match event {
            CredentialEvent::RotationFailed => Outcome::Failure(Reason::InternalError),
            _ => Outcome::Success,
        };
        let step = Step::credential(service_id, event.label()).source(kind.label()).outcome(outcome);
        metrics.events().report(&match slug {
            Some(slug) => step.resource(slug),
            None => step,
        });
    }

    pub(crate) fn count_rotation(
        &self,
        metrics: &AuthMetrics,
        service_id: &str,
        kind: CredentialKind,
        (outcome, took): (RotationOutcome, Duration),
    ) {
        let of_kind = self.kind(metrics, service_id, kind);
        count(&of_kind.rotations, RotationOutcome::COUNT, outcome as usize);
        of_kind.durations().observe(took);
    }

    /// Exports the counts of rotations of a kind at zero, if they are not exported yet.
    pub(crate) fn expect_rotations(&self, metrics: &AuthMetrics, service_id: &str, kind: CredentialKind) {
        let of_kind = self.kind(metrics, service_id, kind);
        of_kind.rotations.get_or_init(|| Counters::new(RotationOutcome::COUNT));
        of_kind.durations();
    }

    pub(crate) fn observe_remaining(
        &self,
        metrics: &AuthMetrics,
        service_id: &str,
        kind: CredentialKind,
        remaining: Duration,
    ) {
        let observations = || Observations::new(&REMAINING_SECONDS).unwrap_or_default();
        self.kind(metrics, service_id, kind).remaining.get_or_init(observations).observe(remaining);
    }

    /// Exports what is known of a credential; nothing is exported of it where nothing is known.
    pub(crate) fn set_credential(
        &self,
        metrics: &AuthMetrics,
        service_id: &str,
        kind: CredentialKind,
        (credential, times): (&str, CredentialTimes),
    ) {
        let mut credentials = self.kind(metrics, service_id, kind).credentials();
        if let Some(known) = credentials.get_mut(credential) {
            *known = times;
            return;
        }
        let has_room = credentials.len() < MAX_CREDENTIALS;
        credentials.insert(Arc::from(if has_room { credential } else { OTHER }), times);
        if !has_room {
            self.overflow.count();
        }
    }

    /// Exports nothing of a credential any longer; its place is free.
    pub(crate) fn forget_credential(
        &self,
        metrics: &AuthMetrics,
        service_id: &str,
        kind: CredentialKind,
        credential: &str,
    ) {
        self.kind(metrics, service_id, kind).credentials().remove(credential);
    }

    /// Whether a credential would have times of its own: not when the table is full of others.
    pub(crate) fn has_room_for(
        &self,
        metrics: &AuthMetrics,
        service_id: &str,
        kind: CredentialKind,
        credential: &str,
    ) -> bool {
        let credentials = self.kind(metrics, service_id, kind).credentials();
        credentials.contains_key(credential) || credentials.len() < MAX_CREDENTIALS
    }
}

impl OfKind {
    fn durations(&self) -> &Observations {
        self.durations.get_or_init(|| Observations::new(&ROTATION_SECONDS).unwrap_or_default())
    }

    fn credentials(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, CredentialTimes>> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn collect(&self, labels: [&str; 2], samples: &mut Samples) {
        let [service, kind] = labels;
        for (slug, times) in &*self.credentials() {
            let gauges = [
                (&families::NOT_AFTER, times.not_after),
                (&families::LAST_ROTATED, times.last_rotated),
                (&families::ROTATION_INTERVAL, times.rotation_interval),
            ];
            for (family, value) in gauges {
                if let Some(value) = value {
                    samples.gauge(family, &[service, kind, slug], value);
                }
            }
        }
        let outcomes = RotationOutcome::ALL.iter().map(|outcome| outcome.label());
        collect_counts(&families::ROTATIONS, &labels, outcomes, &self.rotations, samples);
        let events = CredentialEvent::ALL.iter().map(|event| event.label());
        collect_counts(&families::CREDENTIAL_EVENTS, &labels, events, &self.events, samples);
        for (family, observed) in [
            (&families::ROTATION_DURATION, &self.durations),
            (&families::PRESENTED_REMAINING, &self.remaining),
        ] {
            if let Some(observed) = observed.get() {
                samples.histogram(family, &labels, observed);
            }
        }
    }
}

impl Group for CredentialGroup {
    fn families(&self) -> Vec<&'static Family> {
        families::FAMILIES.to_vec()
    }

    fn collect(&self, samples: &mut Samples) {
        for (service, credentials) in self.services.iter() {
            for kind in CredentialKind::ALL {
                if let Some(of_kind) = credentials.kinds[*kind as usize].get() {
                    of_kind.collect([service, kind.label()], samples);
                }
            }
            let results = KeyFetch::ALL.iter().map(|fetch| fetch.label());
            collect_counts(&families::KEY_FETCHES, &[service], results, &credentials.key_fetches, samples);
            if let Some(at) = credentials.last_fetch.get() {
                samples.gauge(&families::KEY_LAST_SUCCESS, &[service], at);
            }
            let states = KeyState::ALL.iter().map(|state| state.label());
            collect_counts(&families::TOKEN_KEYS, &[service], states, &credentials.key_states, samples);
        }
        samples.overflow(&self.overflow);
        samples.internal_errors(&self.internal_errors);
    }
}

/// Hands out counts by the values of their last label.
fn collect_counts(
    family: &'static Family,
    labels: &[&str],
    values: impl Iterator<Item = &'static str>,
    counts: &OnceLock<Counters>,
    samples: &mut Samples,
) {
    let Some(counts) = counts.get() else { return };
    for (value, count) in values.zip(counts.iter()) {
        samples.counter(family, &[labels, &[value]].concat(), count);
    }
}

fn count(counters: &OnceLock<Counters>, values: usize, value: usize) {
    counters.get_or_init(|| Counters::new(values)).add(value, 1);
}

/// What the body gives, or none if it unwinds. What it unwinds with is forgotten: dropping it may unwind again.
pub(crate) fn unwinding_stops<T>(body: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(body)).map_err(std::mem::forget).ok()
}
