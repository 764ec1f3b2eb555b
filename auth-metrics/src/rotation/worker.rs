//! A rotator at work: waits, tries, hears of other replicas and retires what is old.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use super::dice::Dice;
use super::handle::Wish;
use super::hooks::Retiring;
use super::id::Id;
use super::known::Known;
use super::later::later;
use super::lease::{Held, Lease, Rotation};
use super::options::Options;
use super::overlap::{Old, Overlapping};
use super::runner::{End, Runner};
use super::subject::Subject;
use super::wall::{Jump, Watch};
use crate::metrics::Fault;

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
    watch: Watch,
    pub(super) known: Known,
    /// Until others were asked for the first time.
    pub(super) is_new: bool,
    /// When they are asked again.
    pub(super) next_look: Instant,
    /// Tries in a row that failed.
    pub(super) failures: u32,
    /// Times in a row that the store of the leases could not be asked for one.
    pub(super) misses: u32,
    /// A wish that found no store of the leases.
    pub(super) wanted: bool,
    /// Successors in a row that were due at once.
    hurries: u32,
    /// No try before this.
    rest: Instant,
    pub(super) overlapping: Overlapping,
    /// A rotation of this replica's that could not be noted yet.
    pub(super) unsaid: Option<(Held, Rotation)>,
    /// The id in use is one whose end was over when it was taken into use.
    pub(super) is_spoiled: bool,
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
        let times = (subject.last_rotated(), subject.not_after());
        Worker {
            chance: dice.roll(),
            dice,
            watch: Watch::new(&options.wall),
            known: Known::at_start(options.id.clone(), times, subject.interval(), options.wall.now()),
            subject,
            options,
            lease,
            wished,
            stopped,
            runner: Runner::default(),
            is_new: true,
            next_look: Instant::now(),
            failures: 0,
            misses: 0,
            wanted: false,
            hurries: 0,
            rest: Instant::now(),
            overlapping: Overlapping::default(),
            unsaid: None,
            is_spoiled: false,
        }
    }

    pub(super) async fn work(&mut self) {
        loop {
            self.watch_the_clock();
            self.look_around().await;
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
            let answer = match self.rotate(wish.is_some()).await {
                Ok(Some(outcome)) => Ok(outcome),
                // Nothing was due. Whoever wished meanwhile is served next.
                Ok(None) => continue,
                Err(not) => Err(not),
            };
            // Whoever wished while it ran wished for this one, and whoever does so after the first answer does not.
            let others: Vec<Wish> = std::iter::from_fn(|| self.wished.try_recv().ok()).collect();
            for wish in wish.into_iter().chain(others) {
                // It may be that nobody waits any more.
                let _ = wish.send(answer);
            }
        }
    }

    pub(super) fn nap(&self) -> Duration {
        if self.lease.is_some() { NAP.min(self.options.lease_ttl) } else { NAP }
    }

    fn wait(&self) -> Duration {
        let look = self.next_look.saturating_duration_since(Instant::now());
        let next = self.wait_for_rotation().min(look);
        self.overlapping.wait().map_or(next, |old| old.min(next))
    }

    fn wait_for_rotation(&self) -> Duration {
        let rest = self.rest.saturating_duration_since(Instant::now());
        self.wait_for_schedule().map_or(Duration::MAX, |due| due.max(rest))
    }

    /// How long until a rotation is asked for. A try that failed is made again, whatever the schedule says.
    pub(super) fn wait_for_schedule(&self) -> Option<Duration> {
        if self.wanted || self.failures > 0 {
            return Some(Duration::ZERO);
        }
        self.options.schedule.wait(&self.known, self.options.wall.now(), self.chance)
    }

    pub(super) fn watch_the_clock(&mut self) {
        match self.watch.look(&self.options.wall) {
            Jump::None => return,
            Jump::Ahead(by) => self.known.hasten(by),
            Jump::Back(by) => self.known.reckoning.went_back(by),
        }
        self.subject.count_fault(Fault::ClockJumped);
    }

    /// This process uses another credential than before, which overlaps with it once that is [settled](Worker::settle).
    pub(super) fn use_from_now_on(&mut self, id: Id, counted: bool, not_after: Option<SystemTime>) {
        self.overlapping.remove(&id);
        self.is_spoiled = self.is_past(not_after);
        let before = self.known.id.replace(id.clone());
        let is_another = before.as_ref() != Some(&id);
        if is_another && (self.options.overlap.is_some() || self.options.retire.is_some()) {
            self.overlapping.begin(before, id, counted);
        }
    }

    pub(super) fn is_past(&self, end: Option<SystemTime>) -> bool {
        end.is_some_and(|end| self.known.reckoning.is_past(end, self.options.wall.now()))
    }

    /// The overlap begins when the other replicas can hear of the successor, and not before one that is good.
    pub(super) fn settle(&mut self) {
        if self.unsaid.is_none() && !self.is_spoiled {
            self.overlapping.settle(self.options.overlap.unwrap_or_default());
        }
    }

    /// Another credential is in use than before.
    pub(super) fn renewed(&mut self, age: Duration, at: Option<SystemTime>, not_after: Option<SystemTime>) {
        let (schedule, floor) = (self.options.schedule, self.options.backoff.initial);
        self.known.at = at;
        self.known.set_age(age);
        self.known.begin(not_after, self.options.wall.now(), |left| schedule.is_due_within(floor, left));
        self.is_done();
    }

    /// There is nothing to make up for, and the next rotation comes when it is due. One that is due at once waits for the
    /// backoff.
    pub(super) fn is_done(&mut self) {
        self.failures = 0;
        self.wanted = false;
        self.chance = self.dice.roll();
        self.rest = Instant::now();
        if self.wait_for_schedule().is_some_and(|wait| wait < self.options.backoff.initial) {
            self.hurries = self.hurries.saturating_add(1);
            let wait = self.options.backoff.wait(self.hurries, self.dice.roll());
            self.rest_for(wait);
        } else {
            self.hurries = 0;
        }
    }

    /// No try before so much time has passed.
    pub(super) fn rest_for(&mut self, wait: Duration) {
        self.rest = later(wait);
    }

    /// Retires what no longer overlaps.
    async fn retire(&mut self) {
        while !*self.stopped.borrow()
            && let Some(old) = self.overlapping.take_over()
        {
            if !self.end(&old).await {
                let (backoff, chance) = (self.options.backoff, self.dice.roll());
                self.overlapping.again(old, |failures| backoff.wait(failures, chance));
            } else if old.counted {
                self.subject.counts().retired();
            }
        }
    }

    /// Calls `retire`, if there is that hook.
    async fn end(&mut self, old: &Old) -> bool {
        // With the hook, the rotator was told which one it started with.
        let (Some(retire), Some(id)) = (&self.options.retire, &old.id) else { return true };
        let call = retire.call(Retiring { id: id.clone(), successor: old.successor.clone() });
        matches!(self.call(call, &mut None).await, End::Value(Ok(())))
    }
}
