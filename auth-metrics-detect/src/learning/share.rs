//! `Share`: how many failures come with a success. The day's and the week's season cancel in it, and it may grow by 10 % a day.

use super::bytes::{self, AMOUNT, MOST};
use super::window::{WINDOWS_OF_A_DAY, Window};

/// What is left after five minutes of a memory of three days.
const DECAY: f32 = 1.0 - 1.0 / 864.0;
/// A day's growth, by window.
const GROWTH: f32 = 1.000_331;
/// Below this many failures a success, growth is not limited: one honest mistake is no ramp.
const FLOOR: f32 = 0.002;
/// Windows in which the share is found before its growth is limited: 3 days.
const FREE: u32 = 3 * WINDOWS_OF_A_DAY;

/// The failures that come with a success, and how clumped they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Share {
    failures: f32,
    successes: f32,
    /// The share as it is believed.
    believed: f32,
    /// Variance over mean.
    dispersion: f32,
    windows: u32,
}

impl Share {
    pub(crate) const fn new() -> Share {
        Share { failures: 0.0, successes: 0.0, believed: 0.0, dispersion: 1.0, windows: 0 }
    }

    /// How many failures the successes explain.
    pub(crate) fn expected(&self, successes: u32) -> f32 {
        self.believed * successes as f32
    }

    /// One standard deviation of the failures that the successes explain.
    pub(crate) fn deviation(&self, successes: u32) -> f32 {
        (self.dispersion * (self.expected(successes) + 1.0)).sqrt()
    }

    /// The most failures that a clean window of these successes has.
    pub(crate) fn most(&self, successes: u32) -> f32 {
        if self.windows < FREE {
            return f32::INFINITY;
        }
        self.expected(successes) + 3.0 * self.deviation(successes)
    }

    /// Learns a clean window.
    pub(crate) fn learn(&mut self, failures: f32, window: &Window) {
        let most = self.most(window.successes);
        let error = failures - self.expected(window.successes);
        if self.windows > WINDOWS_OF_A_DAY / 4 {
            let square = (error * error / (self.expected(window.successes) + 1.0)).min(9.0 * self.dispersion);
            self.dispersion = (self.dispersion + (square - self.dispersion) / 576.0).clamp(1.0, MOST);
        }
        self.failures = self.failures * DECAY + failures.min(most);
        self.successes = self.successes * DECAY + window.successes as f32;
        self.windows = self.windows.saturating_add(1);
        let seen = self.failures / self.successes.max(1.0);
        let highest = if self.windows < FREE { f32::INFINITY } else { (self.believed * GROWTH).max(FLOOR) };
        self.believed = seen.min(highest);
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        bytes::put(out, &[self.failures, self.successes, self.believed, self.dispersion]);
        bytes::put_counts(out, &[self.windows]);
    }

    pub(crate) fn load(input: &mut &[u8]) -> Option<Share> {
        let [failures, successes, believed, dispersion] = bytes::take(input, AMOUNT)?;
        let windows = bytes::take_count(input, u32::MAX)?;
        (dispersion >= 1.0).then_some(Share { failures, successes, believed, dispersion, windows })
    }
}
