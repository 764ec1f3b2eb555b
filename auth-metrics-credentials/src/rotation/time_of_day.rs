//! The time of day as a rotator sees it, and its jumps beside the steady clock.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// What the system's clock may be off by before it has jumped: readings of two clocks are never one moment.
const STEADY: Duration = Duration::from_secs(1);

/// Tokio's time on top of an anchor, so that it stands still and jumps with a paused clock; or a function of the user's.
#[derive(Clone)]
pub(super) enum TimeOfDay {
    Anchored(Anchor),
    Function(Arc<dyn Fn() -> SystemTime + Send + Sync>),
}

#[derive(Clone, Copy)]
pub(super) struct Anchor {
    system: SystemTime,
    real: Instant,
    tokio: tokio::time::Instant,
}

impl TimeOfDay {
    pub(super) fn anchored() -> TimeOfDay {
        let (system, real) = (SystemTime::now(), Instant::now());
        TimeOfDay::Anchored(Anchor { system, real, tokio: tokio::time::Instant::now() })
    }

    pub(super) fn now(&self) -> SystemTime {
        match self {
            TimeOfDay::Anchored(anchor) => {
                let jumped = anchor.jumped(SystemTime::now(), anchor.real.elapsed());
                anchor.after(anchor.tokio.elapsed(), jumped)
            }
            TimeOfDay::Function(now) => now(),
        }
    }
}

/// Beyond this a time of day has jumped beside the steady clock: more than a clock of whole seconds is off by, and than a
/// clock that is set right slowly goes astray between two looks.
const JUMP: Duration = Duration::from_secs(2);

/// Watches a time of day by the steady clock.
pub(super) struct Watch {
    steady: tokio::time::Instant,
    time_of_day: SystemTime,
}

impl Watch {
    pub(super) fn new(time_of_day: &TimeOfDay) -> Watch {
        Watch { steady: tokio::time::Instant::now(), time_of_day: time_of_day.now() }
    }

    /// How far the time of day has jumped since the last look.
    pub(super) fn look(&mut self, time_of_day: &TimeOfDay) -> Jump {
        let before = tokio::time::Instant::now();
        let now = time_of_day.now();
        let after = tokio::time::Instant::now();
        if after.duration_since(before) > STEADY {
            // This thread stood still between two readings, which can't be compared then.
            return Jump::None;
        }
        let expected = self.time_of_day.checked_add(after.duration_since(self.steady));
        *self = Watch { steady: after, time_of_day: now };
        expected.map_or(Jump::None, |expected| Jump::between(expected, now, JUMP))
    }
}

/// How far a time of day went beside the steady clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Jump {
    None,
    Ahead(Duration),
    Back(Duration),
}

impl Jump {
    fn between(expected: SystemTime, shown: SystemTime, tolerance: Duration) -> Jump {
        match shown.duration_since(expected) {
            Ok(ahead) if ahead > tolerance => Jump::Ahead(ahead),
            Err(back) if back.duration() > tolerance => Jump::Back(back.duration()),
            _ => Jump::None,
        }
    }
}

impl Anchor {
    /// Set by hand or by a time server, or stepped over while the machine slept: the steady clock does not show it.
    fn jumped(&self, system: SystemTime, real_elapsed: Duration) -> Jump {
        Jump::between(self.system + real_elapsed, system, STEADY)
    }

    fn after(&self, elapsed: Duration, jump: Jump) -> SystemTime {
        let steady = self.system.checked_add(elapsed).unwrap_or(self.system);
        match jump {
            Jump::None => Some(steady),
            Jump::Ahead(by) => steady.checked_add(by),
            Jump::Back(by) => steady.checked_sub(by),
        }
        .unwrap_or(steady)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            TimeOfDay::Anchored(_) => "anchored",
            TimeOfDay::Function(_) => "a function",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant, SystemTime};

    use super::{Anchor, Jump};

    #[test]
    fn a_clock_that_is_set_takes_the_time_with_it() {
        let (hour, minute) = (Duration::from_secs(3_600), Duration::from_secs(60));
        let start = SystemTime::UNIX_EPOCH + 500_000 * hour;
        let anchor = Anchor { system: start, real: Instant::now(), tokio: tokio::time::Instant::now() };

        let none = anchor.jumped(start + hour + Duration::from_millis(900), hour);
        assert_eq!(anchor.after(minute, none), start + minute, "simulated time is the one that counts");
        let ahead = anchor.jumped(start + 3 * hour, hour);
        assert_eq!(ahead, Jump::Ahead(2 * hour));
        assert_eq!(anchor.after(hour, ahead), start + 3 * hour);
        let back = anchor.jumped(start - hour, hour);
        assert_eq!(back, Jump::Back(2 * hour));
        assert_eq!(anchor.after(hour, back), start - hour);
    }
}
