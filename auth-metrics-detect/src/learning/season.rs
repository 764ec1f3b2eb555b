//! `Season`: what an amount usually is at this hour of the week, and how far from it is still usual.
//!
//! Only windows that the caller calls clean are learned, and what was usual grows by at most 10 % a day: a ramp is not learned.

use super::bytes::{self, AMOUNT, MOST};
use super::holt_winters::WEEK;

/// Weeks that are remembered.
const WEEKS: usize = 4;
const DAY: usize = 24;
/// Clean windows that make an hour.
const WINDOWS_OF_AN_HOUR: f32 = 6.0;
/// Steps of the stored logarithm: 0.034 % each, up to the largest count.
const STEPS: f32 = 2_950.0;
/// No value yet.
const NONE: u16 = u16::MAX;
/// How much what is usual may grow in a week: 10 % a day.
const WEEKLY_GROWTH: f32 = 1.948_717;
/// How far a window may grow over nothing.
const SLACK: f32 = 0.5;
/// The share of the amount that is never news: growth, holidays nearby.
const LEAST_SPREAD: f32 = 0.1;
/// How fast the dispersion follows: 2 days.
const DISPERSION_GAIN: f32 = 1.0 / 576.0;
/// A single window counts as at most this many times the dispersion.
const DISPERSION_CLIP: f32 = 9.0;

/// What a window usually has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Usual {
    pub(crate) median: f32,
    /// One standard deviation of a window, clumps included.
    pub(crate) deviation: f32,
}

impl Usual {
    /// The edges of the band that is `z` deviations wide on each side.
    pub(crate) fn band(self, z: f32) -> (f32, f32) {
        ((self.median - z * self.deviation).max(0.0), self.median + z * self.deviation)
    }
}

/// The baseline of one amount: four weeks of hours, each the mean of its clean windows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Season {
    /// By hour of the week, newest first, as logarithms.
    hours: [[u16; WEEKS]; WEEK],
    /// The hour that runs, the sum of its clean windows, and how many they are.
    hour: u16,
    sum: f32,
    windows: f32,
    /// Variance over mean of single windows.
    dispersion: f32,
}

impl Season {
    pub(crate) fn new() -> Season {
        Season { hours: [[NONE; WEEKS]; WEEK], hour: 0, sum: 0.0, windows: 0.0, dispersion: 1.0 }
    }

    /// Learns a clean window. An hour counts as at most `most` a window: what the caller can explain in other ways.
    pub(crate) fn learn(&mut self, hour: u16, amount: f32, most: f32) {
        self.turn_to(hour);
        let amount = amount.clamp(0.0, most.max(0.0));
        if let Some(usual) = self.usual(hour) {
            let error = amount - usual.median;
            let share = error * error / (usual.median + 1.0);
            let share = share.min(DISPERSION_CLIP * self.dispersion);
            self.dispersion =
                (self.dispersion + DISPERSION_GAIN * (share - self.dispersion)).clamp(1.0, MOST);
        }
        self.sum += amount;
        self.windows += 1.0;
    }

    /// Ends the hour that runs if `hour` is another one.
    fn turn_to(&mut self, hour: u16) {
        if hour == self.hour {
            return;
        }
        if self.windows >= WINDOWS_OF_AN_HOUR {
            let mean = self.sum / self.windows;
            let slot = usize::from(self.hour) % WEEK;
            // An hour that has no history is bounded by what the caller can explain, and by nothing else.
            let most = self.same_hour(slot).map_or(f32::INFINITY, |usual| WEEKLY_GROWTH * usual + SLACK);
            let values = &mut self.hours[slot];
            values.rotate_right(1);
            values[0] = packed(mean.min(most));
        }
        (self.hour, self.sum, self.windows) = (hour, 0.0, 0.0);
    }

    /// What a window of this hour usually has. Before the hour has history, another day or the hours nearby stand for it.
    pub(crate) fn usual(&self, hour: u16) -> Option<Usual> {
        let slot = usize::from(hour) % WEEK;
        let days = (1..7).map(|day| (slot + WEEK - day * DAY) % WEEK);
        let nearby = [1, WEEK - 1, 2, WEEK - 2].map(|step| (slot + step) % WEEK);
        let mut places = std::iter::once(slot).chain(days).chain(nearby);
        let median = places.find_map(|place| self.same_hour(place))?;
        let share = self.spread(slot).max(LEAST_SPREAD);
        let variance = self.dispersion * (median + 1.0) + (share * median).powi(2);
        Some(Usual { median, deviation: variance.sqrt() })
    }

    /// The median of an hour's own weeks.
    fn same_hour(&self, slot: usize) -> Option<f32> {
        let mut values = [0.0; WEEKS];
        let known = self.known(slot, &mut values);
        median(known)
    }

    fn known<'v>(&self, slot: usize, values: &'v mut [f32; WEEKS]) -> &'v mut [f32] {
        let known = self.hours[slot].iter().filter(|value| **value != NONE);
        let mut count = 0;
        for (place, value) in values.iter_mut().zip(known) {
            *place = unpacked(*value);
            count += 1;
        }
        &mut values[..count]
    }

    /// How much the weeks differ, as a share of the amount: the median absolute deviation of this hour and its neighbours.
    fn spread(&self, slot: usize) -> f32 {
        let (mut shares, mut count) = ([0.0; 3 * WEEKS], 0);
        for place in [slot + WEEK - 1, slot, slot + 1].map(|place| place % WEEK) {
            let mut values = [0.0; WEEKS];
            let known = self.known(place, &mut values);
            let Some(middle) = median(known).filter(|_| known.len() > 1) else { continue };
            for value in known {
                shares[count] = (*value - middle).abs() / (middle + 1.0);
                count += 1;
            }
        }
        1.482_6 * median(&mut shares[..count]).unwrap_or(0.0)
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.hours.iter().for_each(|weeks| bytes::put_small(out, weeks));
        bytes::put(out, &[self.sum, self.windows, self.dispersion]);
        bytes::put_small(out, &[self.hour]);
    }

    pub(crate) fn load(input: &mut &[u8]) -> Option<Season> {
        let mut season = Season::new();
        for weeks in &mut season.hours {
            *weeks = bytes::take_small(input)?;
        }
        [season.sum, season.windows] = bytes::take(input, AMOUNT)?;
        season.dispersion = bytes::take_one(input, 1.0..=MOST)?;
        [season.hour] = bytes::take_small(input)?;
        Some(season)
    }
}

/// An amount as the logarithm that is stored.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range")]
fn packed(amount: f32) -> u16 {
    (amount.max(0.0).ln_1p() * STEPS).round().clamp(0.0, f32::from(NONE - 1)) as u16
}

fn unpacked(value: u16) -> f32 {
    (f32::from(value) / STEPS).exp_m1()
}

/// Sorts, and returns the middle; of two, their mean.
pub(super) fn median(values: &mut [f32]) -> Option<f32> {
    values.sort_unstable_by(f32::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        count if count % 2 == 1 => Some(values[middle]),
        _ => Some(f32::midpoint(values[middle - 1], values[middle])),
    }
}
