//! `CredentialTracker`: declares the credentials of a service, finds them and looks at all of them.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::entry::Entry;
use super::tracking::Tracking;
use super::{Credential, CredentialError, TrackedCredential};
use crate::terms::{CredentialEvent, CredentialKind};
use auth_metrics::AuthMetrics;

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
    pub(super) tracking: Tracking,
}

impl CredentialTracker {
    /// Makes a tracker for the handle's own service.
    pub fn new(metrics: &AuthMetrics) -> CredentialTracker {
        CredentialTracker::for_service(metrics, metrics.service_id())
    }

    /// Makes a tracker for a service.
    pub fn for_service(metrics: &AuthMetrics, service_id: &str) -> CredentialTracker {
        CredentialTracker { tracking: Tracking::new(metrics, service_id) }
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
        CredentialTracker { tracking: self.tracking.with_time_of_day(Arc::new(now)) }
    }

    /// Sets how long before its end a credential counts as `expiring`. Without it, that is a third of its life, and at most 30
    /// days.
    ///
    /// It applies to this tracker and its later clones, and to the credentials that you get from them.
    #[must_use]
    pub fn with_lead_time(self, lead_time: Duration) -> CredentialTracker {
        CredentialTracker { tracking: self.tracking.with_lead_time(lead_time) }
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
        let now = self.tracking.now();
        credential.check(now)?;
        let (kind, slug) = (credential.kind, Arc::from(&*credential.slug));
        let mut entries = self.tracking.entries();
        if let Some(known) = entries.get(&(kind, Arc::clone(&slug))) {
            let known = self.tracked(known);
            if !known.make_way(now) {
                return Err(CredentialError::AlreadyDeclared { kind, slug: credential.slug });
            }
        } else if !self.tracking.has_room_for(kind, &slug) {
            return Err(CredentialError::TooMany { kind, slug: credential.slug });
        }
        if credential.rotation_interval.is_some() {
            self.tracking.expect_rotations(kind);
        }
        self.tracking.count(kind, &slug, CredentialEvent::Created);
        let entry = Arc::new(Entry::new(Arc::clone(&slug), &credential, now));
        entries.insert((kind, slug), Arc::clone(&entry));
        let tracked = self.tracked(&entry);
        tracked.appear(now);
        Ok(tracked)
    }

    /// Returns the credential of this kind and slug, if it was declared and not forgotten.
    pub fn get(&self, kind: CredentialKind, slug: &str) -> Option<TrackedCredential> {
        self.tracking.entries().get(&(kind, Arc::from(slug))).map(|entry| self.tracked(entry))
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
        let all: Vec<TrackedCredential> =
            self.tracking.entries().values().map(|entry| self.tracked(entry)).collect();
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
        let now = self.tracking.now();
        self.iter().for_each(|tracked| tracked.look(now));
    }

    /// Returns the id of the service whose credentials these are.
    pub fn service_id(&self) -> &str {
        self.tracking.service_id()
    }

    fn tracked(&self, entry: &Arc<Entry>) -> TrackedCredential {
        TrackedCredential::new(self.tracking.clone(), Arc::clone(entry))
    }
}

impl fmt::Debug for CredentialTracker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CredentialTracker").field("service_id", &self.service_id()).finish_non_exhaustive()
    }
}
