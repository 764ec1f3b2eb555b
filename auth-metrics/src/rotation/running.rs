//! A rotator at work: waits, gets the lease, tries, and retires what was rotated away.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::rotator::Rotator;
use super::schedule::LOOK;
use super::{Grant, Lease, Term};
use crate::credentials::{CredentialState, TrackedCredential};
use crate::metrics::unwinding_stops;
use crate::taxonomy::{CredentialEvent, RotationOutcome};

pub(super) struct Running<L> {
    rotator: Rotator<L>,
    wanted: Arc<Notify>,
    /// When what was rotated away is to be retired, the first first.
    retirements: VecDeque<Instant>,
    failures: u32,
    /// Whether a rotation was asked for, due or not, and has not come yet.
    is_wanted: bool,
    /// Whether it was stopped in the middle of a try.
    stopping: bool,
}

/// What a turn ended with.
enum Turn {
    Rotated,
    Failed,
    /// Another replica has the lease, or rotated already.
    NotMine,
    Stopped,
}

impl<L: Lease> Running<L> {
    pub(super) fn new(rotator: Rotator<L>, wanted: Arc<Notify>) -> Running<L> {
        Running {
            rotator,
            wanted,
            retirements: VecDeque::new(),
            failures: 0,
            is_wanted: false,
            stopping: false,
        }
    }

