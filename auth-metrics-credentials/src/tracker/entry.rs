//! What a tracker keeps of one credential, and what time does to it. Does not know where that is exported.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::credential::Said;
use super::{Credential, CredentialState};
use crate::group::CredentialTimes;
use crate::terms::{CredentialEvent, CredentialKind};

/// Stores may round to whole seconds, up or down, so times that are closer than this are the same.
const SAME: Duration = Duration::from_secs(1);

/// What a tracker keeps of one credential.
pub(super) struct Entry {
    pub(super) kind: CredentialKind,
    pub(super) slug: Arc<str>,
    /// The slug of the key set that it belongs to.
    #[cfg(feature = "jwks")]
    pub(super) set: Option<Arc<str>>,
    record: Mutex<Record>,
}

pub(super) struct Record {
    pub(super) state: CredentialState,
    pub(super) not_before: Option<SystemTime>,
    pub(super) not_after: Option<SystemTime>,
    pub(super) last_rotated: Option<SystemTime>,
    pub(super) rotation_interval: Option<Duration>,
    /// Identifies the document that it was read from, if there is one.
    digest: Option<u64>,
    /// What was read of it last. Rotations since then are not in it.
    read: Said,
    /// Since when it is the one in use, as far as that is known.
    since: SystemTime,
    /// Whether it was counted as `expiring` since it was last rotated.
    is_expiring: bool,
    /// Whether its times are exported.
    pub(super) is_shown: bool,
    pub(super) is_forgotten: bool,
}

impl Entry {
    pub(super) fn new(slug: Arc<str>, credential: &Credential, now: SystemTime) -> Entry {
        let record = Record {
            state: CredentialState::Created,
            not_before: credential.not_before,
            not_after: credential.not_after,
            last_rotated: credential.last_rotated,
            rotation_interval: credential.rotation_interval,
            digest: credential.digest,
            read: credential.said(),
            since: credential.since().unwrap_or(now),
            is_expiring: false,
            is_shown: true,
            is_forgotten: false,
        };
        Entry {
            kind: credential.kind,
            slug,
            #[cfg(feature = "jwks")]
            set: credential.set.clone(),
            record: Mutex::new(record),
        }
    }

    pub(super) fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    /// Takes over a successor. If the clock was set back, the last rotation keeps its later time.
    pub(super) fn succeed(&mut self, not_after: Option<SystemTime>, now: SystemTime) {
        self.not_before = None;
        self.not_after = not_after;
        self.digest = None;
        self.last_rotated = Some(self.last_rotated.map_or(now, |before| before.max(now)));
        self.since = now;
        self.is_expiring = false;
    }

    /// Returns whether this is a successor, and not the same credential again with other times. What was read last is no
    /// successor, whatever happened since then.
    pub(super) fn is_succeeded_by(&self, read: &Credential) -> bool {
        if self.has_read(read) {
            return false;
        }
        if let (Some(known), Some(read)) = (self.digest, read.digest) {
            return known != read;
        }
        let known = self.last_rotated.unwrap_or(self.since);
        let is_rotated =
            read.last_rotated.is_some_and(|at| at.duration_since(known).is_ok_and(|by| by >= SAME));
        is_rotated || !self.ends_with(read)
    }

    /// Returns whether this is what was read last, apart from its start and its interval.
    fn has_read(&self, read: &Credential) -> bool {
        let says = |said: Said| (said.digest, said.not_after, said.last_rotated);
        says(self.read) == says(read.said())
    }

    /// Returns whether both have the same end.
    pub(super) fn ends_with(&self, read: &Credential) -> bool {
        match (self.not_after, read.not_after) {
            (Some(known), Some(read)) => {
                let apart = known.duration_since(read).unwrap_or_else(|later| later.duration());
                apart < SAME
            }
            (known, read) => known == read,
        }
    }

    /// Returns whether what was read is known already.
    pub(super) fn knows(&self, read: &Credential) -> bool {
        let is_known = |interval| self.rotation_interval == Some(interval);
        let is_news = read.last_rotated.is_some() && self.last_rotated.is_none();
        let has_times = self.ends_with(read) && self.not_before == read.not_before && !is_news;
        self.read == read.said()
            || (!self.is_succeeded_by(read) && has_times && read.rotation_interval.is_none_or(is_known))
    }

    /// Takes over what was read again.
    pub(super) fn renew(&mut self, read: &Credential, now: SystemTime, is_rotation: bool) {
        if is_rotation {
            self.succeed(read.not_after, now.min(read.last_rotated.unwrap_or(now)));
        }
        if !self.has_read(read) {
            self.is_expiring &= self.ends_with(read);
            self.not_after = read.not_after;
            self.last_rotated = self.last_rotated.max(read.last_rotated);
            self.digest = read.digest;
            self.since = read.since().unwrap_or(self.since);
        }
        self.not_before = read.not_before;
        self.rotation_interval = read.rotation_interval.or(self.rotation_interval);
        self.read = read.said();
    }

    /// Takes over times that a rotator found out.
    #[cfg(feature = "rotation")]
    pub(super) fn amend(&mut self, at: Option<SystemTime>, not_after: Option<SystemTime>) {
        self.is_expiring &= self.not_after == not_after;
        self.not_after = not_after;
        self.last_rotated = at.or(self.last_rotated);
        self.since = at.unwrap_or(self.since);
    }

    /// Returns what time alone has done to it by now, if that was not counted yet.
    pub(super) fn pass_to(
        &mut self,
        now: SystemTime,
        lead_time: impl Fn(Duration) -> Duration,
    ) -> Option<CredentialEvent> {
        let not_after = self.not_after.filter(|_| !self.is_forgotten && !self.state.has_ended())?;
        let left = not_after.duration_since(now).unwrap_or_default();
        if left.is_zero() {
            self.state = CredentialState::Expired;
            return Some(CredentialEvent::Expired);
        }
        let lifetime = not_after.duration_since(self.since).unwrap_or_default();
        let is_told = self.is_expiring || self.state == CredentialState::Retired;
        if is_told || left > lead_time(lifetime) {
            return None;
        }
        self.is_expiring = true;
        Some(CredentialEvent::Expiring)
    }

    /// Returns the times that are exported.
    pub(super) fn times(&self) -> CredentialTimes {
        if !self.is_shown {
            return CredentialTimes::default();
        }
        CredentialTimes {
            not_after: self.not_after.map(seconds),
            last_rotated: self.last_rotated.map(seconds),
            rotation_interval: self.rotation_interval.map(|interval| interval.as_secs_f64()),
        }
    }
}

/// Converts a time to seconds since 1970, negative before that.
fn seconds(at: SystemTime) -> f64 {
    match at.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => since.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    }
}
