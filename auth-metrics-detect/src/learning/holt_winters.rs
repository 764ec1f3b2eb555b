//! Additive Holt-Winters over hours, with a week's season: what an amount will be, how sure that is, and when it crosses a limit.
//!
//! It knows nothing of clocks: the caller numbers the hours, from any origin.

use super::bytes::{self, AMOUNT, ANY, MOST, SQUARE};

/// Hours of a week.
pub(crate) const WEEK: usize = 168;
const WEEK_HOURS: u32 = 168;
const DAY: usize = 24;

/// How fast the level follows: half of a step is taken over within a day.
const LEVEL_GAIN: f32 = 0.03;
/// How fast the trend follows the level.
const TREND_GAIN: f32 = 0.000_05;
/// The least weight of the newest week in the season.
const SEASON_GAIN: f32 = 0.15;
/// How much of the difference of the first two weeks is taken for a trend.
const TREND_SHARE: f32 = 0.7;
/// What is left of the trend an hour later: a trend is half gone in two weeks.
const DAMPING: f32 = 0.998;
/// An error counts as at most this many standard deviations, so one odd day bends nothing.
const CLIP: f32 = 2.5;
/// How fast the variances follow.
const VARIANCE_GAIN: f32 = 0.01;
/// A trend is not followed any further than this.
const LONGEST_GAP: u32 = 4 * WEEK_HOURS;
/// Values beyond it are no amounts; a week's sum of it is still in range.
const LARGEST: f32 = MOST / 1_000.0;

/// What an amount will be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Forecast {
    pub(crate) median: f32,
    /// The standard deviation of the error.
    pub(crate) deviation: f32,
}

/// The hours until a limit is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Crossing {
    /// Until the median forecast reaches it.
    pub(crate) likely: Option<u16>,
    /// Until the upper edge of the band reaches it.
    pub(crate) soonest: Option<u16>,
}

/// The model of one series of hourly values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HoltWinters {
    /// Offsets from the level by hour of the week; in the first week the values themselves.
    season: [f32; WEEK],
    /// Which hours of the week have a value.
    seen: [u32; 6],
    level: f32,
    trend: f32,
    /// Variance of the error an hour ahead, and a day ahead.
    variance: [f32; 2],
    /// What was forecast a day ago for the day that runs.
    ahead: [f32; DAY],
    /// Sum and count of the second week, for its trend.
    second: [f32; 2],
    /// The mean of the first week.
    first_mean: f32,
    /// The hours of the first and of the last value.
    first: u32,
    last: u32,
    /// How many values were learned.
    learned: u32,
    /// Whole weeks that the season was made of.
    weeks: u32,
}

impl HoltWinters {
    pub(crate) fn new() -> HoltWinters {
        HoltWinters {
            season: [0.0; WEEK],
            seen: [0; 6],
            level: 0.0,
            trend: 0.0,
            variance: [0.0; 2],
            ahead: [0.0; DAY],
            second: [0.0; 2],
            first_mean: 0.0,
            first: 0,
            last: 0,
            learned: 0,
            weeks: 0,
        }
    }

    /// Learns the value of an hour. Hours may be missing; an hour that was learned already, or is older, is passed over.
    pub(crate) fn learn(&mut self, hour: u32, value: f32) {
        if value.is_nan()
            || value.abs() > LARGEST
            || self.learned > 0 && hour <= self.last && self.last - hour <= WEEK_HOURS
        {
            return;
        }
        if self.learned == 0 || hour < self.last {
            // The first value, or a clock that was set back by more than a week.
            *self = HoltWinters { first: hour, last: hour, level: value, ..HoltWinters::new() };
        }
        if self.weeks == 0 && hour - self.first >= WEEK_HOURS {
            self.end_first_week();
        }
        if self.weeks == 1 && hour - self.first >= 2 * WEEK_HOURS {
            self.end_second_week();
        }
        if self.weeks == 0 {
            self.collect(hour, value);
        } else {
            self.smooth(hour, value);
        }
        self.last = hour;
        self.learned = self.learned.saturating_add(1);
        self.weeks = self.weeks.max(if self.weeks < 2 { 0 } else { (hour - self.first) / WEEK_HOURS });
        if let Some(forecast) = self.forecast(DAY as u16) {
            self.ahead[hour as usize % DAY] = forecast.median;
        }
    }

