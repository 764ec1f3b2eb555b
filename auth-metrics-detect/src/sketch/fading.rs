//! `Fading`: a sum that fades; `Smooth`: a smoothed rate of windows.

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
    (-halved).exp2()
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
