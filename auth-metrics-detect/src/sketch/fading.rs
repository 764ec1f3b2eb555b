//! `Fading`: a sum that fades; `Smooth`: a smoothed rate of windows.

use std::f32::consts::LN_2;

/// A sum that halves in a fixed time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Fading {
    pub(crate) sum: f32,
    pub(crate) at: f64,
}

impl Fading {
    pub(crate) fn get(&self, now: f64, half_life: f64) -> f32 {
        self.sum * faded(now - self.at, half_life)
    }

    pub(crate) fn add(&mut self, amount: f32, now: f64, half_life: f64) {
        *self = Fading { sum: self.get(now, half_life) + amount, at: now };
    }
}

/// What is left of one after some seconds.
#[inline]
pub(crate) fn faded(seconds: f64, half_life: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a number of half-lives")]
    let halved = (seconds.max(0.0) / half_life) as f32;
    half_to(halved)
}

/// The series of the exponential of -ln 2 times a rest, which is at most a half.
const SERIES: [f32; 7] =
    [1.0, -LN_2, 0.240_226_5, -0.055_504_11, 0.009_618_13, -0.001_333_355, 0.000_154_035];

/// A half to the power of a number that is not negative, to a millionth. Cheaper than the exponential of the standard library, and the
/// same on every platform.
#[inline]
fn half_to(power: f32) -> f32 {
    if power >= 100.0 {
        return 0.0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below a hundred")]
    let whole = (power + 0.5) as u32;
    #[expect(clippy::cast_precision_loss, reason = "below a hundred")]
    let rest = power - whole as f32;
    let fraction = SERIES.iter().rev().fold(0.0, |sum, term| sum * rest + term);
    fraction * f32::from_bits((127 - whole) << 23)
}

/// An average over windows, in which older ones weigh less.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Smooth {
    pub(crate) value: f32,
    pub(crate) weight: f32,
}

impl Smooth {
    /// Adds a window; `memory` is in windows. The first ones weigh as much as there are of them.
    pub(crate) fn add(&mut self, value: f32, memory: f32) {
        self.weight = (self.weight + 1.0).min(memory);
        self.value += (value - self.value) / self.weight;
    }
}

crate::saved::saved! { Fading { sum, at } }
crate::saved::saved! { Smooth { value, weight } }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_to_a_power_is_that_of_the_standard_library() {
        for step in 0..40_000_u16 {
            let power = f32::from(step) / 400.0;
            let (ours, theirs) = (f64::from(half_to(power)), (-f64::from(power)).exp2());
            assert!((ours - theirs).abs() <= 2e-6 * theirs, "{power}: {ours} {theirs}");
        }
    }
}