    /// Learns how far off a forecast was, before anything else changes.
    fn judge(&mut self, hour: u32, error: f32) {
        let a_day_ago = self.ahead[hour as usize % DAY];
        let gap = hour - self.last;
        // The second day's forecasts are the first ones that there are.
        let day_error = (self.learned > 2 * DAY as u32 && gap == 1).then_some(a_day_ago);
        self.update_variance(0, error);
        if let Some(forecast) = day_error {
            self.update_variance(1, self.point(hour, gap) + error - forecast);
        }
    }

    fn update_variance(&mut self, horizon: usize, error: f32) {
        let variance = &mut self.variance[horizon];
        // The first errors are averaged, as nothing is known yet; later ones are clipped.
        let gain = VARIANCE_GAIN.max(1.0 / (self.learned.max(1) as f32));
        let most = if self.learned < 2 * DAY as u32 { f32::INFINITY } else { 9.0 * *variance + 1e-6 };
        let square = (error * error).min(most.max(*variance)).min(*SQUARE.end());
        *variance += gain * (square - *variance);
    }

    /// In the first week there is no season yet: values are kept as they are.
    fn collect(&mut self, hour: u32, value: f32) {
        if self.learned > 0 {
            self.judge(hour, value - self.point(hour, hour - self.last));
        }
        self.season[slot(hour)] = value;
        self.mark(slot(hour));
        self.level = value;
    }

    /// Turns the values of the first week into a level and offsets from it.
    fn end_first_week(&mut self) {
        let known = (0..WEEK).filter(|each| self.is_seen(*each));
        let (sum, count) = known.fold((0.0, 0.0), |(sum, n), each| (sum + self.season[each], n + 1.0_f32));
        let mean = if count > 0.0 { sum / count } else { self.level };
        for each in 0..WEEK {
            if !self.is_seen(each) {
                self.season[each] = self.stand_in(each).unwrap_or(mean);
            }
        }
        self.season.iter_mut().for_each(|value| *value -= mean);
        (self.level, self.trend, self.weeks, self.first_mean) = (mean, 0.0, 1, mean);
    }

    /// What stands for an hour that is missing: the same hour of the other days, or the hours beside it.
    fn stand_in(&self, slot: usize) -> Option<f32> {
        let of = |places: &mut dyn Iterator<Item = usize>| {
            let seen = places.map(|place| place % WEEK).filter(|place| self.is_seen(*place));
            let (sum, count) =
                seen.fold((0.0, 0.0), |(sum, count), place| (sum + self.season[place], count + 1.0));
            (count > 0.0).then(|| sum / count)
        };
        let days = &mut (1..7).map(|day| slot + day * DAY);
        of(days).or_else(|| (1..6).find_map(|step| of(&mut [slot + step, slot + WEEK - step].into_iter())))
    }

    /// Takes the growth within the weeks out of the season and into the trend.
    fn end_second_week(&mut self) {
        let [sum, count] = self.second;
        self.weeks = 2;
        if count < WEEK as f32 / 2.0 {
            return;
        }
        self.trend = TREND_SHARE * (sum / count - self.first_mean) / WEEK as f32;
        for each in 0..WEEK {
            let position = (each + WEEK - slot(self.first)) % WEEK;
            self.season[each] -= 0.5 * self.trend * (position as f32 - 83.5);
        }
    }

    fn smooth(&mut self, hour: u32, value: f32) {
        let gap = hour - self.last;
        let error = value - self.point(hour, gap);
        self.judge(hour, error);
        let most = CLIP * self.variance[0].sqrt();
        let error = error.clamp(-most, most);
        let season_gain = SEASON_GAIN.max(1.0 / (self.weeks as f32 + 1.0));
        self.level = (self.level + damped(self.trend, gap) + LEVEL_GAIN * error).clamp(-MOST, MOST);
        self.trend = self.trend * DAMPING.powi(gap.min(LONGEST_GAP) as i32) + TREND_GAIN * error;
        self.season[slot(hour)] += season_gain * (1.0 - LEVEL_GAIN) * error;
        self.mark(slot(hour));
        if self.weeks == 1 {
            self.second[0] += value;
            self.second[1] += 1.0;
        }
    }

