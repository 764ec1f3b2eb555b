//! A credential to rotate, and what was counted of it.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::rotation::{Rotated, RotationContext, Rotator};
use auth_metrics_credentials::{Credential, CredentialTracker, TrackedCredential};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3_600);
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

pub(crate) fn metrics() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

/// An active signing key with this interval and this life.
pub(crate) fn key(
    metrics: &AuthMetrics,
    interval: Option<Duration>,
    life: Option<Duration>,
) -> TrackedCredential {
    let mut key = Credential::new(CredentialKind::SigningKey, "jwt");
    if let Some(interval) = interval {
        key = key.with_rotation_interval(interval);
    }
    if let Some(life) = life {
        key = key.with_not_after(SystemTime::now() + life);
    }
    let key = CredentialTracker::new(metrics).declare(key).unwrap();
    key.activate().unwrap();
    key
}

/// What `rotate` was told, try by try.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Vec<RotationContext>>>);

impl Calls {
    pub(crate) fn all(&self) -> Vec<RotationContext> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    pub(crate) fn note(&self, context: &RotationContext) {
        self.0.lock().unwrap().push(context.clone());
    }

    /// The times between the calls, the first from `start`.
    pub(crate) fn gaps(&self, start: SystemTime) -> Vec<Duration> {
        let times: Vec<SystemTime> = self.all().iter().map(RotationContext::now).collect();
        let before = std::iter::once(start).chain(times.iter().copied());
        times.iter().zip(before).map(|(time, before)| time.duration_since(before).unwrap()).collect()
    }

    /// A rotator whose every try succeeds.
    pub(crate) fn succeeding(&self, key: TrackedCredential) -> Rotator {
        let calls = self.clone();
        Rotator::new(key, move |context| {
            calls.note(&context);
            async { Ok::<_, io::Error>(Rotated::without_end()) }
        })
    }

    /// A rotator whose every try fails.
    pub(crate) fn failing(&self, key: TrackedCredential) -> Rotator {
        let calls = self.clone();
        Rotator::new(key, move |context| {
            calls.note(&context);
            async { Err::<Rotated, _>(io::Error::other("refused")) }
        })
    }
}

/// The id of the key that a rotator starts with, where a test gives one.
pub(crate) const FIRST: &str = "first";

/// Ids in the order in which something was done to them.
#[derive(Clone, Default)]
pub(crate) struct Ids(Arc<Mutex<Vec<String>>>);

impl Ids {
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn note(&self, id: String) {
        self.0.lock().unwrap().push(id);
    }

    /// Has a rotator write here what it retires.
    pub(crate) fn retired_by(&self, rotator: Rotator) -> Rotator {
        let ids = Arc::clone(&self.0);
        rotator.retire(move |old| {
            ids.lock().unwrap().push(old.id().to_owned());
            async { Ok::<_, io::Error>(()) }
        })
    }
}

/// The tries by outcome: success, error, panicked, timeout, cancelled.
pub(crate) fn tries(metrics: &AuthMetrics) -> [f64; 5] {
    ["success", "error", "panicked", "timeout", "cancelled"].map(|outcome| {
        let labels = [("credential_kind", "signing_key"), ("outcome", outcome)];
        metrics.snapshot().value("auth_credential_rotations_total", &labels).unwrap_or(0.0)
    })
}

pub(crate) fn event(metrics: &AuthMetrics, event: &str) -> f64 {
    let labels = [("credential_kind", "signing_key"), ("event", event)];
    metrics.snapshot().value("auth_credential_events_total", &labels).unwrap()
}

/// Faults of the library itself of this kind.
pub(crate) fn faults(metrics: &AuthMetrics, kind: &str) -> f64 {
    metrics.snapshot().value("auth_metrics_internal_errors_total", &[("kind", kind)]).unwrap()
}

/// Runs a future under a paused clock: for property tests, which have no attribute for it.
pub(crate) fn paused<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(future)
}
