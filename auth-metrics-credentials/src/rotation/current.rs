//! The credential in use: its id, its age and its end, both by the steady clock. Decides nothing.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::deadline::later;
use super::id::Id;
use super::time_left::TimeLeft;

/// How often a jump of the time of day may bring a rotation forward where nothing says how often it is rotated.
const DAY: Duration = Duration::from_secs(86_400);

#[derive(Clone, Debug)]
pub(super) struct Current {
    /// Which one this process uses; none if nobody said.
    pub(super) id: Option<Id>,
    /// The fencing token of the newest note that was heard of; zero before the first.
    pub(super) token: u64,
    /// At the start the note was one of another credential.
    pub(super) is_unnoted: bool,
    /// When it was rotated, by the clock of whoever did.
    pub(super) at: Option<SystemTime>,
    not_after: Option<SystemTime>,
    /// That end by the steady clock, and the whole life until then; as long as there is an end.
    deadline: Instant,
    life: Duration,
    pub(super) interval: Option<Duration>,
    /// How old it was at `seen`.
    age: Duration,
    seen: Instant,
    /// How much older a jump made it look since.
    ahead: Duration,
    pub(super) time_left: TimeLeft,
    /// When a jump of the time of day last made it look older.
    hastened: Option<Instant>,
}

impl Current {
    /// At the start the time of day is all there is to tell the age by.
    pub(super) fn at_start(
        id: Option<Id>,
        (at, not_after): (Option<SystemTime>, Option<SystemTime>),
        interval: Option<Duration>,
        now: SystemTime,
    ) -> Current {
        let (none, seen) = (Duration::ZERO, Instant::now());
        let mut current = Current {
            id,
            token: 0,
            is_unnoted: false,
            at,
            not_after: None,
            deadline: seen,
            life: none,
            interval,
            age: none,
            seen,
            ahead: none,
            time_left: TimeLeft::new(now),
            hastened: None,
        };
        current.set_age(age_by(at, now));
        current.set_end(not_after, now);
        current
    }

    pub(super) fn age(&self) -> Duration {
        self.steady_age().saturating_add(self.ahead)
    }

    fn steady_age(&self) -> Duration {
        self.age.saturating_add(self.seen.elapsed())
    }

    pub(super) fn not_after(&self) -> Option<SystemTime> {
        self.not_after
    }

    /// What is left until the end, and the whole life. By the clock that shows less: a rotation too early harms less than one
    /// too late.
    pub(super) fn left(&self, now: SystemTime) -> Option<(Duration, Duration)> {
        let end = self.not_after?;
        let by_day = self.time_left.left(end, now, self.life);
        Some((by_day.min(self.deadline.saturating_duration_since(Instant::now())), self.life))
    }

    /// Another end is told of the credential in use.
    pub(super) fn set_end(&mut self, not_after: Option<SystemTime>, now: SystemTime) {
        if not_after == self.not_after {
            // A clock that was set back since then would make it later.
            return;
        }
        self.not_after = not_after;
        if let Some(end) = not_after {
            self.count_down(self.time_left.least(end, now));
        }
    }

    /// A new credential ends then. Of two clocks the one by which it `is_due` already is the wrong one.
    pub(super) fn begin(
        &mut self,
        not_after: Option<SystemTime>,
        now: SystemTime,
        is_due: impl Fn(Duration) -> bool,
    ) {
        self.not_after = not_after;
        if let Some(end) = not_after {
            let left = self.time_left.judge(end, now, is_due);
            self.count_down(left);
        }
    }

    fn count_down(&mut self, left: Duration) {
        self.deadline = later(left);
        self.life = left.saturating_add(self.steady_age());
    }

    /// An age beyond the interval is as good as the interval: due.
    pub(super) fn set_age(&mut self, age: Duration) {
        self.age = self.interval.map_or(age, |interval| age.min(interval));
        self.seen = Instant::now();
        self.ahead = Duration::ZERO;
    }

    /// The time of day went ahead of the steady clock: that was set wrong, or the machine slept. A rotation too early harms
    /// less than one too late; but a clock that goes to and fro makes at most one in an interval.
    pub(super) fn hasten(&mut self, ahead: Duration) {
        self.time_left.went_ahead();
        let pause = self.interval.unwrap_or(DAY);
        if self.hastened.is_none_or(|last| last.elapsed() >= pause) {
            self.hastened = Some(Instant::now());
            self.ahead = self.ahead.saturating_add(ahead);
        }
    }
}

/// The age that the time of day tells, which may be wrong.
pub(super) fn age_by(at: Option<SystemTime>, now: SystemTime) -> Duration {
    at.and_then(|at| now.duration_since(at).ok()).unwrap_or_default()
}
