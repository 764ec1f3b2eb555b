//! `Trend`: the slope of the last hours (Theil-Sen, so a few odd values bend nothing), and when it reaches a limit.

use super::bytes::{self, ANY, MOST};
use super::season::median;

/// Values that are kept, and the pairs of them.
pub(crate) const POINTS: usize = 36;
const PAIRS: usize = POINTS * (POINTS - 1) / 2;
/// Values below which nothing is said.
const LEAST: usize = 8;

/// Seconds from now: about, at the soonest, and at the latest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) seconds: f32,
    pub(crate) soonest: f32,
    pub(crate) latest: f32,
}

impl Span {
    /// As far ahead as anything is forecast: ten years.
    pub(crate) const FARTHEST: f32 = 315_360_000.0;

    pub(crate) const NOW: Span = Span { seconds: 0.0, soonest: 0.0, latest: 0.0 };

    /// A span of numbers that may be in any order, negative or infinite.
    pub(crate) fn of(seconds: f32, soonest: f32, latest: f32) -> Span {
        let bound =
            |value: f32| if value.is_nan() { Span::FARTHEST } else { value.clamp(0.0, Span::FARTHEST) };
        let seconds = bound(seconds);
        Span { seconds, soonest: bound(soonest).min(seconds), latest: bound(latest).max(seconds) }
    }
}

/// The highest values of equal stretches of time, the newest last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Trend {
    values: [f32; POINTS],
    /// The number of each value's stretch.
    places: [u32; POINTS],
    count: u32,
}

impl Trend {
    pub(crate) const fn new() -> Trend {
        Trend { values: [0.0; POINTS], places: [0; POINTS], count: 0 }
    }

    /// Takes a value of the stretch with this number; the highest of a stretch counts.
    pub(crate) fn sample(&mut self, place: u32, value: f32) {
        if !ANY.contains(&value) {
            return;
        }
        let known = self.count as usize;
        let newest = known.checked_sub(1).map(|last| self.places[last]);
        match newest {
            Some(newest) if newest == place => self.values[known - 1] = self.values[known - 1].max(value),
            // A clock that was set back, or a pause as long as all that is kept: the past says nothing.
            Some(newest) if place < newest || place - newest > POINTS as u32 => {
                *self = Trend::new();
                self.push(place, value);
            }
            _ => self.push(place, value),
        }
    }

    fn push(&mut self, place: u32, value: f32) {
        if self.count as usize == POINTS {
            self.values.rotate_left(1);
            self.places.rotate_left(1);
            self.count -= 1;
        }
        let next = self.count as usize;
        (self.values[next], self.places[next]) = (value, place);
        self.count += 1;
    }

    /// When a limit is reached, with `stretch` seconds in a stretch; `None` if it does not clearly rise.
    pub(crate) fn until(&self, limit: f32, stretch: f32) -> Option<Span> {
        let known = self.count as usize;
        let newest = known.checked_sub(1)?;
        if self.values[newest] >= limit {
            return Some(Span::NOW);
        }
        let [low, middle, high] = self.slopes()?;
        // Where the line is now: a single value may be far from it.
        let mut heights = [0.0; POINTS];
        for (height, each) in heights.iter_mut().zip(0..known) {
            *height = self.values[each] + middle * (self.places[newest] - self.places[each]) as f32;
        }
        let rest = (limit - median(&mut heights[..known])?).max(0.0) * stretch;
        (low > 0.0).then(|| Span::of(rest / middle, rest / high, rest / low))
    }

    /// The quartiles of the slopes of all pairs, by stretch.
    fn slopes(&self) -> Option<[f32; 3]> {
        let known = self.count as usize;
        if known < LEAST {
            return None;
        }
        let (mut slopes, mut count) = ([0.0; PAIRS], 0);
        for one in 0..known {
            for other in one + 1..known {
                let run = (self.places[other] - self.places[one]) as f32;
                slopes[count] = (self.values[other] - self.values[one]) / run;
                count += 1;
            }
        }
        slopes[..count].sort_unstable_by(f32::total_cmp);
        Some([1, 2, 3].map(|quarter| slopes[(count - 1) * quarter / 4]))
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        bytes::put(out, &self.values);
        bytes::put_counts(out, &self.places);
        bytes::put_counts(out, &[self.count]);
    }

    pub(crate) fn load(input: &mut &[u8]) -> Option<Trend> {
        let (values, places) = (bytes::take(input, ANY)?, bytes::take_counts(input, u32::MAX)?);
        let count = bytes::take_count(input, POINTS as u32)?;
        let is_sound = places[..count as usize].is_sorted_by(|one, other| one < other);
        is_sound.then_some(Trend { values, places, count })
    }
}

/// The number of the stretch that a moment is in.
pub(crate) fn stretch_of(at: f64, seconds: f64) -> u32 {
    (at / seconds).clamp(0.0, f64::from(u32::MAX)) as u32
}

/// A number of seconds as it is kept: never negative, never infinite.
pub(crate) fn bounded(value: f64) -> f32 {
    if value.is_finite() { (value as f32).clamp(0.0, MOST) } else { 0.0 }
}
