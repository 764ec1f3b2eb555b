//! A tracker whose clock is set by hand, and what it has exported.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::{Credential, CredentialTracker, TrackedCredential};
use auth_metrics_tests_scrape::Scrape;

pub(crate) const DAY: Duration = Duration::from_secs(86_400);
/// 2026-07-01, a Wednesday.
pub(crate) const NOW: u64 = 1_782_864_000;

pub(crate) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn now() -> SystemTime {
    at(NOW)
}

pub(crate) struct Setup {
    pub(crate) metrics: AuthMetrics,
    pub(crate) tracker: CredentialTracker,
    /// Milliseconds since 1970.
    shown: Arc<AtomicU64>,
}

impl Setup {
    pub(crate) fn new() -> Setup {
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        let shown = Arc::new(AtomicU64::new(NOW * 1_000));
        let clock = Arc::clone(&shown);
        let read = move || SystemTime::UNIX_EPOCH + Duration::from_millis(clock.load(Ordering::Relaxed));
        let tracker = CredentialTracker::new(&metrics).with_time_of_day(read);
        Setup { metrics, tracker, shown }
    }

    /// Sets the clock.
    pub(crate) fn set(&self, at: SystemTime) {
        let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        self.shown.store(u64::try_from(since.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// A signing key that expires in 90 days.
    pub(crate) fn key(&self) -> TrackedCredential {
        self.tracker
            .declare(Credential::new(CredentialKind::SigningKey, "login").with_not_after(now() + 90 * DAY))
            .unwrap()
    }

    pub(crate) fn gauge(&self, name: &str, slug: &str) -> Option<f64> {
        self.metrics.snapshot().value(name, &[("credential", slug)])
    }

    pub(crate) fn not_after(&self, slug: &str) -> Option<f64> {
        self.gauge("auth_credential_not_after_timestamp_seconds", slug)
    }

    pub(crate) fn last_rotated(&self, slug: &str) -> Option<f64> {
        self.gauge("auth_credential_last_rotated_timestamp_seconds", slug)
    }

    pub(crate) fn interval(&self, slug: &str) -> Option<f64> {
        self.gauge("auth_credential_rotation_interval_seconds", slug)
    }

    pub(crate) fn illegal(&self) -> f64 {
        let kind = [("kind", "illegal_transition")];
        self.metrics.snapshot().value("auth_metrics_internal_errors_total", &kind).unwrap()
    }

    /// Every event that was counted, in the order of a scrape.
    pub(crate) fn events(&self) -> Vec<String> {
        let scrape = Scrape::of(&self.metrics);
        let samples = &scrape.family("auth_credential_events_total").samples;
        let counted = samples.iter().filter(|sample| sample.value > 0.0);
        counted.map(|sample| format!("{} {}", sample.labels["event"], sample.value)).collect()
    }

    /// Everything that is exported of credentials.
    pub(crate) fn exported(&self) -> Vec<String> {
        let text = self.metrics.encode_text();
        text.lines().filter(|line| line.starts_with("auth_credential_")).map(str::to_owned).collect()
    }
}
