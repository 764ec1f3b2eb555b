//! Computes how far away an end is, by a time of day that may be wrong and by the steady clock.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// For so long after a jump it is open which time of day was wrong.
const DAY: Duration = Duration::from_secs(86_400);

/// The time of day at the start and what the steady clock counted since then, beside what the time of day shows.
#[derive(Clone, Debug)]
pub(super) struct TimeLeft {
    start: SystemTime,
    since: Instant,
    jumped: Option<Instant>,
    /// How far ahead the time of day was found to be wrongly, and when.
    surplus: Option<(Duration, Instant)>,
}

impl TimeLeft {
    pub(super) fn new(now: SystemTime) -> TimeLeft {
        TimeLeft { start: now, since: Instant::now(), jumped: None, surplus: None }
    }

    /// It may be right by that: the machine may have slept.
    pub(super) fn went_ahead(&mut self) {
        self.jumped = Some(Instant::now());
    }

    /// It may have been wrong before, and may be so again.
    pub(super) fn went_back(&mut self, by: Duration) {
        let more = self.surplus.map_or(by, |(surplus, _)| surplus.max(by));
        self.surplus = Some((more, Instant::now()));
        self.jumped = Some(Instant::now());
    }

    /// Whether an end is past. Where the time of day has jumped, by both clocks.
    pub(super) fn is_past(&self, end: SystemTime, now: SystemTime) -> bool {
        end <= self.believed(now)
    }

    /// The time of day. Where it has jumped, the earlier one of the two.
    pub(super) fn believed(&self, now: SystemTime) -> SystemTime {
        if self.is_doubted() { now.min(self.steady()) } else { now }
    }

    /// What is left by the time of day, less what it is known to be ahead by. After the `life` of a credential without a
    /// jump back that is forgotten.
    pub(super) fn left(&self, end: SystemTime, now: SystemTime, life: Duration) -> Duration {
        let fresh = self.surplus.filter(|(_, seen)| seen.elapsed() <= life.max(DAY));
        let surplus = fresh.map_or(Duration::ZERO, |(surplus, _)| surplus);
        between(now.checked_sub(surplus).unwrap_or(now), end)
    }

    /// What is left by the clock that shows less.
    pub(super) fn least(&self, end: SystemTime, now: SystemTime) -> Duration {
        between(now, end).min(between(self.steady(), end))
    }

    /// What is left of a new credential. It is not due already, so a clock that says so is the wrong one of two that differ.
    pub(super) fn judge(
        &mut self,
        end: SystemTime,
        now: SystemTime,
        is_due: impl Fn(Duration) -> bool,
    ) -> Duration {
        let (by_day, by_steady) = (between(now, end), between(self.steady(), end));
        match (is_due(by_day), is_due(by_steady)) {
            (true, false) if self.is_doubted() => {
                self.surplus = Some((between(self.steady(), now), Instant::now()));
                by_steady
            }
            (false, true) => {
                // It was wrong at the start.
                *self = TimeLeft::new(now);
                by_day
            }
            _ => by_day.min(by_steady),
        }
    }

    fn is_doubted(&self) -> bool {
        self.surplus.is_some() || self.jumped.is_some_and(|jumped| jumped.elapsed() < DAY)
    }

    fn steady(&self) -> SystemTime {
        // Beyond the end of time nothing is left of anything; the start is as good as that.
        self.start.checked_add(self.since.elapsed()).unwrap_or(self.start)
    }
}

fn between(now: SystemTime, end: SystemTime) -> Duration {
    end.duration_since(now).unwrap_or_default()
}
