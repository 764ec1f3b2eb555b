//! `TrackedCredential`: one credential and the steps of its life. Exports its times and counts its events.

use std::fmt;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, SystemTime};

use super::credential::{ahead, check_not_after, check_not_before};
use super::entry::{Entry, Record};
use super::tracking::Tracking;
use super::{CredentialError, CredentialState};
use crate::group::InternalError;
use crate::terms::{CredentialEvent, CredentialKind};

/// A credential that a [`CredentialTracker`](super::CredentialTracker) tracks. Clones refer to the same credential.
///
/// ```
/// use auth_metrics_credentials::{Credential, CredentialState, CredentialTracker};
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_credentials::CredentialKind;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tracker = CredentialTracker::new(&AuthMetrics::builder().service_id("gateway").build()?);
/// let key = tracker.declare(Credential::new(CredentialKind::ApiKey, "partner-a"))?;
/// key.activate()?;
/// key.revoke()?;
/// assert_eq!(key.state(), CredentialState::Revoked);
/// assert!(key.activate().is_err()); // counted as `illegal_transition`
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct TrackedCredential {
    pub(super) tracking: Tracking,
    pub(super) entry: Arc<Entry>,
}

impl TrackedCredential {
    pub(super) fn new(tracking: Tracking, entry: Arc<Entry>) -> TrackedCredential {
        TrackedCredential { tracking, entry }
    }

    /// Marks the credential as active.
    ///
    /// # Errors
    ///
    /// Returns an error if its state is not `created`, if it is not valid yet, or if it was forgotten.
    pub fn activate(&self) -> Result<(), CredentialError> {
        let now = self.tracking.now();
        let record = self.look_at(now)?;
        if record.state == CredentialState::Created {
            check_not_before(self.kind(), self.slug(), record.not_before, now)?;
        }
        self.take(record, CredentialEvent::Activated)
    }

    /// Replaces it by a successor that expires at this time, or never. It stays active, and its last rotation is now. If the
    /// clock was set back, the last rotation keeps its later time.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not active, if it was forgotten, or if the successor has expired already.
    pub fn rotate(&self, not_after: Option<SystemTime>) -> Result<(), CredentialError> {
        let now = self.tracking.now();
        let mut record = self.look_at(now)?;
        if record.state.after(CredentialEvent::Rotated).is_none() {
            return Err(self.refuse(record, CredentialEvent::Rotated));
        }
        check_not_after(self.kind(), self.slug(), not_after, now)?;
        record.succeed(not_after, now);
        self.export(&record);
        self.tracking.count(self.kind(), self.slug(), CredentialEvent::Rotated);
        self.watch(&mut record, now);
        Ok(())
    }

