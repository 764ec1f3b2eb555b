//! What is noted beside the evidence about a source, a network or an account.

/// Seconds of a tick of these notes; they wrap after three days.
const TICK: f64 = 4.0;
const DAY: f64 = 86_400.0;
const SIX_HOURS: f64 = 6.0 * 3600.0;
/// A verdict that had to make room is not told again within this time.
const TOLD_SECONDS: f64 = 3600.0;

/// Beside the walk of a source. Counts are of the time since its walk was last at zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct SourceNote {
    /// Failed first contacts: different accounts.
    pub(crate) contacts: u8,
    /// Those of them with names without an account, since these were found last.
    pub(crate) probes: u8,
    /// Which of eight groups of known users succeeded there.
    pub(crate) familiar: u8,
    pub(crate) failures: u8,
    pub(crate) burst: Recent,
    pub(crate) forged: u8,
    /// Failed first contacts in a row at the pace of a person.
    pub(crate) in_row: u8,
    /// Strangers who got in since it was last convicted of nothing.
    pub(crate) met: u8,
    /// Accounts that it failed at and never got into, and those that it got into, of about a day.
    pub(crate) strays: u8,
    pub(crate) entered: u8,
    day: u16,
    /// Names without an account in the row of failures that goes on: how many counted for the operation, and what they weighed, in
    /// sixteenths of a nat.
    row_probes: u8,
    row_weight: u8,
    /// When a verdict about it was told last; zero if never.
    told: u16,
    /// The last failure, in quarters of a second; it wraps after four hours.
    pub(crate) last: u16,
}

impl SourceNote {
    /// The time since its last failure, in seconds. `age` is how long its walk is unchanged, roughly.
    pub(crate) fn gap(&self, now: f64, age: f64) -> f64 {
        if self.failures == 0 || age > 3600.0 {
            return f64::INFINITY;
        }
        f64::from(quarters(now).wrapping_sub(self.last)) / 4.0
    }

    /// Adds a name without an account to the row; a new row begins after a pause.
    pub(crate) fn add_probe(&mut self, weight: f32, is_counted: bool) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
        let steps = (weight * 16.0) as u8;
        self.row_weight = self.row_weight.saturating_add(steps);
        self.row_probes = self.row_probes.saturating_add(u8::from(is_counted));
    }

    /// Ends the row: what its names weighed, and how many counted for the operation.
    pub(crate) fn take_row(&mut self) -> (f32, u8) {
        let row = (f32::from(self.row_weight) / 16.0, self.row_probes);
        (self.row_weight, self.row_probes) = (0, 0);
        row
    }

    /// Whether a verdict about it was told within the last hour. Remembers that one is told now.
    pub(crate) fn is_told(&mut self, now: f64) -> bool {
        let tick = tick(now).max(1);
        let passed = f64::from(tick.wrapping_sub(self.told)) * TICK;
        let is_told = self.told != 0 && passed < TOLD_SECONDS;
        if !is_told {
            self.told = tick;
        }
        is_told
    }

    /// Forgets what is too old for its ticks, which wrap. `age` is how long the walk is unchanged.
    pub(crate) fn fade(&mut self, age: f64) {
        if age > SIX_HOURS {
            self.burst = Recent::default();
            (self.row_weight, self.row_probes, self.in_row, self.told) = (0, 0, 0, 0);
        }
        if age > 2.0 * DAY {
            (self.strays, self.entered) = (0, 0);
        }
    }

    /// Remembers a failure.
    pub(crate) fn fail(&mut self, now: f64) {
        self.last = quarters(now);
        self.failures = self.failures.saturating_add(1);
    }

    /// Counts an account that it failed at, or got into.
    pub(crate) fn count_day(&mut self, now: f64, strays: u8, entered: u8) {
        let tick = tick(now);
        let passed = f64::from(tick.wrapping_sub(self.day)) * TICK;
        if passed > DAY || self.strays == u8::MAX || self.entered == u8::MAX {
            (self.strays, self.entered, self.day) = (self.strays / 2, self.entered / 2, tick);
        }
        self.strays = self.strays.saturating_add(strays);
        self.entered = self.entered.saturating_add(entered);
    }

    /// Begins the counts anew.
    pub(crate) fn restart(&mut self) {
        (self.contacts, self.probes, self.failures, self.forged, self.in_row) = (0, 0, 0, 0, 0);
    }
}

fn quarters(now: f64) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it wraps")]
    let quarters = (now * 4.0) as u64 as u16;
    quarters
}

/// Beside the walk of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct NetNote {
    /// Which of 16 groups of sources failed there.
    pub(crate) sources: u16,
    pub(crate) contacts: u16,
}

/// Beside the walk of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct SubjectNote {
    /// Unfamiliar sources that failed.
    pub(crate) sources: u8,
    /// Those of about the last hour.
    pub(crate) guessers: Recent,
    pub(crate) fatigue: Recent,
    pub(crate) codes: Recent,
}

/// A count within a time that begins with its first one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Recent {
    since: u16,
    pub(crate) count: u8,
}

impl Recent {
    /// How many there were within so many seconds, about.
    pub(crate) fn within(self, now: f64, seconds: f64) -> u8 {
        let passed = f64::from(tick(now).wrapping_sub(self.since)) * TICK;
        if passed > 2.0 * seconds { 0 } else { self.count }
    }

    /// Counts one more; how many there were within so many seconds. Half of those from before are kept when the time is over, so that
    /// what lies across its end is not missed.
    pub(crate) fn count(&mut self, now: f64, seconds: f64) -> u8 {
        let tick = tick(now);
        let passed = f64::from(tick.wrapping_sub(self.since)) * TICK;
        if self.count == 0 || passed > 2.0 * seconds {
            *self = Recent { since: tick, count: 0 };
        } else if passed > seconds {
            *self = Recent { since: tick, count: self.count / 2 };
        }
        self.count = self.count.saturating_add(1);
        self.count
    }
}

fn tick(now: f64) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it wraps")]
    let tick = (now / TICK) as u64 as u16;
    tick
}

crate::saved::saved! { SourceNote {
    contacts, probes, familiar, failures, burst, forged, in_row, met, strays, entered, day, row_probes, row_weight, told, last,
} }
crate::saved::saved! { NetNote { sources, contacts } }
crate::saved::saved! { SubjectNote { sources, guessers, fatigue, codes } }
crate::saved::saved! { Recent { since, count } }
