//! The loop of a running rotator: it waits, rotates, looks at what other replicas did, and retires old credentials.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use super::current::Current;
use super::deadline::later;
use super::hooks::Retiring;
use super::id::Id;
use super::jitter;
use super::lease::{Held, Lease, Rotation};
use super::options::Options;
use super::overlap::{Old, Overlapping};
use super::requests::Requests;
use super::runner::{End, Runner};
use super::stop::Stop;
use super::time_of_day::{Jump, Watch};
use super::tracked::Tracked;
use crate::group::InternalError;

/// How long it sleeps before it looks at the time of day and at what other replicas did.
const NAP: Duration = Duration::from_secs(60);

pub(super) struct Worker {
    pub(super) tracked: Tracked,
    pub(super) options: Options,
    pub(super) lease: Option<Arc<dyn Lease>>,
    requests: Requests,
    pub(super) stop: Stop,
    pub(super) runner: Runner,
    pub(super) random: fastrand::Rng,
    /// The chance that the next rotation's jitter is made with.
    chance: f64,
    watch: Watch,
    pub(super) current: Current,
    /// Until others were asked for the first time.
    pub(super) is_new: bool,
    /// When they are asked again.
    pub(super) next_look: Instant,
    /// Tries in a row that failed.
    pub(super) failures: u32,
    /// Times in a row that the store of the leases could not be asked for one.
    pub(super) misses: u32,
    /// A request that found no store of the leases, or a lease that this replica could not release.
    pub(super) wanted: bool,
    /// The last lease could not be given back, and may be this replica's until then.
    pub(super) kept: Option<Instant>,
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
        tracked: Tracked,
        options: Options,
        lease: Option<Arc<dyn Lease>>,
        requests: Requests,
        stop: Stop,
    ) -> Worker {
        let mut random = jitter::generator();
        let times = (tracked.last_rotated(), tracked.not_after());
        Worker {
            chance: random.f64(),
            random,
            watch: Watch::new(&options.time_of_day),
            current: Current::at_start(
                options.id.clone(),
                times,
                tracked.interval(),
                options.time_of_day.now(),
            ),
            tracked,
            options,
            lease,
            requests,
            stop,
            runner: Runner::default(),
            is_new: true,
            next_look: Instant::now(),
            failures: 0,
            misses: 0,
            wanted: false,
            kept: None,
            hurries: 0,
            rest: Instant::now(),
            overlapping: Overlapping::default(),
            unsaid: None,
            is_spoiled: false,
        }
    }

    /// Works until it ends. Some time after a stop nothing is waited for any more.
    pub(super) async fn work(&mut self) {
        let mut stop = self.stop.clone();
        tokio::select! {
            biased;
            () = stop.ended() => {}
            () = self.turns() => {}
        }
    }

    async fn turns(&mut self) {
        loop {
            self.watch_the_clock();
            self.look_around().await;
            self.tracked.look(self.options.time_of_day.now());
            if !self.tracked.is_in_use() {
                return;
            }
            let wait = self.wait();
            let is_requested = tokio::select! {
                biased;
                _ = self.stop.asked() => return,
                () = self.requests.some() => true,
                () = sleep(wait) => false,
            };
            if !is_requested && !self.wait_for_rotation().is_zero() {
                if self.next_look > Instant::now() {
                    self.retire().await;
                }
                continue;
            }
            match self.rotate(is_requested).await {
                // Requests that came while it ran are for this one, and those after the answer are not.
                Ok(Some(outcome)) => self.requests.answer(Ok(outcome)),
                // Nothing was due. Requests that came meanwhile are served next.
                Ok(None) => {}
                Err(not) => self.requests.answer(Err(not)),
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
        self.options.schedule.wait(&self.current, self.options.time_of_day.now(), self.chance)
    }

    pub(super) fn watch_the_clock(&mut self) {
        match self.watch.look(&self.options.time_of_day) {
            Jump::None => return,
            Jump::Ahead(by) => self.current.hasten(by),
            Jump::Back(by) => self.current.time_left.went_back(by),
        }
        self.tracked.count_internal_error(InternalError::ClockJumped);
    }

    /// This process uses another credential than before, which overlaps with it once that is [settled](Worker::settle).
    pub(super) fn use_from_now_on(&mut self, id: Id, counted: bool, not_after: Option<SystemTime>) {
        self.overlapping.remove(&id);
        self.is_spoiled = self.is_past(not_after);
        let before = self.current.id.replace(id.clone());
        let is_another = before.as_ref() != Some(&id);
        if is_another && (self.options.overlap.is_some() || self.options.retire.is_some()) {
            self.overlapping.begin(before, id, counted);
        }
    }

    pub(super) fn is_past(&self, end: Option<SystemTime>) -> bool {
        end.is_some_and(|end| self.current.time_left.is_past(end, self.options.time_of_day.now()))
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
        self.current.at = at;
        self.current.set_age(age);
        self.current
            .begin(not_after, self.options.time_of_day.now(), |left| schedule.is_due_within(floor, left));
        self.is_done();
    }

    /// There is nothing to make up for, and the next rotation comes when it is due. One that is due at once waits for the
    /// backoff.
    pub(super) fn is_done(&mut self) {
        self.failures = 0;
        self.wanted = false;
        self.chance = self.random.f64();
        self.rest = Instant::now();
        if self.wait_for_schedule().is_some_and(|wait| wait < self.options.backoff.initial) {
            self.hurries = self.hurries.saturating_add(1);
            let wait = self.options.backoff.wait(self.hurries, self.random.f64());
            self.rest_for(wait);
        } else {
            self.hurries = 0;
        }
    }

    /// No try before so much time has passed.
    pub(super) fn rest_for(&mut self, wait: Duration) {
        self.rest = later(wait);
    }

    /// Retires one that no longer overlaps.
    async fn retire(&mut self) {
        let Some(old) = self.overlapping.take_over() else { return };
        let start = Instant::now();
        match self.end(&old).await {
            End::Value(Ok(())) if old.counted => self.tracked.counts().retired(),
            End::Value(Ok(())) => {}
            End::Interrupted => self.overlapping.put_back(old),
            End::Value(Err(())) | End::Panicked | End::TimedOut => {
                self.tracked.count_internal_error(InternalError::RetireFailed);
                let (backoff, chance) = (self.options.backoff, self.random.f64());
                // Of two calls that hang, there is as much time between them as they take.
                let wait = |failures| backoff.wait(failures, chance).max(start.elapsed());
                self.overlapping.again(old, wait);
            }
        }
    }

    /// Calls `retire`, if there is that hook, until a rotation is due or requested.
    async fn end(&mut self, old: &Old) -> End<Result<(), ()>> {
        // With the hook, the rotator was told which one it started with.
        let (Some(retire), Some(id)) = (&self.options.retire, &old.id) else { return End::Value(Ok(())) };
        let call = retire.call(Retiring { id: id.clone(), successor: old.successor.clone() });
        let due = self.wait_for_rotation();
        let interrupt = async {
            tokio::select! {
                () = self.stop.over() => {}
                () = self.requests.some() => {}
                () = sleep(due) => {}
            }
        };
        call.run(&mut self.runner, self.options.timeout, interrupt).await
    }
}