    /// Counts a failed rotation. Changes nothing else.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not active, expired or compromised, or if it was forgotten.
    pub fn rotation_failed(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::RotationFailed)
    }

    /// Retires it: it is no longer issued, but still accepted. Its times are no longer exported.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not active, or if it was forgotten.
    pub fn retire(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Retired)
    }

    /// Expires it ahead of its `not_after`, or without one. At its `not_after` it expires by itself.
    ///
    /// # Errors
    ///
    /// Returns an error if it has ended already, or if it was forgotten.
    pub fn expire(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Expired)
    }

    /// Revokes it: it is withdrawn and no longer accepted.
    ///
    /// # Errors
    ///
    /// Returns an error if it has ended already, or if it was forgotten.
    pub fn revoke(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Revoked)
    }

    /// Marks it as compromised: somebody else has it, so it is no longer accepted.
    ///
    /// # Errors
    ///
    /// Returns an error if it has ended already, or if it was forgotten.
    pub fn compromise(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Compromised)
    }

    /// Stops tracking it. Its times vanish from the next scrape, and its counts stay. Every clone refuses further steps.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics_credentials::{Credential, CredentialTracker};
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::CredentialKind;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let hour = SystemTime::now() + Duration::from_secs(3_600);
    /// let session = Credential::new(CredentialKind::Session, "admin").with_not_after(hour);
    /// let session = CredentialTracker::new(&metrics).declare(session)?;
    /// session.forget();
    /// assert_eq!(metrics.snapshot().value("auth_credential_not_after_timestamp_seconds", &[]), None);
    /// # Ok(()) }
    /// ```
    pub fn forget(&self) {
        let mut entries = self.tracking.entries();
        let mut record = self.entry.record();
        if !record.is_forgotten {
            entries.remove(&(self.entry.kind, Arc::clone(&self.entry.slug)));
            record.is_forgotten = true;
            self.tracking.forget(self.kind(), self.slug());
        }
    }

    /// Returns its state now.
    pub fn state(&self) -> CredentialState {
        let now = self.tracking.now();
        let mut record = self.entry.record();
        self.watch(&mut record, now);
        record.state
    }

    /// Returns what it is for.
    pub fn kind(&self) -> CredentialKind {
        self.entry.kind
    }

    /// Returns its name.
    pub fn slug(&self) -> &str {
        &self.entry.slug
    }

    /// Returns when it expires, if that is known.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.entry.record().not_after
    }

    /// Returns when it becomes valid, if that is known.
    pub fn not_before(&self) -> Option<SystemTime> {
        self.entry.record().not_before
    }

    /// Returns how long it takes until it is valid, or `None` if it is.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics_credentials::{Credential, CredentialError, CredentialTracker};
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::CredentialKind;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let tracker = CredentialTracker::new(&AuthMetrics::builder().service_id("gateway").build()?);
    /// let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    /// let next = tracker.declare(Credential::new(CredentialKind::Certificate, "ingress.next").with_not_before(tomorrow))?;
    /// assert!(next.not_valid_for().is_some());
    /// assert!(matches!(next.activate(), Err(CredentialError::NotValidYet { .. })));
    /// # Ok(()) }
    /// ```
    pub fn not_valid_for(&self) -> Option<Duration> {
        ahead(self.not_before(), self.tracking.now())
    }

    /// Returns when it was last rotated, if that is known.
    pub fn last_rotated(&self) -> Option<SystemTime> {
        self.entry.record().last_rotated
    }

    /// Returns how often it should be rotated, if that is known.
    pub fn rotation_interval(&self) -> Option<Duration> {
        self.entry.record().rotation_interval
    }

    /// Exports it for the first time.
    pub(super) fn appear(&self, now: SystemTime) {
        let mut record = self.entry.record();
        self.export(&record);
        self.watch(&mut record, now);
    }

    /// Makes room for a successor if it has ended. From then on the successor sets the times.
    pub(super) fn make_way(&self, now: SystemTime) -> bool {
        let mut record = self.entry.record();
        self.watch(&mut record, now);
        if record.state.has_ended() {
            record.is_forgotten = true;
        }
        record.is_forgotten
    }

    /// Counts what time alone has done to it.
    pub(super) fn look(&self, now: SystemTime) {
        self.watch(&mut self.entry.record(), now);
    }

    fn step(&self, step: CredentialEvent) -> Result<(), CredentialError> {
        self.take(self.look_at(self.tracking.now())?, step)
    }

    fn take(&self, mut record: MutexGuard<'_, Record>, step: CredentialEvent) -> Result<(), CredentialError> {
        let Some(state) = record.state.after(step) else { return Err(self.refuse(record, step)) };
        record.state = state;
        self.tracking.count(self.kind(), self.slug(), step);
        if record.is_shown && state.is_out_of_use() {
            record.is_shown = false;
            self.export(&record);
        }
        Ok(())
    }

    /// Locks its record, up to date at this time.
    pub(super) fn look_at(&self, now: SystemTime) -> Result<MutexGuard<'_, Record>, CredentialError> {
        let mut record = self.entry.record();
        if record.is_forgotten {
            return Err(CredentialError::Forgotten { kind: self.kind(), slug: self.slug().to_owned() });
        }
        self.watch(&mut record, now);
        Ok(record)
    }

    /// Counts a step that its state does not allow. Unlocks the record first, because a logger may read it.
    pub(super) fn refuse(&self, record: MutexGuard<'_, Record>, step: CredentialEvent) -> CredentialError {
        let from = record.state;
        drop(record);
        self.tracking.group().count_internal_error(InternalError::IllegalTransition);
        CredentialError::IllegalTransition { kind: self.kind(), slug: self.slug().to_owned(), from, step }
    }

    /// Counts what time alone has done to it.
    pub(super) fn watch(&self, record: &mut Record, now: SystemTime) {
        if let Some(event) = record.pass_to(now, |lifetime| self.tracking.lead_time(lifetime)) {
            self.tracking.count(self.kind(), self.slug(), event);
        }
    }

    pub(super) fn export(&self, record: &Record) {
        self.tracking.export(self.kind(), self.slug(), record.times());
    }
}

impl fmt::Debug for TrackedCredential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TrackedCredential")
            .field("kind", &self.kind())
            .field("slug", &self.slug())
            .finish_non_exhaustive()
    }
}
