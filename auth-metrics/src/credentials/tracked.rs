//! `TrackedCredential`: one credential that is exported, and the steps of its life.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::tracker::Tracker;
use super::{Credential, CredentialError, CredentialState};
#[cfg(feature = "rotation")]
use crate::metrics::AuthMetrics;
use crate::metrics::{CredentialTimes, Fault};
use crate::taxonomy::{CredentialEvent, CredentialKind};

/// A credential that a tracker knows. Clones speak of the same one.
///
/// Each step checks whether it may be taken, counts what happened in `auth_credential_events_total`, and sets the gauges.
#[derive(Clone)]
pub struct TrackedCredential {
    tracker: Arc<Tracker>,
    shared: Arc<Shared>,
}

/// What the clones of a credential share with its tracker.
pub(super) struct Shared {
    /// Whether somebody is rotating it.
    #[cfg(feature = "rotation")]
    claimed: std::sync::atomic::AtomicBool,
    kind: CredentialKind,
    slug: String,
    life: Mutex<Life>,
}

struct Life {
    state: CredentialState,
    not_after: Option<SystemTime>,
    last_rotated: Option<SystemTime>,
    rotation_interval: Option<Duration>,
    /// From when on its present term counts: the life of a credential of which nothing else is known.
    since: SystemTime,
    /// Whether it was told that it will expire soon.
    expiring: bool,
    forgotten: bool,
}

impl TrackedCredential {
    /// A new credential, created now.
    pub(super) fn create(
        tracker: &Arc<Tracker>,
        credential: Credential,
        now: SystemTime,
    ) -> TrackedCredential {
        let Credential { kind, slug, not_after, last_rotated, rotation_interval } = credential;
        let (state, since) = (CredentialState::Created, last_rotated.unwrap_or(now));
        let (expiring, forgotten) = (false, false);
        let life = Life { state, not_after, last_rotated, rotation_interval, since, expiring, forgotten };
        let created = TrackedCredential::of(
            tracker,
            Arc::new(Shared {
                #[cfg(feature = "rotation")]
                claimed: std::sync::atomic::AtomicBool::new(false),
                kind,
                slug,
                life: Mutex::new(life),
            }),
        );
        created.count(CredentialEvent::Created);
        created.export(&created.life());
        created
    }

    pub(super) fn of(tracker: &Arc<Tracker>, shared: Arc<Shared>) -> TrackedCredential {
        TrackedCredential { tracker: Arc::clone(tracker), shared }
    }

    pub(super) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Its kind.
    pub fn kind(&self) -> CredentialKind {
        self.shared.kind
    }

    /// Its slug.
    pub fn slug(&self) -> &str {
        &self.shared.slug
    }

    /// Where it stands now; a credential whose time is over is expired by that.
    pub fn state(&self) -> CredentialState {
        self.look();
        self.life().state
    }

