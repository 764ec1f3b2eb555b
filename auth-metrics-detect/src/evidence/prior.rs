//! `Prior`: how many of the strangers are bad at present, without anybody's labels.

use crate::sketch::Fading;

/// Good strangers that are counted in beside those that came.
const IMAGINED: f32 = 3.0;

/// The share of bad ones among unfamiliar first contacts. Bad ones hardly ever succeed, and good ones do at a stable rate, so their
/// success rate tells how many are bad (Herley and Schechter, NDSS 2019).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Prior {
    contacts: Fading,
    successes: Fading,
    half_life: f64,
}

impl Prior {
    pub(crate) const LEAST: f32 = 0.01;
    pub(crate) const MOST: f32 = 0.95;

    pub(crate) fn new(half_life: f64) -> Prior {
        Prior { half_life, ..Prior::default() }
    }

    /// A pair that was never seen failed or succeeded.
    pub(crate) fn contact(&mut self, now: f64) {
        self.contacts.add(1.0, now, self.half_life);
    }

    /// It succeeded, at once or later.
    pub(crate) fn success(&mut self, now: f64) {
        self.successes.add(1.0, now, self.half_life);
    }

    /// The share of bad ones; `honest` is how many of the good ones never get in, `sigmas` how careful the answer is.
    pub(crate) fn share(&self, now: f64, honest: f32, sigmas: f32) -> f32 {
        // Before anybody was seen, strangers are taken for good: some that were not are counted in.
        let contacts = self.contacts.get(now, self.half_life) + IMAGINED;
        let successes = self.successes.get(now, self.half_life) + IMAGINED * (1.0 - honest);
        let good = (successes + sigmas * (successes + 1.0).sqrt()) / (1.0 - honest);
        (1.0 - good / contacts).clamp(Prior::LEAST, Prior::MOST)
    }
}

crate::saved::saved! { Prior { contacts, successes, half_life } }
