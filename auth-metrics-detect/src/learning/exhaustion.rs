//! What runs out, from plain numbers: a limit's usage, an error budget, a backlog.

use super::bytes::{self, AMOUNT};
use super::holt_winters::HoltWinters;
use super::trend::{Span, Trend, stretch_of};

const HOUR: f64 = 3_600.0;
const HOUR_SECONDS: f32 = 3_600.0;
const FIVE_MINUTES: f64 = 300.0;
const DAY: f64 = 86_400.0;
/// Hours for which usage is forecast, and the width of the band in deviations: one in twenty is above it.
const HOURS_AHEAD: u16 = 24;
const BAND: f32 = 1.645;
/// How far ahead a slope is believed: alone, and beside a season.
const SLOPE_ALONE: f32 = 6.0 * 3_600.0;
const SLOPE_BESIDE: f32 = 2.0 * 3_600.0;

/// The usage of a limit as a share of its capacity: a forecast with the season of a week, and the slope of the last three hours.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limit {
    model: HoltWinters,
    trend: Trend,
    /// The hour that runs, and its highest usage.
    hour: u32,
    highest: f32,
    /// Seconds of the hour that have passed.
    passed: f32,
}

impl Limit {
    pub(crate) fn new() -> Limit {
        Limit { model: HoltWinters::new(), trend: Trend::new(), hour: 0, highest: 0.0, passed: 0.0 }
    }

    /// Takes the usage at a moment: 1 is the limit.
    pub(crate) fn sample(&mut self, at: f64, usage: f32) -> Option<Span> {
        if !AMOUNT.contains(&usage) {
            return self.forecast();
        }
        let hour = stretch_of(at, HOUR);
        if hour != self.hour {
            if self.hour > 0 {
                self.model.learn(self.hour, self.highest);
            }
            (self.hour, self.highest) = (hour, 0.0);
        }
        self.highest = self.highest.max(usage);
        self.passed = (at - f64::from(hour) * HOUR).clamp(0.0, HOUR) as f32;
        self.trend.sample(stretch_of(at, FIVE_MINUTES), usage);
        self.forecast()
    }

    fn forecast(&self) -> Option<Span> {
        let slope = self.trend.until(1.0, FIVE_MINUTES as f32);
        if !self.model.has_season() {
            return slope.filter(|span| span.seconds <= SLOPE_ALONE);
        }
        // Every morning has a slope: it counts if usage is above what the season knows of this hour.
        let slope = slope.filter(|span| span.seconds <= SLOPE_BESIDE && self.is_unusual());
        match (slope, self.season()) {
            (Some(slope), Some(season)) if slope.seconds > season.seconds => Some(season),
            (slope, season) => slope.or(season),
        }
    }

    fn is_unusual(&self) -> bool {
        let usual = self.model.forecast(1);
        usual.is_some_and(|usual| self.highest >= 1.0 || self.highest > usual.median + 3.0 * usual.deviation)
    }

    fn season(&self) -> Option<Span> {
        let crossing = self.model.crosses(1.0, HOURS_AHEAD, BAND);
        // Its last hour is the one before the hour that runs.
        let seconds = |hours: u16| (f32::from(hours) - 1.0) * HOUR_SECONDS - self.passed;
        // If only the band's edge reaches the limit, that is when it is first to be feared.
        let soonest = crossing.soonest?;
        let likely = crossing.likely.unwrap_or(soonest);
        let latest = crossing.likely.unwrap_or(HOURS_AHEAD) + 1;
        Some(Span::of(seconds(likely), seconds(soonest), seconds(latest)))
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.model.save(out);
        self.trend.save(out);
        bytes::put_counts(out, &[self.hour]);
        bytes::put(out, &[self.highest, self.passed]);
    }

    pub(crate) fn load(input: &mut &[u8]) -> Option<Limit> {
        let (model, trend) = (HoltWinters::load(input)?, Trend::load(input)?);
        let hour = bytes::take_count(input, u32::MAX)?;
        let [highest, passed] = bytes::take(input, AMOUNT)?;
        Some(Limit { model, trend, hour, highest, passed })
    }
}

/// Days of the budget, and five minutes of the burn.
const BUDGET_DAYS: usize = 30;
const BURN_WINDOWS: usize = 12;
/// Errors of an hour below which there is no burn to speak of.
const LEAST_ERRORS: f32 = 10.0;

/// What is left of the errors that an objective allows in 30 days, and how fast it goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Budget {
    /// The share of attempts that may end in an error.
    allowed: f32,
    /// Attempts and errors by day, and by five minutes, the newest last.
    days: [[f32; 2]; BUDGET_DAYS],
    windows: [[f32; 2]; BURN_WINDOWS],
    day: u32,
    window: u32,
    /// Days that were seen.
    seen: u32,
    /// The counters as they were read last.
    attempts: f64,
    errors: f64,
    is_known: bool,
}

impl Budget {
    /// Starts with an objective: the share of attempts that end without an error.
    pub(crate) fn new(objective: f32) -> Budget {
        let allowed = (1.0 - objective).clamp(1e-6, 1.0);
        let (days, windows) = ([[0.0; 2]; BUDGET_DAYS], [[0.0; 2]; BURN_WINDOWS]);
        let (day, window, seen, attempts, errors, is_known) = (0, 0, 0, 0.0, 0.0, false);
        Budget { allowed, days, windows, day, window, seen, attempts, errors, is_known }
    }

