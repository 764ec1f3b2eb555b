//! `Cusum`: tells when counts are more than was expected, however slowly.

/// A cumulative sum of log-likelihood ratios of Poisson counts: the expected rate against a higher one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cusum {
    pub(crate) value: f32,
}

impl Cusum {
    /// Nothing grows for ever: it would take as long to fall.
    const MOST: f32 = 30.0;

    /// Adds a window: `count` where `expected` was expected, against `attacked`. Counts that come in clumps weigh less.
    pub(crate) fn add(&mut self, count: f32, expected: f32, attacked: f32, dispersion: f32) {
        let step = count * (attacked / expected).ln() - (attacked - expected);
        self.value = (self.value + step / dispersion).clamp(0.0, Cusum::MOST);
    }
}

crate::saved::saved! { Cusum { value } }
