//! `CredentialTracker`: the credentials of one service.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::tracked::Shared;
use super::{Credential, CredentialError, TrackedCredential};
use crate::metrics::{AuthMetrics, MAX_CREDENTIALS};
use crate::taxonomy::CredentialKind;

/// How long before its end a credential counts as expiring, unless a third of its life is shorter.
const NOTICE: Duration = Duration::from_secs(30 * 86_400);

/// Tracks the credentials of one service. Clones track the same ones.
///
/// Time alone changes credentials when somebody looks: [`sweep`](CredentialTracker::sweep) from a timer, or any step.
#[derive(Clone)]
pub struct CredentialTracker {
    tracker: Arc<Tracker>,
}

/// Tells the time.
type Now = Arc<dyn Fn() -> SystemTime + Send + Sync>;

pub(super) struct Tracker {
    pub(super) metrics: AuthMetrics,
    pub(super) service_id: String,
    clock: Now,
    notice: Duration,
    credentials: Mutex<BTreeMap<(CredentialKind, String), Arc<Shared>>>,
}

impl CredentialTracker {
    /// Tracks the credentials of the handle's own service.
    pub fn new(metrics: &AuthMetrics) -> CredentialTracker {
        CredentialTracker::for_service(metrics, metrics.service_id())
    }

    /// Tracks the credentials of a service.
    pub fn for_service(metrics: &AuthMetrics, service_id: &str) -> CredentialTracker {
        CredentialTracker::made(metrics, service_id, Arc::new(SystemTime::now), NOTICE)
    }

    /// An empty tracker of the same service that tells the time by `clock`, as tests need it.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics::credentials::CredentialTracker;
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    /// let tracker = CredentialTracker::new(&metrics).with_clock(move || at);
    /// # let _ = tracker;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_clock(&self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> CredentialTracker {
        let Tracker { metrics, service_id, notice, .. } = &*self.tracker;
        CredentialTracker::made(metrics, service_id, Arc::new(clock), *notice)
    }

    /// An empty tracker of the same service that counts a credential as `expiring` this long before its end. Default: 30
    /// days, or a third of its life if that is shorter.
    #[must_use]
    pub fn with_notice(&self, notice: Duration) -> CredentialTracker {
        let Tracker { metrics, service_id, clock, .. } = &*self.tracker;
        CredentialTracker::made(metrics, service_id, Arc::clone(clock), notice)
    }

    fn made(metrics: &AuthMetrics, service_id: &str, clock: Now, notice: Duration) -> CredentialTracker {
        let (metrics, service_id, credentials) = (metrics.clone(), service_id.to_owned(), Mutex::default());
        CredentialTracker { tracker: Arc::new(Tracker { metrics, service_id, clock, notice, credentials }) }
    }

    /// Tracks a credential from now on, and counts it as created.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it; nothing is exported then.
    pub fn declare(&self, credential: Credential) -> Result<TrackedCredential, CredentialError> {
        let now = self.tracker.now();
        credential.check(now)?;
        let mut all = self.tracker.credentials();
        let key = (credential.kind, credential.slug.clone());
        if all.contains_key(&key) {
            return Err(CredentialError::AlreadyDeclared { kind: key.0, slug: key.1 });
        }
        if all.keys().filter(|(kind, _)| *kind == key.0).count() >= MAX_CREDENTIALS {
            return Err(CredentialError::TooMany { kind: key.0, most: MAX_CREDENTIALS });
        }
        let created = TrackedCredential::create(&self.tracker, credential, now);
        all.insert(key, created.shared());
        Ok(created)
    }

    /// The credential of a kind and slug.
    pub fn get(&self, kind: CredentialKind, slug: &str) -> Option<TrackedCredential> {
        let shared = self.tracker.credentials().get(&(kind, slug.to_owned())).cloned()?;
        Some(TrackedCredential::of(&self.tracker, shared))
    }

    /// Every credential, by kind and slug.
    pub fn all(&self) -> Vec<TrackedCredential> {
        let all: Vec<Arc<Shared>> = self.tracker.credentials().values().cloned().collect();
        all.into_iter().map(|shared| TrackedCredential::of(&self.tracker, shared)).collect()
    }

    /// Counts those credentials as expired whose time is over, and as expiring those that will be soon, each once. Call it
    /// from a timer; once an hour is often enough.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics::credentials::{Credential, CredentialState, CredentialTracker};
    /// use auth_metrics::{AuthMetrics, CredentialKind};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    /// let now = Arc::new(AtomicU64::new(1_000));
    /// let clock = Arc::clone(&now);
    /// let tracker = CredentialTracker::new(&metrics).with_clock(move || at(clock.load(Ordering::Relaxed)));
    /// let key = tracker.declare(Credential::new(CredentialKind::ApiKey, "billing").not_after(at(2_000)))?;
    ///
    /// now.store(2_000, Ordering::Relaxed);
    /// tracker.sweep();
    /// assert_eq!(key.state(), CredentialState::Expired);
    /// # Ok(()) }
    /// ```
    pub fn sweep(&self) {
        self.all().iter().for_each(TrackedCredential::look);
    }
}

impl Tracker {
    pub(super) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    /// How long before its end a credential counts as expiring.
    pub(super) fn notice(&self, since: SystemTime, not_after: SystemTime) -> Duration {
        let life = not_after.duration_since(since).unwrap_or_default();
        self.notice.min(life / 3)
    }

    pub(super) fn remove(&self, credential: &TrackedCredential) {
        self.credentials().remove(&(credential.kind(), credential.slug().to_owned()));
    }

    fn credentials(&self) -> MutexGuard<'_, BTreeMap<(CredentialKind, String), Arc<Shared>>> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CredentialTracker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("CredentialTracker");
        debug.field("credentials", &self.tracker.credentials().len()).finish_non_exhaustive()
    }
}