    pub(super) async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        let credential = self.rotator.credential.clone();
        credential.metrics().expect_rotations(credential.service_id(), credential.kind());
        if credential.state() == CredentialState::Created {
            // Somebody else may have activated it since.
            drop(credential.activate());
        }
        let mut not_before = Instant::now();
        loop {
            if self.wait(not_before, stop.as_mut()).await.is_none() {
                return;
            }
            if has_ended(&credential) {
                return;
            }
            let now = Instant::now();
            match self.turn(stop.as_mut()).await {
                Turn::Stopped => return,
                Turn::Rotated => {
                    (self.failures, self.is_wanted) = (0, false);
                    let overlap = self.rotator.overlap.as_ref().map(|(overlap, _)| Instant::now() + *overlap);
                    self.retirements.extend(overlap);
                    // Never twice within the shortest wait, whatever the user's function says of the successor.
                    not_before = now + self.rotator.schedule.first_backoff;
                }
                Turn::NotMine => {
                    not_before = now + self.rotator.schedule.first_backoff.max(self.rotator.lease_ttl / 3);
                }
                Turn::Failed => {
                    self.failures = self.failures.saturating_add(1);
                    not_before = Instant::now() + self.rotator.schedule.backoff(self.failures);
                }
            }
        }
    }

    /// Waits until a rotation is due, or wanted, and retires meanwhile; nothing if it is stopped first.
    async fn wait(
        &mut self,
        not_before: Instant,
        mut stop: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Option<()> {
        let wanted = Arc::clone(&self.wanted);
        // Once for each term: the chance in it is taken once, not with every look.
        let (mut term, mut due) = (None, None);
        loop {
            let credential = &self.rotator.credential;
            let now = credential.now();
            if term != Some((credential.last_rotated(), credential.not_after())) {
                term = Some((credential.last_rotated(), credential.not_after()));
                due = self.rotator.schedule.due(credential, now);
            }
            let left = due.map(|due| due.duration_since(now).unwrap_or_default());
            if has_ended(credential)
                || ((self.is_wanted || left == Some(Duration::ZERO)) && Instant::now() >= not_before)
            {
                return Some(());
            }
            let left = left.map_or(LOOK, |left| left.min(LOOK));
            let mut until = (Instant::now() + left).max(not_before);
            if self.is_wanted {
                until = not_before;
            }
            if let Some(retirement) = self.retirements.front() {
                until = until.min(*retirement);
            }
            tokio::select! {
                biased;
                () = stop.as_mut() => return None,
                () = wanted.notified() => self.is_wanted = true,
                () = sleep_until(until) => {}
            }
            self.retire_what_is_due().await;
        }
    }

    async fn retire_what_is_due(&mut self) {
        while self.retirements.front().is_some_and(|at| *at <= Instant::now()) {
            self.retirements.pop_front();
            let Some((_, retire)) = &mut self.rotator.overlap else { return };
            if let Some(retirement) = unwinding_stops(retire) {
                let mut task = JoinSet::new();
                task.spawn(retirement);
                // A panic in it is the user's affair; the credential is out of time either way.
                drop(tokio::time::timeout(self.rotator.timeout, task.join_next()).await);
            }
            let credential = &self.rotator.credential;
            let kind = credential.kind();
            credential.metrics().record_credential_event(
                credential.service_id(),
                kind,
                CredentialEvent::Retired,
            );
        }
    }

    /// Gets the lease and tries once.
    async fn turn(&mut self, mut stop: Pin<&mut (impl Future<Output = ()> + Send)>) -> Turn {
        let credential = self.rotator.credential.clone();
        let Some(_claim) = credential.claim() else { return Turn::NotMine };
        let name = format!("{}.{}.{}", credential.service_id(), credential.kind().label(), credential.slug());
        let ttl = self.rotator.lease_ttl;
        let grant = tokio::select! {
            biased;
            () = stop.as_mut() => return Turn::Stopped,
            grant = self.rotator.lease.acquire(&name, ttl) => grant,
        };
        let grant = match grant {
            Ok(Some(grant)) => grant,
            Ok(None) => return Turn::NotMine,
            Err(_) => {
                // No try was made, but the credential could not be rotated.
                drop(credential.rotation_failed());
                return Turn::Failed;
            }
        };
        if let Some(term) = grant.term.filter(|term| is_newer(term.rotated_at, credential.last_rotated())) {
            credential.adopt(term.rotated_at, term.not_after);
            self.is_wanted = false;
            drop(self.rotator.lease.release(grant, None).await);
            return Turn::NotMine;
        }
        let started = Instant::now();
        let (mut outcome, successor) = self.attempt(&grant, stop).await;
        let mut term = None;
        if let Some(not_after) = successor {
            match credential.rotate(not_after) {
                Ok(()) => term = credential.last_rotated().map(|rotated_at| Term { rotated_at, not_after }),
                Err(_) => outcome = RotationOutcome::Error,
            }
        }
        let took = started.elapsed();
        credential.metrics().record_credential_rotation(
            credential.service_id(),
            credential.kind(),
            outcome,
            took,
        );
        drop(self.rotator.lease.release(grant, term).await);
        match outcome {
            RotationOutcome::Success => Turn::Rotated,
            RotationOutcome::Cancelled if self.stopping => Turn::Stopped,
            _ => {
                drop(credential.rotation_failed());
                Turn::Failed
            }
        }
    }

    /// One try, with the lease renewed while it runs: how it ended, and when the successor expires if there is one.
    async fn attempt(
        &mut self,
        grant: &Grant,
        mut stop: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> (RotationOutcome, Option<Option<SystemTime>>) {
        let Some(rotation) = unwinding_stops(&mut self.rotator.rotate) else {
            return (RotationOutcome::Panicked, None);
        };
        // Dropping the set aborts the task.
        let mut task = JoinSet::new();
        task.spawn(rotation);
        let deadline = Instant::now() + self.rotator.timeout;
        let (lease, ttl) = (&self.rotator.lease, self.rotator.lease_ttl);
        tokio::select! {
            biased;
            () = stop.as_mut() => {
                self.stopping = true;
                (RotationOutcome::Cancelled, None)
            }
            ended = timeout_at(deadline, task.join_next()) => match ended {
                Err(_) => (RotationOutcome::Timeout, None),
                Ok(Some(Ok(Some(not_after)))) => (RotationOutcome::Success, Some(not_after)),
                Ok(Some(Ok(None))) => (RotationOutcome::Error, None),
                Ok(Some(Err(error))) if error.is_cancelled() => (RotationOutcome::Cancelled, None),
                Ok(_) => (RotationOutcome::Panicked, None),
            },
            () = lost(lease, grant, ttl) => (RotationOutcome::Cancelled, None),
        }
    }
}

/// Whether there is nothing to rotate any more. A look at the state also finds out that it has expired.
fn has_ended(credential: &TrackedCredential) -> bool {
    matches!(credential.state(), CredentialState::Retired | CredentialState::Revoked)
        || credential.is_forgotten()
}

/// Renews the lease; ends when it is lost, or could not be renewed for as long as it lasts.
async fn lost(lease: &impl Lease, grant: &Grant, ttl: Duration) {
    let mut until = Instant::now() + ttl;
    loop {
        sleep(ttl / 3).await;
        match lease.renew(grant, ttl).await {
            Ok(true) => until = Instant::now() + ttl,
            Ok(false) => return,
            Err(_) if Instant::now() >= until => return,
            Err(_) => {}
        }
    }
}

/// Whether what another replica says is news here. Seconds are kept as whole milliseconds on the way.
fn is_newer(told: SystemTime, known: Option<SystemTime>) -> bool {
    known.is_none_or(|known| told.duration_since(known).is_ok_and(|later| later >= Duration::from_millis(2)))
}
