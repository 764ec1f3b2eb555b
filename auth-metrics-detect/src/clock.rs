//! The engine's time: it goes by the times of the attempts, and never back.

/// What is older than this is more than two threads that overtake each other.
const LATE_SECONDS: f64 = 5.0;

/// So many late ones in a row are no stragglers: the clock was set back.
const LATE_IN_A_ROW: u32 = 32;

/// What jumps further ahead jumps by this. Everything has faded by then, and the ticks of tables, which wrap after 388 days, still tell
/// what is old from what is new.
const LONGEST_SILENCE: f64 = 180.0 * 86_400.0;

/// Turns the times of attempts into seconds since the first one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct EventClock {
    /// Seconds since the first attempt, plus [`ORIGIN`](EventClock::ORIGIN).
    pub(crate) now: f64,
    /// The latest time that an attempt said.
    pub(crate) latest: f64,
    pub(crate) late: u32,
    pub(crate) has_begun: bool,
    /// How often the clock was set back.
    pub(crate) jumps: u64,
}

impl EventClock {
    /// Where time begins: not at zero, so that what never happened was long ago.
    pub(crate) const ORIGIN: f64 = 86_400.0;

    /// Returns the time of an attempt. One that comes late happens now.
    pub(crate) fn advance(&mut self, at: f64) -> f64 {
        if !at.is_finite() {
            return self.now;
        }
        if !self.has_begun {
            (self.has_begun, self.latest, self.now) = (true, at, EventClock::ORIGIN);
            return self.now;
        }
        let passed = at - self.latest;
        if passed >= 0.0 {
            self.now += passed.min(LONGEST_SILENCE);
            (self.latest, self.late) = (at, 0);
        } else if passed < -LATE_SECONDS {
            self.late += 1;
            if self.late >= LATE_IN_A_ROW {
                (self.latest, self.late) = (at, 0);
                self.jumps += 1;
            }
        }
        self.now
    }

    /// The time as attempts have it.
    pub(crate) fn said(&self, now: f64) -> f64 {
        self.latest - (self.now - now)
    }
}

crate::saved::saved! { EventClock { now, latest, late, has_begun, jumps } }
