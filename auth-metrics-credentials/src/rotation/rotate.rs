//! Makes one try to rotate, from taking the lease to counting the outcome.

use std::time::Duration;

use tokio::time::Instant;

use super::NotRotated;
use super::deadline::later;
use super::held_lease::HeldLease;
use super::hooks::{Call, RotationContext};
use super::id::Id;
use super::lease::Rotation;
use super::outcome_guard::OutcomeGuard;
use super::runner::End;
use super::worker::Worker;
use crate::group::InternalError;
use crate::terms::RotationOutcome;
use crate::tracker::CredentialError;

impl Worker {
    /// One try, if this replica may. Without an outcome there was nothing to do: another replica rotated already.
    pub(super) async fn rotate(&mut self, requested: bool) -> Result<Option<RotationOutcome>, NotRotated> {
        tokio::select! {
            biased;
            _ = self.stop.asked() => return Err(NotRotated::Ended),
            () = self.runner.settled() => {}
        }
        // It may have ended since the rotator last looked.
        if !self.tracked.is_in_use() {
            return Err(NotRotated::Ended);
        }
        let mut held_lease = self.take_lease(requested).await?;
        if self.stop.is_asked() {
            self.give_up(held_lease).await;
            return Err(NotRotated::Ended);
        }
        let guard = OutcomeGuard::start(self.tracked.counts());
        let before = self.current.id.clone();
        let outcome = self.look_and_replace(requested, &mut held_lease).await;
        match outcome {
            Some(outcome) => self.ended(guard, outcome),
            None => guard.forget(),
        }
        match held_lease {
            Some(held_lease) => self.give_back(held_lease, before, outcome).await,
            None => self.settle(),
        }
        if outcome.is_none() && !self.tracked.is_in_use() { Err(NotRotated::Ended) } else { Ok(outcome) }
    }

    async fn take_lease(&mut self, requested: bool) -> Result<Option<HeldLease>, NotRotated> {
        let Some(lease) = &self.lease else { return Ok(None) };
        match HeldLease::begin(lease, &self.tracked.name(), self.options.lease_ttl).await {
            Ok(Some(held_lease)) => {
                self.misses = 0;
                self.kept = None;
                Ok(Some(held_lease))
            }
            Ok(None) => {
                // A half of a third to all of it.
                let part = 0.5 + self.random.f64() / 2.0;
                self.rest_for((self.options.lease_ttl / 3).mul_f64(part));
                // What stands there may be this replica's own.
                self.wanted |= requested && self.kept.is_some_and(|until| until > Instant::now());
                Err(NotRotated::NoLease)
            }
            Err(_) => {
                self.tracked.count_internal_error(InternalError::LeaseUnavailable);
                self.misses = self.misses.saturating_add(1);
                self.rest(self.misses);
                self.wanted |= requested;
                Err(NotRotated::NoAnswer)
            }
        }
    }

    /// Asks for a successor that is there already, and makes one if there is none.
    async fn look_and_replace(
        &mut self,
        requested: bool,
        held_lease: &mut Option<HeldLease>,
    ) -> Option<RotationOutcome> {
        let noted = held_lease.as_ref().and_then(|held_lease| held_lease.held().last_rotation()).cloned();
        let noted = noted.filter(|noted| self.is_newer(noted));
        let found = match self.refreshed(held_lease).await {
            Ok(found) => found,
            Err(outcome) => return Some(outcome),
        };
        self.learn(noted.as_ref(), found.as_ref());
        let is_asked_for = requested || self.wait_for_schedule().is_some_and(|wait| wait.is_zero());
        if !is_asked_for || !self.tracked.is_in_use() {
            return None;
        }
        if self.stop.is_asked() {
            return Some(RotationOutcome::Cancelled);
        }
        Some(self.replace(held_lease).await)
    }