    /// The forecast for an hour that is `gap` hours after the last one.
    fn point(&self, hour: u32, gap: u32) -> f32 {
        if self.weeks > 0 {
            return self.level + damped(self.trend, gap) + self.season[slot(hour)];
        }
        // The newest of the days before.
        let days = (0..7).map(|day| (slot(hour) + WEEK - (day * DAY) % WEEK) % WEEK);
        days.into_iter().skip(1).find(|each| self.is_seen(*each)).map_or(self.level, |each| self.season[each])
    }

    /// What it will be in `ahead` hours; `None` before there is a day of history.
    pub(crate) fn forecast(&self, ahead: u16) -> Option<Forecast> {
        let gap = u32::from(ahead);
        let hour = self.last.saturating_add(gap);
        let has_history = self.learned >= DAY as u32;
        has_history.then(|| Forecast { median: self.point(hour, gap), deviation: self.deviation(gap) })
    }

    /// How far off a forecast is: measured an hour and a day ahead, linear between in the variance and beyond.
    fn deviation(&self, ahead: u32) -> f32 {
        let [hour, day] = self.variance;
        let day = day.max(hour);
        (hour + (day - hour) * (ahead.max(1) - 1) as f32 / (DAY - 1) as f32).sqrt()
    }

    /// The first hour, of the next `within`, in which the forecast reaches `limit`; the band's upper edge is `z` deviations up.
    pub(crate) fn crosses(&self, limit: f32, within: u16, z: f32) -> Crossing {
        let first = |height: f32| {
            (1..=within).find(|ahead| {
                self.forecast(*ahead).is_some_and(|each| each.median + height * each.deviation >= limit)
            })
        };
        Crossing { likely: first(0.0), soonest: first(z) }
    }

    /// Whether a week is known.
    pub(crate) fn has_season(&self) -> bool {
        self.weeks > 0
    }

    fn is_seen(&self, slot: usize) -> bool {
        self.seen[slot / 32] & 1 << (slot % 32) != 0
    }

    fn mark(&mut self, slot: usize) {
        self.seen[slot / 32] |= 1 << (slot % 32);
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        bytes::put(out, &self.season);
        bytes::put(out, &self.ahead);
        bytes::put(out, &[self.level, self.trend, self.first_mean]);
        bytes::put(out, &self.variance);
        bytes::put(out, &self.second);
        bytes::put_counts(out, &self.seen);
        bytes::put_counts(out, &[self.first, self.last, self.learned, self.weeks]);
    }

    pub(crate) fn load(input: &mut &[u8]) -> Option<HoltWinters> {
        let (season, ahead) = (bytes::take(input, ANY)?, bytes::take(input, ANY)?);
        let [level, trend, first_mean] = bytes::take(input, ANY)?;
        let (variance, second) = (bytes::take(input, SQUARE)?, bytes::take(input, ANY)?);
        let seen = bytes::take_counts(input, u32::MAX)?;
        let [first, last, learned, weeks] = bytes::take_counts(input, u32::MAX)?;
        let is_sound = first <= last && AMOUNT.contains(&second[1]);
        is_sound.then_some(HoltWinters {
            season,
            seen,
            level,
            trend,
            variance,
            ahead,
            second,
            first_mean,
            first,
            last,
            learned,
            weeks,
        })
    }
}

fn slot(hour: u32) -> usize {
    (hour % WEEK_HOURS) as usize
}

/// What a trend adds up to over some hours, as it fades.
fn damped(trend: f32, hours: u32) -> f32 {
    trend * (1.0 - DAMPING.powi(hours.min(LONGEST_GAP) as i32)) * DAMPING / (1.0 - DAMPING)
}
