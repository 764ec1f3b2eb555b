//! Credentials: what is refused, which steps may be taken, and what is exported of them.

mod files;
mod refusals;
mod steps;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use auth_metrics::credentials::{Credential, CredentialTracker};
use auth_metrics::{AuthMetrics, CredentialKind};

const DAY: u64 = 86_400;
/// The time when a test begins.
const START: u64 = 1_800_000_000;

/// A handle, a tracker, and the clock that both go by.
struct Bench {
    metrics: AuthMetrics,
    tracker: CredentialTracker,
    now: Arc<AtomicU64>,
}

impl Bench {
    fn new() -> Bench {
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        let now = Arc::new(AtomicU64::new(START));
        let clock = Arc::clone(&now);
        let tracker = CredentialTracker::new(&metrics).with_clock(move || at(clock.load(Ordering::Relaxed)));
        Bench { metrics, tracker, now }
    }

    fn set_clock(&self, seconds: u64) {
        self.now.store(seconds, Ordering::Relaxed);
    }

    fn events(&self, event: &str) -> f64 {
        self.metrics.snapshot().value("auth_credential_events_total", &[("event", event)]).unwrap_or(0.0)
    }

    fn all_events(&self) -> f64 {
        self.metrics.snapshot().value("auth_credential_events_total", &[]).unwrap_or(0.0)
    }

    /// One of the gauges of the credential with this slug.
    fn gauge(&self, name: &str, slug: &str) -> Option<f64> {
        self.metrics.snapshot().value(&format!("auth_credential_{name}_seconds"), &[("credential", slug)])
    }

    fn illegal_steps(&self) -> f64 {
        let labels = [("kind", "illegal_step")];
        self.metrics.snapshot().value("auth_metrics_internal_errors_total", &labels).unwrap()
    }
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn key(slug: &str) -> Credential {
    Credential::new(CredentialKind::SigningKey, slug)
}
