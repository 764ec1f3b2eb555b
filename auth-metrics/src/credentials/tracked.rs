//! `TrackedCredential`: one credential, the steps of its life and what is exported of it.

use std::fmt;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, SystemTime};

use super::credential::{ahead, check_not_after, check_not_before};
use super::entry::{Entry, Record};
use super::{CredentialError, CredentialState, CredentialTracker};
use crate::handle::Fault;
use crate::terms::{CredentialEvent, CredentialKind};

/// A credential that a [`CredentialTracker`] tracks. Clones are the same credential.
///
/// ```
/// use auth_metrics::credentials::{Credential, CredentialState, CredentialTracker};
/// use auth_metrics::{AuthMetrics, CredentialKind};
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
    pub(super) tracker: CredentialTracker,
    pub(super) entry: Arc<Entry>,
}

impl TrackedCredential {
    pub(super) fn new(tracker: CredentialTracker, entry: Arc<Entry>) -> TrackedCredential {
        TrackedCredential { tracker, entry }
    }

    /// It is in use from now on.
    ///
    /// # Errors
    ///
    /// It is not in the state `created`, or forgotten, or not valid yet.
    pub fn activate(&self) -> Result<(), CredentialError> {
        let now = self.tracker.now();
        let record = self.look_at(now)?;
        if record.state == CredentialState::Created {
            check_not_before(self.kind(), self.slug(), record.not_before, now)?;
        }
        self.take(record, CredentialEvent::Activated)
    }

    /// A successor that expires at this time, or never, took its place: it was last rotated now, and stays active. Where
    /// the clock was set back, the last rotation stays at the time it had.
    ///
    /// # Errors
    ///
    /// It is not active, or forgotten; the successor has expired already.
    pub fn rotate(&self, not_after: Option<SystemTime>) -> Result<(), CredentialError> {
        let now = self.tracker.now();
        let mut record = self.look_at(now)?;
        if record.state.after(CredentialEvent::Rotated).is_none() {
            return Err(self.refuse(record, CredentialEvent::Rotated));
        }
        check_not_after(self.kind(), self.slug(), not_after, now)?;
        record.succeed(not_after, now);
        self.export(&record);
        self.tracker.count(self.kind(), CredentialEvent::Rotated);
        self.watch(&mut record, now);
        Ok(())
    }

    /// It could not be rotated, and stays as it is.
    ///
    /// # Errors
    ///
    /// It is not active, expired or compromised, or it is forgotten.
    pub fn rotation_failed(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::RotationFailed)
    }

    /// It is no longer handed out, but still accepted. Its times are exported no longer.
    ///
    /// # Errors
    ///
    /// It is not active, or forgotten.
    pub fn retire(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Retired)
    }

    /// Its time is over sooner than its `not_after`, or without one: at `not_after` it expires by itself.
    ///
    /// # Errors
    ///
    /// It has ended already, or is forgotten.
    pub fn expire(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Expired)
    }

    /// It is withdrawn, and accepted no longer.
    ///
    /// # Errors
    ///
    /// It has ended already, or is forgotten.
    pub fn revoke(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Revoked)
    }

    /// Somebody else has it, so it is accepted no longer.
    ///
    /// # Errors
    ///
    /// It has ended already, or is forgotten.
    pub fn compromise(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Compromised)
    }

    /// Tracks it no longer: its times vanish from the next scrape, its counts stay. Every handle to it then refuses steps.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics::credentials::{Credential, CredentialTracker};
    /// use auth_metrics::{AuthMetrics, CredentialKind};
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
        let mut entries = self.tracker.entries();
        let mut record = self.entry.record();
        if !record.is_forgotten {
            entries.remove(&(self.entry.kind, Arc::clone(&self.entry.slug)));
            record.is_forgotten = true;
            self.tracker.metrics().forget_credential(self.tracker.service_id(), self.kind(), self.slug());
        }
    }

    /// Where it stands now.
    pub fn state(&self) -> CredentialState {
        let now = self.tracker.now();
        let mut record = self.entry.record();
        self.watch(&mut record, now);
        record.state
    }

    /// What it is for.
    pub fn kind(&self) -> CredentialKind {
        self.entry.kind
    }

    /// Its name.
    pub fn slug(&self) -> &str {
        &self.entry.slug
    }

    /// When it expires, if that is known.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.entry.record().not_after
    }

    /// When it starts to be valid, if that is known.
    pub fn not_before(&self) -> Option<SystemTime> {
        self.entry.record().not_before
    }

    /// How long it takes until it is valid; none if it is.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics::credentials::{Credential, CredentialError, CredentialTracker};
    /// use auth_metrics::{AuthMetrics, CredentialKind};
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
        ahead(self.not_before(), self.tracker.now())
    }

    /// When it was last rotated, if that is known.
    pub fn last_rotated(&self) -> Option<SystemTime> {
        self.entry.record().last_rotated
    }

    /// How often it is to be rotated, if somebody said so.
    pub fn rotation_interval(&self) -> Option<Duration> {
        self.entry.record().rotation_interval
    }

    /// Exports it for the first time.
    pub(super) fn appear(&self, now: SystemTime) {
        let mut record = self.entry.record();
        self.export(&record);
        self.watch(&mut record, now);
    }

    /// Leaves its place to a successor if it has ended; its times are the successor's to set then.
    pub(super) fn make_way(&self, now: SystemTime) -> bool {
        let mut record = self.entry.record();
        self.watch(&mut record, now);
        if record.state.has_ended() {
            record.is_forgotten = true;
        }
        record.is_forgotten
    }

    /// Takes notice of the time.
    pub(super) fn look(&self, now: SystemTime) {
        self.watch(&mut self.entry.record(), now);
    }

    fn step(&self, step: CredentialEvent) -> Result<(), CredentialError> {
        self.take(self.look_at(self.tracker.now())?, step)
    }

    fn take(&self, mut record: MutexGuard<'_, Record>, step: CredentialEvent) -> Result<(), CredentialError> {
        let Some(state) = record.state.after(step) else { return Err(self.refuse(record, step)) };
        record.state = state;
        self.tracker.count(self.kind(), step);
        if record.is_shown && state.is_out_of_use() {
            record.is_shown = false;
            self.export(&record);
        }
        Ok(())
    }

    /// What is known of it at this time.
    pub(super) fn look_at(&self, now: SystemTime) -> Result<MutexGuard<'_, Record>, CredentialError> {
        let mut record = self.entry.record();
        if record.is_forgotten {
            return Err(CredentialError::Forgotten { kind: self.kind(), slug: self.slug().to_owned() });
        }
        self.watch(&mut record, now);
        Ok(record)
    }

    /// Counts a step that its state does not allow. By then it is free: a logger may ask for it.
    pub(super) fn refuse(&self, record: MutexGuard<'_, Record>, step: CredentialEvent) -> CredentialError {
        let from = record.state;
        drop(record);
        self.tracker.metrics().count_fault(Fault::IllegalTransition);
        CredentialError::IllegalTransition { kind: self.kind(), slug: self.slug().to_owned(), from, step }
    }

    /// Counts what the time alone does to it.
    pub(super) fn watch(&self, record: &mut Record, now: SystemTime) {
        if let Some(event) = record.pass_to(now, |lifetime| self.tracker.lead_time(lifetime)) {
            self.tracker.count(self.kind(), event);
        }
    }

    pub(super) fn export(&self, record: &Record) {
        let (tracker, times) = (&self.tracker, record.times());
        tracker.metrics().set_credential(tracker.service_id(), self.kind(), self.slug(), times);
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
