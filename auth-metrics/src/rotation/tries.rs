//! One try of a rotator's, from the lease to the count.

use tokio::time::sleep;

use super::hooks::{Boxed, Rotated, RotationContext};
use super::later::later;
use super::lease::Rotation;
use super::runner::End;
use super::tenure::Tenure;
use super::trial::Trial;
use super::worker::Worker;
use crate::taxonomy::RotationOutcome;

impl Worker {
    /// One try, if this replica may. None if there was none: another one has the lease, or rotated already.
    pub(super) async fn rotate(&mut self, wished: bool) -> Option<RotationOutcome> {
        let mut stopped = self.stopped.clone();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => return None,
            () = self.runner.settled() => {}
        }
        let trial = Trial::start(self.subject.counts());
        let mut tenure = None;
        if let Some(lease) = &self.lease {
            match Tenure::begin(lease, &self.subject.name(), self.options.lease_ttl).await {
                Ok(Some(begun)) => tenure = Some(begun),
                Ok(None) => {
                    trial.forget();
                    self.rest_for(self.options.lease_ttl / 3);
                    return None;
                }
                Err(_) => {
                    self.ended(trial, RotationOutcome::Error);
                    return Some(RotationOutcome::Error);
                }
            }
        }
        let outcome = match self.found(&mut tenure).await {
            Err(outcome) => Some(outcome),
            Ok(Some(found)) => {
                self.adopt(found);
                if wished { Some(self.replace(&mut tenure).await) } else { None }
            }
            Ok(None) => Some(self.replace(&mut tenure).await),
        };
        if let Some(outcome) = outcome {
            self.ended(trial, outcome);
        } else {
            trial.forget();
        }
        if let Some(tenure) = tenure {
            let rotation = self.last_rotated.map(|at| Rotation::new(at, self.known.not_after));
            tenure.end(rotation).await;
        }
        outcome
    }

    /// A successor that is there already: another replica noted it beside the lease, or `refresh` knows of it.
    async fn found(&mut self, tenure: &mut Option<Tenure>) -> Result<Option<Rotated>, RotationOutcome> {
        let noted = tenure.as_ref().and_then(|tenure| tenure.held().last_rotation());
        let noted = noted.filter(|noted| noted.at() > self.known.since);
        self.refreshed(noted, tenure).await
    }

    pub(super) async fn refreshed(
        &mut self,
        noted: Option<Rotation>,
        tenure: &mut Option<Tenure>,
    ) -> Result<Option<Rotated>, RotationOutcome> {
        let mut found = None;
        if let Some(refresh) = &self.options.refresh {
            let call = refresh.call(self.context(tenure.as_ref()));
            found = outcome_of(self.call(call, tenure).await)?;
        }
        let found = found.filter(|found| self.is_news(*found));
        let at = noted.map(|noted| noted.at());
        let noted = noted.map(|noted| Rotated { not_after: noted.not_after(), at });
        Ok(found.map(|found| Rotated { at: found.at.or(at), ..found }).or(noted))
    }

    /// Whether this is not what is known already: `refresh` may tell that again.
    fn is_news(&self, found: Rotated) -> bool {
        let later = found.at.map(|at| at > self.known.since);
        later.unwrap_or_else(|| found.not_after.is_none() || found.not_after > self.known.not_after)
    }

    /// Calls `rotate`.
    async fn replace(&mut self, tenure: &mut Option<Tenure>) -> RotationOutcome {
        let call = self.options.rotate.call(self.context(tenure.as_ref()));
        let rotated = match outcome_of(self.call(call, tenure).await) {
            Ok(rotated) => rotated,
            Err(outcome) => return outcome,
        };
        let at = rotated.at.unwrap_or_else(|| self.options.wall.now());
        if self.subject.rotated(at, rotated.not_after).is_err() {
            return RotationOutcome::Error;
        }
        self.succeeded(at, rotated.not_after, true);
        RotationOutcome::Success
    }

    fn context(&self, tenure: Option<&Tenure>) -> RotationContext {
        RotationContext {
            generation: self.generation + 1,
            attempt: self.failures.saturating_add(1),
            now: self.options.wall.now(),
            not_after: self.known.not_after,
            last_rotated: self.last_rotated,
            fencing_token: tenure.map(|tenure| tenure.held().fencing_token()),
        }
    }

    /// Runs a function of the user's until it ends, is stopped or loses the lease.
    pub(super) async fn call<T: Send + 'static>(
        &mut self,
        call: Boxed<T>,
        tenure: &mut Option<Tenure>,
    ) -> End<T> {
        let (mut stopped, grace) = (self.stopped.clone(), self.options.grace);
        let stop = async move {
            drop(stopped.wait_for(|stop| *stop).await);
            sleep(grace).await;
        };
        let lost = async {
            match tenure {
                Some(tenure) => tenure.lost().await,
                None => std::future::pending().await,
            }
        };
        let interrupt = async {
            tokio::select! {
                () = stop => {}
                () = lost => {}
            }
        };
        self.runner.run(call, self.options.timeout, interrupt).await
    }

    /// Counts a try, and rests after one that failed.
    fn ended(&mut self, trial: Trial, outcome: RotationOutcome) {
        trial.end(outcome);
        if outcome != RotationOutcome::Success {
            self.failures = self.failures.saturating_add(1);
            let wait = self.options.backoff.wait(self.failures, self.dice.roll());
            self.rest = later(wait);
            if outcome != RotationOutcome::Cancelled {
                self.subject.failed();
            }
        }
    }
}

fn outcome_of<T>(end: End<Result<T, ()>>) -> Result<T, RotationOutcome> {
    match end {
        End::Value(value) => value.map_err(|()| RotationOutcome::Error),
        End::Panicked => Err(RotationOutcome::Panicked),
        End::TimedOut => Err(RotationOutcome::Timeout),
        End::Interrupted => Err(RotationOutcome::Cancelled),
    }
}