    /// Calls `rotate`.
    async fn replace(&mut self, held_lease: &mut Option<HeldLease>) -> RotationOutcome {
        let context = self.context(held_lease.as_ref());
        let proposed = context.id.clone();
        let call = self.options.rotate.call(context);
        let rotated = match outcome_of(self.call(call, held_lease).await) {
            Ok(rotated) => rotated,
            Err(outcome) => return outcome,
        };
        // Its end is judged by a clock that may have been set meanwhile.
        self.watch_the_clock();
        // Whatever is said of its times: this process uses it.
        self.use_from_now_on(rotated.id.unwrap_or(proposed), true, rotated.not_after);
        let now = self.options.time_of_day.now();
        let at = rotated.at.unwrap_or(now);
        match self.tracked.rotated(self.current.time_left.believed(now), at, rotated.not_after) {
            Ok(()) => {
                self.renewed(Duration::ZERO, Some(at), rotated.not_after);
                RotationOutcome::Success
            }
            Err(CredentialError::NotAfterPast { .. }) => {
                self.is_spoiled = true;
                RotationOutcome::Error
            }
            Err(_) => RotationOutcome::Error,
        }
    }

    /// Notes what is in use now, if nobody did, and gives the lease back.
    async fn give_back(
        &mut self,
        held_lease: HeldLease,
        before: Option<Id>,
        outcome: Option<RotationOutcome>,
    ) {
        let held = held_lease.held().clone();
        let is_noted = |id: &Id| held.last_rotation().is_some_and(|noted| noted.id() == id.as_str());
        let is_new = |id: &&Id| before.as_ref() != Some(*id) && !is_noted(id);
        let is_made = outcome == Some(RotationOutcome::Success) || self.current.is_unnoted;
        let made = self.current.id.as_ref().filter(|_| !self.is_spoiled).filter(|id| is_made || is_new(id));
        let at = self.current.at.unwrap_or_else(|| self.options.time_of_day.now());
        let note =
            made.map(|id| Rotation::new(held.fencing_token(), id.as_str(), at, self.current.not_after()));
        if note.is_some() {
            self.current.is_unnoted = false;
            self.current.token = held.fencing_token();
        }
        if held_lease.end(note.clone()).await.is_err() {
            self.tracked.count_internal_error(InternalError::LeaseUnavailable);
            self.kept = Some(later(self.options.lease_ttl));
            self.unsaid = note.map(|note| (held, note)).or(self.unsaid.take());
        } else if note.is_some() {
            self.unsaid = None;
        }
        self.settle();
    }

    /// Gives a lease back that nothing was done with.
    async fn give_up(&self, held_lease: Option<HeldLease>) {
        if let Some(held_lease) = held_lease
            && held_lease.end(None).await.is_err()
        {
            self.tracked.count_internal_error(InternalError::LeaseUnavailable);
        }
    }

    pub(super) fn context(&self, held_lease: Option<&HeldLease>) -> RotationContext {
        let now = self.options.time_of_day.now();
        RotationContext {
            id: Id::fresh(now),
            predecessor: self.current.id.clone(),
            attempt: self.failures.saturating_add(1),
            now,
            not_after: self.current.not_after(),
            last_rotated: self.current.at,
            fencing_token: held_lease.map(|held_lease| held_lease.held().fencing_token()),
        }
    }

    /// Runs a function of the user's until it ends, is stopped or loses the lease.
    pub(super) async fn call<T: Send + 'static>(
        &mut self,
        call: Call<T>,
        held_lease: &mut Option<HeldLease>,
    ) -> End<Result<T, ()>> {
        let lost = async {
            match held_lease {
                Some(held_lease) => held_lease.lost().await,
                None => std::future::pending().await,
            }
        };
        let interrupt = async {
            tokio::select! {
                () = self.stop.over() => {}
                () = lost => {}
            }
        };
        call.run(&mut self.runner, self.options.timeout, interrupt).await
    }

    /// Counts a try, and rests after one that failed.
    fn ended(&mut self, guard: OutcomeGuard, outcome: RotationOutcome) {
        guard.end(outcome);
        if outcome != RotationOutcome::Success {
            self.failures = self.failures.saturating_add(1);
            self.rest(self.failures);
            if outcome != RotationOutcome::Cancelled {
                self.tracked.failed();
            }
        }
    }

    /// Rests as the backoff says after so many failures in a row.
    fn rest(&mut self, failures: u32) {
        let wait = self.options.backoff.wait(failures, self.random.f64());
        self.rest_for(wait);
    }
}

pub(super) fn outcome_of<T>(end: End<Result<T, ()>>) -> Result<T, RotationOutcome> {
    match end {
        End::Value(value) => value.map_err(|()| RotationOutcome::Error),
        End::Panicked => Err(RotationOutcome::Panicked),
        End::TimedOut => Err(RotationOutcome::Timeout),
        End::Interrupted => Err(RotationOutcome::Cancelled),
    }
}