    /// Takes the counters of attempts and of errors at a moment. Counters that fell have started anew.
    pub(crate) fn sample(&mut self, at: f64, attempts: f64, errors: f64) -> Option<Span> {
        let grown = |now: f64, before: f64| if now >= before { now - before } else { now };
        let more = [grown(attempts, self.attempts), grown(errors, self.errors)];
        let first = !std::mem::replace(&mut self.is_known, true);
        (self.attempts, self.errors) = (attempts, errors);
        let passed = turn(&mut self.days, &mut self.day, stretch_of(at, DAY));
        self.seen = (self.seen + passed).clamp(1, BUDGET_DAYS as u32);
        turn(&mut self.windows, &mut self.window, stretch_of(at, FIVE_MINUTES));
        // What was counted before the first reading has no time.
        if !first {
            for (slot, more) in [0, 1].into_iter().zip(more) {
                self.days[BUDGET_DAYS - 1][slot] += more as f32;
                self.windows[BURN_WINDOWS - 1][slot] += more as f32;
            }
        }
        self.forecast()
    }

    fn forecast(&self) -> Option<Span> {
        let [attempts, errors] = sums(&self.days);
        let [recent_attempts, recent_errors] = sums(&self.windows);
        let is_burning = recent_errors >= LEAST_ERRORS && recent_errors > self.allowed * recent_attempts;
        if !is_burning {
            return None;
        }
        // A young process has seen only a part of its 30 days.
        let whole = attempts * BUDGET_DAYS as f32 / self.seen.max(1) as f32;
        let left = (self.allowed * whole - errors).max(0.0);
        let seconds = |burn: f32| left / burn * HOUR_SECONDS;
        let noise = BAND * recent_errors.sqrt();
        let low = (recent_errors - noise).max(1.0);
        Some(Span::of(seconds(recent_errors), seconds(recent_errors + noise), seconds(low)))
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        bytes::put(out, &[self.allowed]);
        self.days.iter().chain(&self.windows).for_each(|pair| bytes::put(out, pair));
        bytes::put_counts(out, &[self.day, self.window, self.seen]);
    }

    /// The counters are those of a process, so they begin anew.
    pub(crate) fn load(input: &mut &[u8]) -> Option<Budget> {
        let mut budget = Budget::new(1.0);
        budget.allowed = bytes::take_one(input, 1e-6..=1.0)?;
        for pair in budget.days.iter_mut().chain(&mut budget.windows) {
            *pair = bytes::take(input, AMOUNT)?;
        }
        [budget.day, budget.window] = bytes::take_counts(input, u32::MAX)?;
        budget.seen = bytes::take_count(input, BUDGET_DAYS as u32)?;
        Some(budget)
    }
}

/// Moves the newest slot on to `to`, and returns by how many it moved. A clock that was set back moves nothing.
fn turn<const N: usize>(slots: &mut [[f32; 2]; N], at: &mut u32, to: u32) -> u32 {
    let first = *at == 0;
    let passed = to.saturating_sub(*at);
    if passed == 0 {
        return 0;
    }
    *at = to;
    let moved = (passed as usize).min(N);
    slots.rotate_left(moved % N);
    slots[N - moved..].fill([0.0; 2]);
    if first { 1 } else { moved as u32 }
}

fn sums<const N: usize>(slots: &[[f32; 2]; N]) -> [f32; 2] {
    slots.iter().fold([0.0; 2], |sums, pair| [sums[0] + pair[0], sums[1] + pair[1]])
}

/// The least backlog that is one, and how many times the usual.
const LEAST_BACKLOG: f32 = 64.0;
const BACKLOG_FACTOR: f32 = 10.0;
const HALF_MINUTE: f64 = 30.0;

/// Attempts that wait for a hash: when there will be ten times as many as usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Backlog {
    trend: Trend,
    usual: f32,
    last: u32,
}

impl Backlog {
    pub(crate) const fn new() -> Backlog {
        Backlog { trend: Trend::new(), usual: 0.0, last: 0 }
    }

    /// Takes how many attempts are in flight.
    pub(crate) fn sample(&mut self, at: f64, in_flight: f32) -> Option<Span> {
        let limit = (BACKLOG_FACTOR * self.usual).max(LEAST_BACKLOG);
        let place = stretch_of(at, HALF_MINUTE);
        if place != self.last && AMOUNT.contains(&in_flight) {
            self.last = place;
            // A backlog is no new habit: it counts as at most the limit. The memory is a day.
            self.usual += (in_flight.min(limit) - self.usual) / 2_880.0;
        }
        self.trend.sample(place, in_flight);
        self.trend.until(limit, HALF_MINUTE as f32)
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.trend.save(out);
        bytes::put(out, &[self.usual]);
        bytes::put_counts(out, &[self.last]);
    }

    pub(crate) fn load(input: &mut &[u8]) -> Option<Backlog> {
        let (trend, usual) = (Trend::load(input)?, bytes::take_one(input, AMOUNT)?);
        Some(Backlog { trend, usual, last: bytes::take_count(input, u32::MAX)? })
    }
}
