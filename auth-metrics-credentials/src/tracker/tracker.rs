//! `CredentialTracker`: the credentials of a service, by kind and slug. Knows the handle that they are exported into.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::entry::Entry;
use super::{Credential, CredentialError, TrackedCredential};
use crate::group::{CredentialGroup, CredentialTimes, unwinding_stops};
use crate::terms::{CredentialEvent, CredentialKind};
use auth_metrics::AuthMetrics;

/// The longest lead time of an expiry, unless one is set.
const LONGEST_LEAD: Duration = Duration::from_secs(30 * 86_400);

type TimeOfDay = Arc<dyn Fn() -> SystemTime + Send + Sync>;

pub(super) type Entries = BTreeMap<(CredentialKind, Arc<str>), Arc<Entry>>;

/// Tracks the credentials of a service. Clones track the same credentials: make one tracker for a service and clone it.
///
/// ```
/// use auth_metrics_credentials::{Credential, CredentialTracker};
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_credentials::CredentialKind;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let tracker = CredentialTracker::for_service(&metrics, "orders");
/// tracker.declare(Credential::new(CredentialKind::ClientSecret, "warehouse"))?;
/// assert!(metrics.encode_text().contains(
///     "auth_credential_events_total{service_id=\"orders\",credential_kind=\"client_secret\",event=\"created\"} 1\n"
/// ));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct CredentialTracker {
    metrics: AuthMetrics,
    group: Arc<CredentialGroup>,
    service_id: Arc<str>,
    /// If none, the system's.
    time_of_day: Option<TimeOfDay>,
    /// How long before its end a credential is `expiring`. If none, its lifetime decides.
    lead_time: Option<Duration>,
    entries: Arc<Mutex<Entries>>,
}

impl CredentialTracker {
    /// Makes a tracker for the handle's own service.
    pub fn new(metrics: &AuthMetrics) -> CredentialTracker {
        CredentialTracker::for_service(metrics, metrics.service_id())
    }

    /// Makes a tracker for a service.
    pub fn for_service(metrics: &AuthMetrics, service_id: &str) -> CredentialTracker {
        CredentialTracker {
            metrics: metrics.clone(),
            group: CredentialGroup::of(metrics),
            service_id: service_id.into(),
            time_of_day: None,
            lead_time: None,
            entries: Arc::default(),
        }
    }

