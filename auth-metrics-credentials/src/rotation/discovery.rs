//! Finds out what other replicas did: from the note kept with the lease, and from `refresh`. Never rotates.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::current::age_by;
use super::deadline::later;
use super::held_lease::{self, HeldLease};
use super::hooks::Rotated;
use super::id::Id;
use super::lease::{LeaseError, Rotation};
use super::rotate::outcome_of;
use super::worker::Worker;
use crate::group::InternalError;
use crate::terms::RotationOutcome;

/// What two accounts of one time may differ by: stores round to seconds.
const ROUNDING: Duration = Duration::from_secs(1);

impl Worker {
    /// Looks at what others did, if it is time to.
    pub(super) async fn look_around(&mut self) {
        if self.next_look > Instant::now() || self.stop.is_asked() {
            return;
        }
        // The note first: what `refresh` says then is not older than it. A store that hangs does not keep `refresh`.
        let noted = self.newer_note().await;
        match self.refreshed(&mut None).await {
            Ok(found) => {
                let was_new = self.is_new;
                let is_told = noted.is_ok();
                self.learn(noted.unwrap_or_default().as_ref(), found.as_ref());
                // A note that is read for the first time later on may still be from before the start.
                self.is_new = was_new && !is_told;
            }
            Err(RotationOutcome::Cancelled) => {}
            // The note is heard of again at the next look.
            Err(_) => self.tracked.count_internal_error(InternalError::RefreshFailed),
        }
        self.say_again().await;
        self.next_look = later(self.nap());
    }

    /// Notes a rotation of this replica's that could not be noted before.
    async fn say_again(&mut self) {
        let (Some(lease), Some((held, note))) = (&self.lease, &self.unsaid) else { return };
        if held_lease::note(&**lease, held, Some(note.clone())).await.is_ok() {
            self.unsaid = None;
            self.settle();
        }
    }

    async fn newer_note(&mut self) -> Result<Option<Rotation>, LeaseError> {
        let Some(lease) = &self.lease else { return Ok(None) };
        let noted = held_lease::last_rotation(&**lease, &self.tracked.name()).await;
        if noted.is_err() {
            self.tracked.count_internal_error(InternalError::LeaseUnavailable);
        }
        Ok(noted?.filter(|noted| self.is_newer(noted)))
    }

    pub(super) fn is_newer(&self, note: &Rotation) -> bool {
        note.fencing_token() > self.current.token
    }

    /// What `refresh` says; none too if there is no such hook.
    pub(super) async fn refreshed(
        &mut self,
        held_lease: &mut Option<HeldLease>,
    ) -> Result<Option<Rotated>, RotationOutcome> {
        let Some(refresh) = &self.options.refresh else { return Ok(None) };
        let call = refresh.call(self.context(held_lease.as_ref()));
        outcome_of(self.call(call, held_lease).await)
    }

    /// Takes over what was found out: a newer note, and what `refresh` said after it.
    pub(super) fn learn(&mut self, note: Option<&Rotation>, found: Option<&Rotated>) {
        // Ends are judged by a clock that may have been set meanwhile.
        self.watch_the_clock();
        let is_first = std::mem::replace(&mut self.is_new, false);
        if let Some(note) = note {
            self.current.token = note.fencing_token();
            // Whoever made it knew of everything before.
            self.unsaid = None;
        }
        let now = self.options.time_of_day.now();
        let successor = found.and_then(|found| self.successor(found));
        // A note of another credential than the one in use from now on has no times of it.
        let named = found.and_then(|found| found.id.as_ref());
        let used = named.or(self.current.id.as_ref());
        let is_of_another = note.is_some_and(|note| used.is_some_and(|id| id.as_str() != note.id()));
        let own = note.filter(|_| !is_of_another || (named.is_none() && !is_first));
        // At the start nobody knows whether it is older than what this process was told.
        self.current.is_unnoted = (self.current.is_unnoted && note.is_none()) || (is_first && is_of_another);
        let told = found.and_then(|found| found.at).or(own.map(Rotation::at));
        let not_after = match (found, own) {
            (Some(found), _) => found.not_after,
            (None, Some(note)) if is_of_another => earlier(note.not_after(), self.current.not_after()),
            (None, Some(note)) => note.not_after(),
            (None, None) => return,
        };
        let times = Times {
            told,
            not_after,
            age: own.and_then(Rotation::age),
            is_noted: own.is_some() || (note.is_some() && !is_first),
            is_of_another,
            is_first,
        };
        if let Some(id) = successor {
            let at = told.unwrap_or(now);
            self.tracked.followed(at, not_after);
            self.use_from_now_on(id, false, not_after);
            self.renewed(times.age_at(now), Some(at), not_after);
        } else {
            self.learn_times(named, &times);
        }
        self.settle();
    }

