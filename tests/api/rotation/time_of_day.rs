//! A time of day that is set and stopped.

use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::rotation::{Rotated, Rotator};
use auth_metrics_credentials::{Credential, CredentialTracker, TrackedCredential};
use tokio::time::Instant;

use crate::fixture::Calls;

/// A time of day in a day of 2023 and after, which can be set and stopped.
#[derive(Clone)]
pub(crate) struct Wall {
    origin: Instant,
    /// Seconds that it is ahead.
    pub(crate) off: Arc<AtomicI64>,
    stopped: Arc<Mutex<Option<SystemTime>>>,
}

impl Wall {
    pub(crate) fn new() -> Wall {
        Wall { origin: Instant::now(), off: Arc::default(), stopped: Arc::default() }
    }

    fn truth(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + self.origin.elapsed()
    }

    pub(crate) fn now(&self) -> SystemTime {
        let off = self.off.load(Ordering::Relaxed);
        let by = Duration::from_secs(off.unsigned_abs());
        let shown = if off < 0 { self.truth() - by } else { self.truth() + by };
        self.stopped.lock().unwrap().unwrap_or(shown)
    }

    pub(crate) fn set(&self, days_ahead: i64) {
        self.off.store(days_ahead * 86_400, Ordering::Relaxed);
    }

    pub(crate) fn stop(&self, at: SystemTime) {
        *self.stopped.lock().unwrap() = Some(at);
    }

    pub(crate) fn declare(&self, metrics: &AuthMetrics, key: Credential) -> TrackedCredential {
        let wall = self.clone();
        let key = CredentialTracker::new(metrics).with_time_of_day(move || wall.now()).declare(key).unwrap();
        key.activate().unwrap();
        key
    }

    /// A rotator whose keys live so long by the clock of whoever makes them, which is right.
    pub(crate) fn rotator(&self, calls: &Calls, key: TrackedCredential, life: Duration) -> Rotator {
        let (wall, calls) = (self.clone(), calls.clone());
        Rotator::new(key, move |context| {
            calls.note(&context);
            let end = wall.truth() + life;
            async move { Ok::<_, io::Error>(Rotated::until(end)) }
        })
    }
}

pub(crate) fn jwt() -> Credential {
    Credential::new(CredentialKind::SigningKey, "jwt")
}