    /// Sets the function that returns the time of day, for tests. Without it, the tracker reads the system's.
    ///
    /// It applies to this tracker and its later clones, and to the credentials that you get from them. If it panics, the
    /// system's time of day is read.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use std::sync::Arc;
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics_credentials::{Credential, CredentialState, CredentialTracker};
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::CredentialKind;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let seconds = Arc::new(AtomicU64::new(1_000));
    /// let shown = seconds.clone();
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let tracker = CredentialTracker::new(&metrics)
    ///     .with_time_of_day(move || SystemTime::UNIX_EPOCH + Duration::from_secs(shown.load(Ordering::Relaxed)));
    /// let until = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000);
    /// let token = tracker.declare(Credential::new(CredentialKind::Token, "upstream").with_not_after(until))?;
    /// seconds.store(2_000, Ordering::Relaxed);
    /// assert_eq!(token.state(), CredentialState::Expired);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_time_of_day(self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> CredentialTracker {
        CredentialTracker { time_of_day: Some(Arc::new(now)), ..self }
    }

    /// Sets how long before its end a credential counts as `expiring`. Without it, that is a third of its life, and at most 30
    /// days.
    ///
    /// It applies to this tracker and its later clones, and to the credentials that you get from them.
    #[must_use]
    pub fn with_lead_time(self, lead_time: Duration) -> CredentialTracker {
        CredentialTracker { lead_time: Some(lead_time), ..self }
    }

    /// Starts to track a credential: exports its times and counts it as `created`. It replaces a credential of the same kind
    /// and slug that has ended.
    ///
    /// # Errors
    ///
    /// Returns an error, and exports nothing, in these cases:
    ///
    /// - the slug is refused: it looks like a secret, or does not have the form of a slug;
    /// - a credential of this kind and slug is declared already;
    /// - it has expired, its last rotation is in the future, or its interval is zero;
    /// - the service tracks 64 credentials of this kind already.
    pub fn declare(&self, credential: Credential) -> Result<TrackedCredential, CredentialError> {
        let now = self.now();
        credential.check(now)?;
        let (kind, slug) = (credential.kind, Arc::from(&*credential.slug));
        let mut entries = self.entries();
        if let Some(known) = entries.get(&(kind, Arc::clone(&slug))) {
            let known = self.tracked(known);
            if !known.make_way(now) {
                return Err(CredentialError::AlreadyDeclared { kind, slug: credential.slug });
            }
        } else if !self.group.has_room_for(&self.metrics, &self.service_id, kind, &slug) {
            return Err(CredentialError::TooMany { kind, slug: credential.slug });
        }
        if credential.rotation_interval.is_some() {
            self.expect_rotations(kind);
        }
        self.count(kind, CredentialEvent::Created);
        let entry = Arc::new(Entry::new(Arc::clone(&slug), &credential, now));
        entries.insert((kind, slug), Arc::clone(&entry));
        let tracked = self.tracked(&entry);
        tracked.appear(now);
        Ok(tracked)
    }

    /// Returns the credential of this kind and slug, if it was declared and not forgotten.
    pub fn get(&self, kind: CredentialKind, slug: &str) -> Option<TrackedCredential> {
        self.entries().get(&(kind, Arc::from(slug))).map(|entry| self.tracked(entry))
    }

    /// Iterates over the credentials that are tracked now, by kind and slug. Credentials that have ended are included.
    ///
    /// ```
    /// use auth_metrics_credentials::{Credential, CredentialTracker};
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::CredentialKind;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let tracker = CredentialTracker::new(&AuthMetrics::builder().service_id("gateway").build()?);
    /// tracker.declare(Credential::new(CredentialKind::ApiKey, "partner-b"))?;
    /// tracker.declare(Credential::new(CredentialKind::ApiKey, "partner-a"))?;
    /// let slugs: Vec<String> = tracker.iter().map(|each| each.slug().to_owned()).collect();
    /// assert_eq!(slugs, ["partner-a", "partner-b"]);
    /// # Ok(()) }
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = TrackedCredential> {
        let all: Vec<TrackedCredential> = self.entries().values().map(|entry| self.tracked(entry)).collect();
        all.into_iter()
    }

    /// Checks every credential against the time. Counts a credential within its lead time as `expiring`, once until it is
    /// rotated, and expires one that is past its `not_after`.
    ///
    /// Call it on a timer. Without that, a credential is checked only when you use it.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics_credentials::{Credential, CredentialTracker};
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::CredentialKind;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let day = Duration::from_secs(86_400);
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let tracker = CredentialTracker::new(&metrics).with_lead_time(14 * day);
    /// let soon = SystemTime::now() + 10 * day;
    /// tracker.declare(Credential::new(CredentialKind::Certificate, "ingress").with_not_after(soon))?;
    /// tracker.check(); // every hour, say
    /// let labels = [("credential_kind", "certificate"), ("event", "expiring")];
    /// assert_eq!(metrics.snapshot().value("auth_credential_events_total", &labels), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn check(&self) {
        let now = self.now();
        self.iter().for_each(|tracked| tracked.look(now));
    }

    /// Returns the id of the service whose credentials these are.
    pub fn service_id(&self) -> &str {
        &self.service_id
    }

    /// Exports the counts of rotations of a kind at zero, if they are not exported yet.
    pub(super) fn expect_rotations(&self, kind: CredentialKind) {
        self.group.expect_rotations(&self.metrics, &self.service_id, kind);
    }

    /// Exports what is known of a credential.
    pub(super) fn export(&self, kind: CredentialKind, slug: &str, times: CredentialTimes) {
        self.group.set_credential(&self.metrics, &self.service_id, kind, (slug, times));
    }

    /// Exports nothing of a credential any longer.
    pub(super) fn forget(&self, kind: CredentialKind, slug: &str) {
        self.group.forget_credential(&self.metrics, &self.service_id, kind, slug);
    }

    pub(super) fn group(&self) -> &Arc<CredentialGroup> {
        &self.group
    }

    #[cfg(feature = "rotation")]
    pub(super) fn metrics(&self) -> &AuthMetrics {
        &self.metrics
    }

    pub(super) fn now(&self) -> SystemTime {
        let shown = self.time_of_day.as_ref().and_then(|now| unwinding_stops(|| now()));
        shown.unwrap_or_else(SystemTime::now)
    }

    /// Returns whether the time of day is not the system's.
    #[cfg(feature = "rotation")]
    pub(super) fn has_time_of_day(&self) -> bool {
        self.time_of_day.is_some()
    }

    /// Returns how long before its end a credential of this lifetime is `expiring`.
    pub(super) fn lead_time(&self, lifetime: Duration) -> Duration {
        self.lead_time.unwrap_or_else(|| LONGEST_LEAD.min(lifetime / 3))
    }

    pub(super) fn count(&self, kind: CredentialKind, event: CredentialEvent) {
        self.group.count_event(&self.metrics, &self.service_id, kind, event);
    }

    /// Locks the entries. Whoever holds them may lock a credential, never the other way round.
    pub(super) fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tracked(&self, entry: &Arc<Entry>) -> TrackedCredential {
        TrackedCredential::new(self.clone(), Arc::clone(entry))
    }
}

impl fmt::Debug for CredentialTracker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CredentialTracker").field("service_id", &self.service_id).finish_non_exhaustive()
    }
}
