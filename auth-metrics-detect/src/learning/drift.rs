//! `Drift`: whether the mix of failure reasons of a day differs from that of the two weeks before, and whether failures drift slowly.
//!
//! Real counts are clumped, and the week has a season. Both inflate a G-test, so it is divided by what it is on ordinary days.

use super::bytes::{self, AMOUNT};
use super::window::{CLASSES, WINDOWS_OF_AN_HOUR, Window};

/// What is left after an hour of a memory of a day, and of two weeks.
const DAY_DECAY: f32 = 1.0 - 1.0 / 24.0;
const LONG_DECAY: f32 = 1.0 - 1.0 / 336.0;
/// Hours that are learned before anything is said: ordinary weekends are part of what is ordinary.
const FIRST: u32 = 168;
/// The normal quantile of 1e-6.
const QUANTILE: f32 = 4.753;
/// The least strength (Cramér's V of two samples of the same size).
const STRENGTH: f32 = 0.1;
/// Failures of a day below which nothing is said.
const LEAST: f32 = 100.0;
/// Hours after which a changed mix is learned as the new one.
const ACCEPT_AFTER: u32 = 72;
/// Hours for which a slow drift lasts before it is told, and how far apart the averages are: in deviations, and as a factor.
const SLOW_HOURS: u32 = 6;
const SLOW_Z: f32 = 3.0;
const SLOW_FACTOR: f32 = 1.25;

/// A mix that changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Drifted {
    /// The class of reasons that changed most; `None` if all failures drift.
    pub(crate) class: Option<u8>,
    /// Cramér's V; for a slow drift how many deviations the averages are apart.
    pub(crate) strength: f32,
    /// The share of the last day, and before.
    pub(crate) share: f32,
    pub(crate) usual: f32,
}

/// Mixes of a day and of two weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Drift {
    recent: [f32; CLASSES],
    reference: [f32; CLASSES],
    /// The hour that runs, by class; its attempts are the last.
    hour: [f32; CLASSES],
    attempts: f32,
    windows: u32,
    /// The G-test on an ordinary day, by degree of freedom.
    dispersion: f32,
    /// Hours that were learned; hours for which the mix has differed, and the averages.
    hours: u32,
    mix_hours: u32,
    slow_hours: u32,
    /// Attempts of a day and of two weeks.
    recent_attempts: f32,
    reference_attempts: f32,
    /// The mean square of the logarithm of the day's failure ratio over that of two weeks.
    slow_variance: f32,
    found: Option<Drifted>,
}

impl Drift {
    pub(crate) const fn new() -> Drift {
        Drift {
            recent: [0.0; CLASSES],
            reference: [0.0; CLASSES],
            hour: [0.0; CLASSES],
            attempts: 0.0,
            windows: 0,
            dispersion: 1.0,
            hours: 0,
            mix_hours: 0,
            slow_hours: 0,
            recent_attempts: 0.0,
            reference_attempts: 0.0,
            slow_variance: 0.0,
            found: None,
        }
    }

    /// Takes a window. What is found stays until an hour later.
    pub(crate) fn step(&mut self, window: &Window) -> Option<Drifted> {
        if window.is_clean() {
            for (sum, count) in self.hour.iter_mut().zip(window.reasons) {
                *sum += count as f32;
            }
            self.attempts += window.attempts as f32;
        }
        self.windows += 1;
        if self.windows >= WINDOWS_OF_AN_HOUR {
            self.end_hour();
        }
        self.found
    }

    fn end_hour(&mut self) {
        self.clip();
        let hour = std::mem::replace(&mut self.hour, [0.0; CLASSES]);
        let attempts = std::mem::take(&mut self.attempts);
        self.windows = 0;
        if attempts <= 0.0 {
            return;
        }
        decay(&mut self.recent, DAY_DECAY, &hour);
        self.recent_attempts = self.recent_attempts * DAY_DECAY + attempts;
        let mix = self.mix();
        let slow = self.slow();
        self.found = mix.or(slow);
        if self.mix_hours == 0 || self.mix_hours > ACCEPT_AFTER {
            decay(&mut self.reference, LONG_DECAY, &hour);
            self.reference_attempts = self.reference_attempts * LONG_DECAY + attempts;
        }
        self.hours = self.hours.saturating_add(1);
    }

    /// A clump of one hour is no new mix: a class counts as at most six times what the others let expect, and a
    /// few.
    fn clip(&mut self) {
        let all: f32 = self.reference.iter().sum();
        let total: f32 = self.hour.iter().sum();
        if self.hours < 24 || all < LEAST {
            return;
        }
        for (count, usual) in self.hour.iter_mut().zip(self.reference) {
            let others = (total - *count) * usual / (all - usual).max(1.0);
            *count = count.min(6.0 * others + 10.0);
        }
    }

    fn mix(&mut self) -> Option<Drifted> {
        let (statistic, degrees) = g_test(&self.recent, &self.reference);
        if degrees < 1.0 {
            self.mix_hours = 0;
            return None;
        }
        let ratio = statistic / degrees / self.dispersion;
        // A dispersion that few weeks gave may be too small.
        let caution = 1.0 + 0.5 * FIRST as f32 / (self.hours as f32 + 1.0);
        let critical = caution * chi_square(degrees) / degrees;
        let drifted = self.strongest();
        let is_known = self.hours >= FIRST && self.recent.iter().sum::<f32>() >= LEAST;
        let crosses = ratio > critical && drifted.strength >= STRENGTH;
        // Once found, it lasts until the test is well below its threshold.
        let lasts = self.mix_hours > 1 && ratio > 0.5 * critical && drifted.strength >= 0.5 * STRENGTH;
        self.mix_hours = if is_known && (crosses || lasts) { self.mix_hours.saturating_add(1) } else { 0 };
        let gain = (1.0 / (self.hours as f32 + 1.0)).max(1.0 / 168.0);
        let learned = if self.hours < FIRST { ratio } else { ratio.min(3.0) };
        if self.mix_hours == 0 {
            self.dispersion = (self.dispersion * (1.0 + gain * (learned - 1.0))).clamp(1.0, 1e6);
        }
        (self.mix_hours > 1).then_some(drifted)
    }