    /// When it expires, if that is known.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.life().not_after
    }

    /// When it was last rotated, if that is known.
    pub fn last_rotated(&self) -> Option<SystemTime> {
        self.life().last_rotated
    }

    /// How often it is to be rotated, if that is known.
    pub fn rotation_interval(&self) -> Option<Duration> {
        self.life().rotation_interval
    }

    /// It is in use from now on.
    ///
    /// # Errors
    ///
    /// [`CredentialError::IllegalStep`], as for every step.
    pub fn activate(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Activated, |_, _| {})
    }

    /// A successor took its place, which expires at `not_after`, if it does.
    ///
    /// `auth_credential_last_rotated_timestamp_seconds` is now; where the clock was set back, it stays where it was.
    ///
    /// # Errors
    ///
    /// [`CredentialError::IllegalStep`], and [`CredentialError::NotAfterInPast`] for a successor that has expired already.
    pub fn rotate(&self, not_after: Option<SystemTime>) -> Result<(), CredentialError> {
        let now = self.tracker.now();
        if not_after.is_some_and(|not_after| not_after <= now) {
            return Err(CredentialError::NotAfterInPast { kind: self.kind(), slug: self.slug().to_owned() });
        }
        self.step(CredentialEvent::Rotated, |life, now| {
            life.not_after = not_after;
            let last = life.last_rotated.map_or(now, |last| last.max(now));
            (life.last_rotated, life.since, life.expiring) = (Some(last), last, false);
        })
    }

    /// It is no longer handed out, but still accepted: its rotation is no longer exported as due.
    ///
    /// # Errors
    ///
    /// [`CredentialError::IllegalStep`].
    pub fn retire(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Retired, |_, _| {})
    }

    /// Its time is over. A credential with a `not_after` comes here by itself.
    ///
    /// # Errors
    ///
    /// [`CredentialError::IllegalStep`].
    pub fn expire(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Expired, |_, _| {})
    }

    /// It was withdrawn: nothing is exported of it any more.
    ///
    /// # Errors
    ///
    /// [`CredentialError::IllegalStep`].
    pub fn revoke(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Revoked, |_, _| {})
    }

    /// Somebody else has it.
    ///
    /// # Errors
    ///
    /// [`CredentialError::IllegalStep`].
    pub fn compromise(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::Compromised, |_, _| {})
    }

    /// A try to rotate it failed.
    ///
    /// # Errors
    ///
    /// [`CredentialError::IllegalStep`].
    pub fn rotation_failed(&self) -> Result<(), CredentialError> {
        self.step(CredentialEvent::RotationFailed, |_, _| {})
    }

    /// Takes it out of its tracker: its gauges vanish, what was counted stays, and its slug is free again.
    pub fn forget(&self) {
        let mut life = self.life();
        life.forgotten = true;
        self.export(&life);
        drop(life);
        self.tracker.remove(self);
    }

    /// Finds out whether its time is over, or will be soon.
    pub(super) fn look(&self) {
        let (now, mut life) = (self.tracker.now(), self.life());
        let Some(not_after) = life.not_after.filter(|_| life.state.can_expire() && !life.forgotten) else {
            return;
        };
        if not_after <= now {
            life.state = CredentialState::Expired;
            self.count(CredentialEvent::Expired);
            return;
        }
        let left = not_after.duration_since(now).unwrap_or_default();
        if !life.expiring && left <= self.tracker.notice(life.since, not_after) {
            life.expiring = true;
            self.count(CredentialEvent::Expiring);
        }
    }

    fn step(
        &self,
        event: CredentialEvent,
        then: impl FnOnce(&mut Life, SystemTime),
    ) -> Result<(), CredentialError> {
        self.look();
        let mut life = self.life();
        let Some(state) = life.state.after(event).filter(|_| !life.forgotten) else {
            self.tracker.metrics.count_fault(Fault::IllegalStep);
            let (kind, slug, state) = (self.kind(), self.slug().to_owned(), life.state);
            return Err(CredentialError::IllegalStep { kind, slug, state, event });
        };
        life.state = state;
        then(&mut life, self.tracker.now());
        self.count(event);
        self.export(&life);
        Ok(())
    }

    fn count(&self, event: CredentialEvent) {
        self.tracker.metrics.record_credential_event(&self.tracker.service_id, self.kind(), event);
    }

    /// Sets the gauges to what is known and still matters.
    fn export(&self, life: &Life) {
        let is_there = !life.forgotten && life.state != CredentialState::Revoked;
        let is_rotated = is_there && life.state != CredentialState::Retired;
        let times = CredentialTimes {
            not_after: life.not_after.filter(|_| is_there).map(since_1970),
            last_rotated: life.last_rotated.filter(|_| is_rotated).map(since_1970),
            rotation_interval: life
                .rotation_interval
                .filter(|_| is_rotated)
                .map(|interval| interval.as_secs_f64()),
        };
        self.tracker.metrics.set_credential(&self.tracker.service_id, self.kind(), self.slug(), times);
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.shared.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Seconds since 1970, negative before.
fn since_1970(time: SystemTime) -> f64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => since.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    }
}

/// What a rotator needs.
#[cfg(feature = "rotation")]
impl TrackedCredential {
    pub(crate) fn service_id(&self) -> &str {
        &self.tracker.service_id
    }

    pub(crate) fn metrics(&self) -> &AuthMetrics {
        &self.tracker.metrics
    }

    /// The time by the tracker's clock.
    pub(crate) fn now(&self) -> SystemTime {
        self.tracker.now()
    }

    /// From when on its present term counts.
    pub(crate) fn since(&self) -> SystemTime {
        self.life().since
    }

    pub(crate) fn is_forgotten(&self) -> bool {
        self.life().forgotten
    }

    /// Takes over what another replica did: no event of this process's.
    pub(crate) fn adopt(&self, rotated_at: SystemTime, not_after: Option<SystemTime>) {
        let mut life = self.life();
        (life.last_rotated, life.not_after, life.since) = (Some(rotated_at), not_after, rotated_at);
        if life.state == CredentialState::Expired {
            life.state = CredentialState::Active;
        }
        life.expiring = false;
        self.export(&life);
    }

    /// The right to rotate it, until that drops; none while somebody has it.
    pub(crate) fn claim(&self) -> Option<Claim> {
        let was_claimed = self.shared.claimed.swap(true, std::sync::atomic::Ordering::Acquire);
        (!was_claimed).then(|| Claim(Arc::clone(&self.shared)))
    }
}

/// The right to rotate a credential.
#[cfg(feature = "rotation")]
pub(crate) struct Claim(Arc<Shared>);

#[cfg(feature = "rotation")]
impl Drop for Claim {
    fn drop(&mut self) {
        self.0.claimed.store(false, std::sync::atomic::Ordering::Release);
    }
}

impl fmt::Debug for TrackedCredential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("TrackedCredential");
        debug.field("kind", &self.kind()).field("slug", &self.slug()).field("state", &self.life().state);
        debug.finish_non_exhaustive()
    }
}
