//! A rotator at work: waits, tries, hears of other replicas and retires what is old.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use super::NotRotated;
use super::dice::Dice;
use super::handle::Wish;
use super::hooks::{Retiring, Rotated};
use super::later::later;
use super::lease::Lease;
use super::overlap::Overlapping;
use super::rotator::Options;
use super::runner::{End, Runner};
use super::schedule::Known;
use super::subject::Subject;
use super::tenure::last_rotation;

/// How long it sleeps before it looks at the time of day and at what other replicas did.
const NAP: Duration = Duration::from_secs(60);

pub(super) struct Worker {
    pub(super) subject: Subject,
    pub(super) options: Options,
    pub(super) lease: Option<Arc<dyn Lease>>,
    wished: mpsc::Receiver<Wish>,
    pub(super) stopped: watch::Receiver<bool>,
    pub(super) runner: Runner,
    pub(super) dice: Dice,
    /// The chance that the next rotation's jitter is made with.
    chance: f64,
    pub(super) known: Known,
    pub(super) last_rotated: Option<SystemTime>,
    pub(super) generation: u64,
    /// Tries in a row that failed.
    pub(super) failures: u32,
    /// Successors in a row that were due at once.
    hurries: u32,
    /// No try before this.
    pub(super) rest: Instant,
    overlapping: Overlapping,
}

impl Worker {
    pub(super) fn new(
        subject: Subject,
        options: Options,
        lease: Option<Arc<dyn Lease>>,
        wished: mpsc::Receiver<Wish>,
        stopped: watch::Receiver<bool>,
    ) -> Worker {
        let mut dice = Dice::new();
        let last_rotated = subject.last_rotated();
        let known = Known {
            since: last_rotated.unwrap_or_else(|| options.wall.now()),
            interval: subject.interval(),
            not_after: subject.not_after(),
        };
        Worker {
            chance: dice.roll(),
            dice,
            known,
            last_rotated,
            subject,
            options,
            lease,
            wished,
            stopped,
            runner: Runner::default(),
            generation: 0,
            failures: 0,
            hurries: 0,
            rest: Instant::now(),
            overlapping: Overlapping::default(),
        }
    }

    pub(super) async fn work(&mut self) {
        loop {
            self.hear().await;
            self.retire().await;
            self.subject.look(self.options.wall.now());
            if !self.subject.is_in_use() {
                return;
            }
            let wait = self.wait();
            let mut stopped = self.stopped.clone();
            let wish = tokio::select! {
                biased;
                // No sender is a stop too.
                _ = stopped.wait_for(|stop| *stop) => return,
                Some(wish) = self.wished.recv() => Some(wish),
                () = sleep(wait) => None,
            };
            if wish.is_none() && !self.wait_for_rotation().is_zero() {
                continue;
            }
            let outcome = self.rotate(wish.is_some()).await;
            // Whoever wished while it ran wished for this one, and whoever does so after the first answer does not.
            let others: Vec<Wish> = std::iter::from_fn(|| self.wished.try_recv().ok()).collect();
            for wish in wish.into_iter().chain(others) {
                // It may be that nobody waits any more.
                let _ = wish.send(outcome.ok_or(NotRotated::NoLease));
            }
        }
    }

    fn wait(&self) -> Duration {
        let nap = if self.lease.is_some() { NAP.min(self.options.lease_ttl) } else { NAP };
        let next = self.wait_for_rotation().min(nap);
        self.overlapping.wait().map_or(next, |old| old.min(next))
    }

    fn wait_for_rotation(&self) -> Duration {
        let rest = self.rest.saturating_duration_since(Instant::now());
        self.due().map_or(Duration::MAX, |due| due.max(rest))
    }

    /// How long until the schedule asks for a rotation.
    fn due(&self) -> Option<Duration> {
        let due = self.options.schedule.due(&self.known, self.chance)?;
        Some(due.duration_since(self.options.wall.now()).unwrap_or_default())
    }

    /// Takes over what another replica, or an earlier try, put in place.
    pub(super) fn adopt(&mut self, found: Rotated) {
        let at = found.at.unwrap_or_else(|| self.options.wall.now());
        self.subject.adopted(at, found.not_after);
        self.succeeded(at, found.not_after, false);
    }

    pub(super) fn succeeded(&mut self, at: SystemTime, not_after: Option<SystemTime>, counted: bool) {
        self.known.since = at;
        self.known.not_after = not_after;
        self.last_rotated = Some(at);
        if self.options.overlap.is_some() || self.options.retire.is_some() {
            let overlap = self.options.overlap.unwrap_or_default();
            self.overlapping.begin(self.generation, counted, overlap);
        }
        self.generation += 1;
        self.failures = 0;
        self.chance = self.dice.roll();
        self.rest = Instant::now();
        if self.due().is_some_and(|due| due.is_zero()) {
            self.hurries = self.hurries.saturating_add(1);
            self.rest = later(self.options.backoff.wait(self.hurries, self.dice.roll()));
        } else {
            self.hurries = 0;
        }
    }

    /// Rests for a half of this time to all of it.
    pub(super) fn rest_for(&mut self, most: Duration) {
        self.rest = later(most.mul_f64(0.5 + self.dice.roll() / 2.0));
    }

    /// Looks at what other replicas noted.
    async fn hear(&mut self) {
        let Some(lease) = &self.lease else { return };
        let Some(noted) = last_rotation(&**lease, &self.subject.name()).await else { return };
        if noted.at() > self.known.since {
            // One that can't be read now is asked for again after the next nap.
            if let Ok(Some(found)) = self.refreshed(Some(noted), &mut None).await {
                self.adopt(found);
            }
        } else if self.last_rotated.is_none() {
            // From before this process: the credential that it was started with.
            self.last_rotated = Some(noted.at());
            self.known.since = noted.at();
            self.subject.adopted(noted.at(), self.known.not_after);
        }
    }

    /// Retires what no longer overlaps.
    async fn retire(&mut self) {
        while !*self.stopped.borrow()
            && let Some(old) = self.overlapping.take_over()
        {
            if let Some(retire) = &self.options.retire {
                let call = retire.call(Retiring { generation: old.generation });
                if !matches!(self.call(call, &mut None).await, End::Value(Ok(()))) {
                    let (backoff, chance) = (self.options.backoff, self.dice.roll());
                    self.overlapping.again(old, |failures| backoff.wait(failures, chance));
                    continue;
                }
            }
            if old.counted {
                self.subject.counts().retired();
            }
        }
    }
}
