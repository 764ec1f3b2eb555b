//! What is known of the credential in use: which one it is, how old it is by the steady clock, and when it ends.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::id::Id;

/// How often a jump of the time of day may bring a rotation forward where nothing says how often it is rotated.
const DAY: Duration = Duration::from_secs(86_400);

#[derive(Clone, Debug)]
pub(super) struct Known {
    /// Which one this process uses; none if nobody said.
    pub(super) id: Option<Id>,
    /// The fencing token of the newest note that was heard of; zero before the first.
    pub(super) token: u64,
    /// When it was rotated, by the clock of whoever did.
    pub(super) at: Option<SystemTime>,
    pub(super) not_after: Option<SystemTime>,
    pub(super) interval: Option<Duration>,
    /// How old it was at `seen`.
    age: Duration,
    seen: Instant,
    /// When a jump of the time of day last made it look older.
    hastened: Option<Instant>,
}

impl Known {
    /// At the start the time of day is all there is to tell the age by.
    pub(super) fn at_start(
        id: Option<Id>,
        (at, not_after): (Option<SystemTime>, Option<SystemTime>),
        interval: Option<Duration>,
        now: SystemTime,
    ) -> Known {
        let (age, seen) = (Duration::ZERO, Instant::now());
        let mut known = Known { id, token: 0, at, not_after, interval, age, seen, hastened: None };
        known.set_age(age_by(at, now));
        known
    }

    pub(super) fn age(&self) -> Duration {
        self.age.saturating_add(self.seen.elapsed())
    }

    /// An age beyond the interval is as good as the interval: due.
    pub(super) fn set_age(&mut self, age: Duration) {
        self.age = self.interval.map_or(age, |interval| age.min(interval));
        self.seen = Instant::now();
    }

    /// The time of day went ahead of the steady clock: that was set wrong, or the machine slept. A rotation too early harms
    /// less than one too late; but a clock that goes to and fro makes at most one in an interval.
    pub(super) fn hasten(&mut self, ahead: Duration) {
        let pause = self.interval.unwrap_or(DAY);
        if self.hastened.is_none_or(|last| last.elapsed() >= pause) {
            self.hastened = Some(Instant::now());
            self.set_age(self.age().saturating_add(ahead));
        }
    }
}

/// The age that the time of day tells, which may be wrong.
pub(super) fn age_by(at: Option<SystemTime>, now: SystemTime) -> Duration {
    at.and_then(|at| now.duration_since(at).ok()).unwrap_or_default()
}
