//! `CredentialTracker`: the credentials of a service, by kind and slug.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::entry::Entry;
use super::{Credential, CredentialError, TrackedCredential};
use crate::handle::{AuthMetrics, unwinding_stops};
use crate::terms::{CredentialEvent, CredentialKind};

/// Nobody needs to hear of an expiry sooner than this, unless told otherwise.
const LONGEST_LEAD: Duration = Duration::from_secs(30 * 86_400);

type TimeOfDay = Arc<dyn Fn() -> SystemTime + Send + Sync>;

pub(super) type Entries = BTreeMap<(CredentialKind, Arc<str>), Arc<Entry>>;

/// Tracks the credentials of a service. Clones track the same ones; a service has one tracker and clones of it.
///
/// ```
/// use auth_metrics::credentials::{Credential, CredentialTracker};
/// use auth_metrics::{AuthMetrics, CredentialKind};
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
    service_id: Arc<str>,
    /// The system's, if none.
    time_of_day: Option<TimeOfDay>,
    /// How long before its end a credential is `expiring`; by its lifetime, if none.
    lead_time: Option<Duration>,
    entries: Arc<Mutex<Entries>>,
}

impl CredentialTracker {
    /// Tracks the credentials of the handle's own service.
    pub fn new(metrics: &AuthMetrics) -> CredentialTracker {
        CredentialTracker::for_service(metrics, metrics.service_id())
    }

    /// Tracks the credentials of a service.
    pub fn for_service(metrics: &AuthMetrics, service_id: &str) -> CredentialTracker {
        CredentialTracker {
            metrics: metrics.clone(),
            service_id: service_id.into(),
            time_of_day: None,
            lead_time: None,
            entries: Arc::default(),
        }
    }

    /// Reads the time from `now`, in place of the system's clock: for tests. Nothing here reads any other clock. It holds for what is declared or asked through
    /// this tracker and its later clones. Should it panic, the system's clock is read.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use std::sync::Arc;
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics::credentials::{Credential, CredentialState, CredentialTracker};
    /// use auth_metrics::{AuthMetrics, CredentialKind};
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

    /// How long before its end a credential is counted as `expiring`: a third of its life, and at most 30 days, unless told
    /// here. It holds for what is declared or asked through this tracker and its later clones.
    #[must_use]
    pub fn with_lead_time(self, lead_time: Duration) -> CredentialTracker {
        CredentialTracker { lead_time: Some(lead_time), ..self }
    }

    /// Tracks a credential from now on: exports its times and counts it as `created`. It takes the place of one of the same
    /// kind and slug that has ended.
    ///
    /// # Errors
    ///
    /// The slug looks like a secret or has not its form; it is declared already; it has expired; it was last rotated in the
    /// future; the interval is zero; the service has 64 of the kind. Nothing is exported then.
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
        } else if !self.metrics.has_room_for(&self.service_id, kind, &slug) {
            return Err(CredentialError::TooMany { kind, slug: credential.slug });
        }
        if credential.rotation_interval.is_some() {
            self.metrics.expect_rotations(&self.service_id, kind);
        }
        self.count(kind, CredentialEvent::Created);
        let entry = Arc::new(Entry::new(Arc::clone(&slug), &credential, now));
        entries.insert((kind, slug), Arc::clone(&entry));
        let tracked = self.tracked(&entry);
        tracked.appear(now);
        Ok(tracked)
    }

    /// The credential of this kind and slug, if it was declared and not forgotten.
    pub fn get(&self, kind: CredentialKind, slug: &str) -> Option<TrackedCredential> {
        self.entries().get(&(kind, Arc::from(slug))).map(|entry| self.tracked(entry))
    }

    /// Every credential that is tracked now, ended ones included, by kind and slug.
    ///
    /// ```
    /// use auth_metrics::credentials::{Credential, CredentialTracker};
    /// use auth_metrics::{AuthMetrics, CredentialKind};
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

    /// Looks at every credential: counts as `expiring` what is within its lead time, once until it is rotated, and moves to
    /// expired what is past its `not_after`. For a timer; without one, only credentials that are asked or told something
    /// are looked at.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics::credentials::{Credential, CredentialTracker};
    /// use auth_metrics::{AuthMetrics, CredentialKind};
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

    /// The service whose credentials these are.
    pub fn service_id(&self) -> &str {
        &self.service_id
    }

    pub(super) fn metrics(&self) -> &AuthMetrics {
        &self.metrics
    }

    pub(super) fn now(&self) -> SystemTime {
        let shown = self.time_of_day.as_ref().and_then(|now| unwinding_stops(|| now()));
        shown.unwrap_or_else(SystemTime::now)
    }

    /// Whether the time is not the system's.
    #[cfg(feature = "rotation")]
    pub(super) fn has_time_of_day(&self) -> bool {
        self.time_of_day.is_some()
    }

    /// How long before its end a credential of this lifetime is `expiring`.
    pub(super) fn lead_time(&self, lifetime: Duration) -> Duration {
        self.lead_time.unwrap_or_else(|| LONGEST_LEAD.min(lifetime / 3))
    }

    pub(super) fn count(&self, kind: CredentialKind, event: CredentialEvent) {
        self.metrics.record_credential_event(&self.service_id, kind, event);
    }

    /// What is tracked. Whoever holds it may lock a credential, never the other way round.
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
