//! What a rotator finds out: from the note beside the lease, and from what `refresh` says.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::hooks::Rotated;
use super::id::Id;
use super::known::age_by;
use super::later::later;
use super::lease::{LeaseError, Rotation};
use super::tenure::{self, Tenure};
use super::tries::outcome_of;
use super::worker::Worker;
use crate::metrics::Fault;
use crate::taxonomy::RotationOutcome;

/// What two accounts of one time may differ by: stores round to seconds.
const ROUNDING: Duration = Duration::from_secs(1);

impl Worker {
    /// Looks at what others did, if it is time to.
    pub(super) async fn look_around(&mut self) {
        if self.next_look > Instant::now() || *self.stopped.borrow() {
            return;
        }
        self.say_again().await;
        // The note first: what `refresh` says then is not older than it.
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
            Err(_) => self.subject.count_fault(Fault::RefreshFailed),
        }
        self.next_look = later(self.nap());
    }

    /// Notes a rotation of this replica's that could not be noted before.
    async fn say_again(&mut self) {
        let (Some(lease), Some((held, note))) = (&self.lease, &self.unsaid) else { return };
        if tenure::note(&**lease, held, Some(note.clone())).await.is_ok() {
            self.unsaid = None;
            self.settle();
        }
    }

    async fn newer_note(&mut self) -> Result<Option<Rotation>, LeaseError> {
        let Some(lease) = &self.lease else { return Ok(None) };
        let noted = tenure::last_rotation(&**lease, &self.subject.name()).await;
        if noted.is_err() {
            self.subject.count_fault(Fault::LeaseUnavailable);
        }
        Ok(noted?.filter(|noted| self.is_newer(noted)))
    }

    pub(super) fn is_newer(&self, note: &Rotation) -> bool {
        note.fencing_token() > self.known.token
    }

    /// What `refresh` says; none too if there is no such hook.
    pub(super) async fn refreshed(
        &mut self,
        tenure: &mut Option<Tenure>,
    ) -> Result<Option<Rotated>, RotationOutcome> {
        let Some(refresh) = &self.options.refresh else { return Ok(None) };
        let call = refresh.call(self.context(tenure.as_ref()));
        outcome_of(self.call(call, tenure).await)
    }

    /// Takes over what was found out: a newer note, and what `refresh` said after it.
    pub(super) fn learn(&mut self, note: Option<&Rotation>, found: Option<&Rotated>) {
        let is_first = std::mem::replace(&mut self.is_new, false);
        if let Some(note) = note {
            self.known.token = note.fencing_token();
            // Whoever made it knew of everything before.
            self.unsaid = None;
        }
        let now = self.options.wall.now();
        let successor = found.and_then(|found| self.successor(found));
        // A note of another credential than the one in use from now on has no times of it.
        let named = found.and_then(|found| found.id.as_ref());
        let own = note.filter(|note| named.is_none_or(|id| id.as_str() == note.id()));
        let told = found.and_then(|found| found.at).or(own.map(Rotation::at));
        let not_after = match (found, own) {
            (Some(found), _) => found.not_after,
            (None, Some(note)) => note.not_after(),
            (None, None) => return,
        };
        // One that comes while this runs was made since the last look, whatever its clock says.
        let since_look = if is_first { age_by(told, now) } else { Duration::ZERO };
        let times = Times {
            told,
            not_after,
            age: own.and_then(Rotation::age).unwrap_or(since_look),
            is_another: own
                .is_some_and(|note| self.known.id.as_ref().is_none_or(|id| id.as_str() != note.id())),
            is_noted: note.is_some(),
            is_first,
        };
        if let Some(id) = successor {
            let at = told.unwrap_or(now);
            self.subject.followed(at, not_after);
            self.use_from_now_on(id, false);
            self.renewed(times.age, Some(at), not_after);
        } else {
            self.learn_times(named.cloned(), &times);
        }
        self.settle();
    }

    /// The id of what was found, if it is known to be another one than that in use.
    fn successor(&self, found: &Rotated) -> Option<Id> {
        let (used, found) = (self.known.id.as_ref()?, found.id.as_ref()?);
        (used != found).then(|| found.clone())
    }

    /// Takes over times and no successor, so that nothing is ever retired by this.
    fn learn_times(&mut self, named: Option<Id>, times: &Times) {
        let &Times { told, not_after, is_first, .. } = times;
        let now = self.options.wall.now();
        let is_same = named.is_some() && named == self.known.id;
        self.known.id = self.known.id.take().or(named);
        let differs = differ(told, self.known.at) || differ(not_after, self.known.not_after);
        let at = told.or(self.known.at);
        if times.is_another && !is_first {
            self.subject.followed(at.unwrap_or(now), not_after);
        } else if (at, not_after) != (self.known.at, self.known.not_after) {
            self.subject.amended(now, at, not_after);
        }
        if times.is_noted || (differs && !is_same) {
            // At the start what was declared is evidence too.
            let declared = self.known.at.filter(|_| is_first).map(|_| self.known.age());
            let age = declared.map_or(times.age, |declared| declared.min(times.age));
            self.renewed(age, at, not_after);
            return;
        }
        if is_first && self.known.at.is_none() {
            self.known.set_age(times.age);
        }
        (self.known.at, self.known.not_after) = (at, not_after);
    }
}

/// What was told of the times of a credential.
struct Times {
    told: Option<SystemTime>,
    not_after: Option<SystemTime>,
    age: Duration,
    /// By a newer note, which does not name the credential in use.
    is_another: bool,
    /// There is a newer note, so somebody rotated.
    is_noted: bool,
    is_first: bool,
}

/// Whether the first is told, and is another one than the second.
fn differ(told: Option<SystemTime>, known: Option<SystemTime>) -> bool {
    let Some(told) = told else { return false };
    known.is_none_or(|known| {
        let apart = told.duration_since(known).or_else(|_| known.duration_since(told));
        apart.is_ok_and(|apart| apart >= ROUNDING)
    })
}