    /// The id of what was found, if it is known to be another one than that in use.
    fn successor(&self, found: &Rotated) -> Option<Id> {
        let (used, found) = (self.current.id.as_ref()?, found.id.as_ref()?);
        (used != found).then(|| found.clone())
    }

    /// Takes over times and no successor, so that nothing is ever retired by this.
    fn learn_times(&mut self, named: Option<&Id>, times: &Times) {
        let now = self.options.time_of_day.now();
        let (at, not_after) = (times.told.or(self.current.at), times.not_after);
        let age = self.age_told(named, times, now);
        self.learn_id(named, times);
        if (at, not_after) != (self.current.at, self.current.not_after()) {
            self.tracked.amended(now, at, not_after);
        }
        if let Some(age) = age {
            self.current.set_age(age);
        }
        self.current.at = at;
        self.current.set_end(not_after, now);
        if times.is_noted {
            self.is_done();
        }
    }

    /// Which one is in use, if nobody said before, and whether that one is good.
    fn learn_id(&mut self, named: Option<&Id>, times: &Times) {
        let is_past = self.is_past(times.not_after);
        if self.current.id.is_none() && named.is_some() {
            self.current.id = named.cloned();
            self.is_spoiled = is_past;
        } else if times.not_after.is_some() && !is_past && !times.is_of_another {
            self.is_spoiled = false;
        }
    }

    /// How old it is, if that is told anew.
    fn age_told(&self, named: Option<&Id>, times: &Times, now: SystemTime) -> Option<Duration> {
        let is_declared = times.is_first && self.current.at.is_some();
        if times.is_noted && is_declared {
            // At the start what was declared is evidence too, and an age that nobody told is none.
            let (declared, told) = (self.current.age(), times.age?);
            let is_of_used = self.current.id.is_some();
            return Some(if is_of_used { declared.max(told) } else { declared.min(told) });
        }
        let is_newer =
            is_later(times.told, self.current.at) && (named.is_none() || named != self.current.id.as_ref());
        (times.is_noted || is_newer || (times.is_first && !is_declared)).then(|| times.age_at(now))
    }
}

/// What was told of the times of a credential.
struct Times {
    told: Option<SystemTime>,
    not_after: Option<SystemTime>,
    /// By the store of the note.
    age: Option<Duration>,
    /// There is a newer note, so somebody rotated.
    is_noted: bool,
    /// That note does not name the credential in use.
    is_of_another: bool,
    is_first: bool,
}

impl Times {
    /// One that comes while this runs was made since the last look, whatever its clock says.
    fn age_at(&self, now: SystemTime) -> Duration {
        let since_look = if self.is_first { age_by(self.told, now) } else { Duration::ZERO };
        self.age.unwrap_or(since_look)
    }
}

/// Whether the first is told, and is later than the second.
fn is_later(told: Option<SystemTime>, current: Option<SystemTime>) -> bool {
    let Some(told) = told else { return false };
    current.is_none_or(|current| told.duration_since(current).is_ok_and(|later| later >= ROUNDING))
}

/// The earlier one of two ends, where none is the latest.
fn earlier(one: Option<SystemTime>, other: Option<SystemTime>) -> Option<SystemTime> {
    one.into_iter().chain(other).min()
}