    /// The strength of the change, with the class that has most of it.
    fn strongest(&self) -> Drifted {
        let (recent, reference) = (shares(&self.recent), shares(&self.reference));
        let (mut sum, mut most, mut class) = (0.0, -1.0, 0);
        for (position, (share, usual)) in recent.iter().zip(reference).enumerate() {
            let part = (share - usual).powi(2) / (2.0 * (share + usual)).max(1e-9);
            sum += part;
            if part > most {
                (most, class) = (part, position);
            }
        }
        let (share, usual) = (recent[class], reference[class]);
        Drifted { class: u8::try_from(class).ok(), strength: sum.sqrt(), share, usual }
    }

    fn slow(&mut self) -> Option<Drifted> {
        let share = ratio(&self.recent, self.recent_attempts);
        let usual = ratio(&self.reference, self.reference_attempts);
        let apart = (share / usual).ln();
        let z = apart / self.slow_variance.sqrt().max(0.02);
        // Fewer failures are no trouble.
        let is_far = self.hours >= 2 * FIRST && z > SLOW_Z && apart > SLOW_FACTOR.ln();
        self.slow_hours = if is_far { self.slow_hours.saturating_add(1) } else { 0 };
        let gain = (1.0 / (self.hours as f32 + 1.0)).max(1.0 / 336.0);
        let square =
            (apart * apart).min(if self.hours < FIRST { f32::MAX } else { 3.0 * self.slow_variance });
        if self.slow_hours == 0 || self.slow_hours > ACCEPT_AFTER {
            self.slow_variance += gain * (square - self.slow_variance);
        }
        (self.slow_hours > SLOW_HOURS).then_some(Drifted { class: None, strength: z, share, usual })
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        bytes::put(out, &self.recent);
        bytes::put(out, &self.reference);
        bytes::put(out, &self.hour);
        bytes::put(out, &[self.attempts, self.dispersion, self.recent_attempts]);
        bytes::put(out, &[self.reference_attempts, self.slow_variance]);
        bytes::put_counts(out, &[self.windows, self.hours, self.mix_hours, self.slow_hours]);
    }

    /// What was found is found again within the hour.
    pub(crate) fn load(input: &mut &[u8]) -> Option<Drift> {
        let (recent, reference) = (bytes::take(input, AMOUNT)?, bytes::take(input, AMOUNT)?);
        let hour = bytes::take(input, AMOUNT)?;
        let [attempts, dispersion, recent_attempts] = bytes::take(input, AMOUNT)?;
        let [reference_attempts, slow_variance] = bytes::take(input, AMOUNT)?;
        let [windows, hours, mix_hours, slow_hours] = bytes::take_counts(input, u32::MAX)?;
        let is_sound = windows < WINDOWS_OF_AN_HOUR && dispersion >= 1.0;
        is_sound.then_some(Drift {
            recent,
            reference,
            hour,
            attempts,
            windows,
            dispersion,
            hours,
            mix_hours,
            slow_hours,
            recent_attempts,
            reference_attempts,
            slow_variance,
            found: None,
        })
    }
}

fn decay(counts: &mut [f32; CLASSES], by: f32, more: &[f32; CLASSES]) {
    for (count, more) in counts.iter_mut().zip(more) {
        *count = *count * by + more;
    }
}

fn shares(counts: &[f32; CLASSES]) -> [f32; CLASSES] {
    let all = counts.iter().sum::<f32>().max(1.0);
    counts.map(|count| count / all)
}

fn ratio(failures: &[f32; CLASSES], attempts: f32) -> f32 {
    (failures.iter().sum::<f32>() + 1.0) / (attempts + 10.0)
}

/// The G statistic of two rows of counts, and its degrees of freedom. Classes that are rare in both are one.
fn g_test(recent: &[f32; CLASSES], reference: &[f32; CLASSES]) -> (f32, f32) {
    let (own, other) = (recent.iter().sum::<f32>(), reference.iter().sum::<f32>());
    if own < LEAST || other < LEAST {
        return (0.0, 0.0);
    }
    let part = own / (own + other);
    let cell = |count: f32, expected: f32| {
        if count > 0.0 && expected > 0.0 { 2.0 * count * (count / expected).ln() } else { 0.0 }
    };
    let column = |one: f32, two: f32| {
        let both = one + two;
        cell(one, both * part) + cell(two, both * (1.0 - part))
    };
    let (mut statistic, mut columns, mut rest) = (0.0, 0.0, (0.0, 0.0));
    for (one, two) in recent.iter().zip(reference) {
        if (one + two) * part < 5.0 {
            rest = (rest.0 + one, rest.1 + two);
        } else {
            statistic += column(*one, *two);
            columns += 1.0;
        }
    }
    if rest.0 + rest.1 > 0.0 {
        statistic += column(rest.0, rest.1);
        columns += 1.0;
    }
    (statistic.max(0.0), columns - 1.0)
}

/// The value that a chi-square variable exceeds once in a million times (Wilson and Hilferty).
fn chi_square(degrees: f32) -> f32 {
    let part = 2.0 / (9.0 * degrees);
    degrees * (1.0 - part + QUANTILE * part.sqrt()).powi(3)
}
