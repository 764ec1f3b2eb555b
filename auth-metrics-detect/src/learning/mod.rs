//! What the engine learns of an operation: what is usual, whether the mix of reasons drifts, and when something runs out.
//!
//! It knows neither clocks nor threads, allocates nothing after `new`, and the same windows give the same answers. A window that looks
//! attacked, or is held by an outage, is never learned.

// Counts of five minutes and hours of a week are far below 2^24; beyond that a learner needs no more than the first seven digits.
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
#![allow(clippy::cast_possible_wrap)]

mod bytes;
mod drift;
mod exhaustion;
mod forecasts;
mod holt_winters;
mod season;
mod share;
#[cfg(test)]
mod tests;
mod trend;
mod window;

pub(crate) use drift::Drifted;
pub(crate) use forecasts::{Forecast, Forecasts, Outlook};
pub(crate) use window::{CLASSES, Window};

use drift::Drift;
use season::{Season, Usual};
use share::Share;
use window::WINDOWS_OF_A_DAY;

/// Successes that a day needs to count as one to learn from, and how many such days are needed.
const SUCCESSES_OF_A_DAY: u32 = 200;
const DAYS: u32 = 3;
/// Half the width of the band, in deviations.
const BAND: f32 = 3.0;

/// What was learned, seen from the window that ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Learned {
    /// Failures that this window should have had; none as long as nothing is known of the hour.
    pub(crate) expected: Option<f32>,
    /// The edges of what is usual, as long as anything is.
    pub(crate) band: Option<(f32, f32)>,
    pub(crate) drift: Option<Drifted>,
    /// Whether too little was seen to judge anything here.
    pub(crate) is_learning: bool,
}

/// What is learned of one operation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Learning {
    failures: Season,
    share: Share,
    drift: Drift,
    warm_up: WarmUp,
}

impl Learning {
    pub(crate) fn new() -> Learning {
        Learning {
            failures: Season::new(),
            share: Share::new(),
            drift: Drift::new(),
            warm_up: WarmUp::default(),
        }
    }

    /// Judges a window by what was learned before it, then learns it if it is clean.
    pub(crate) fn close_window(&mut self, window: &Window) -> Learned {
        let hour = window.hour();
        let usual = self.failures.usual(hour);
        let drift = self.drift.step(window);
        if window.is_clean() {
            self.learn(window, hour);
        }
        let is_learning = self.warm_up.is_on();
        Learned {
            expected: usual.map(|usual| usual.median),
            band: usual.map(|usual: Usual| usual.band(BAND)),
            drift: drift.filter(|_| !is_learning),
            is_learning,
        }
    }

    fn learn(&mut self, window: &Window, hour: u16) {
        let failures = window.failures();
        // Successes explain so many failures and no more, whatever the hour's own history allows.
        let most = self.share.most(window.successes);
        self.share.learn(failures, window);
        self.failures.learn(hour, failures, most);
        self.warm_up.learn(window.successes);
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.failures.save(out);
        self.share.save(out);
        self.drift.save(out);
        bytes::put_counts(out, &[self.warm_up.days, self.warm_up.windows, self.warm_up.successes]);
    }

    pub(crate) fn load(input: &mut &[u8]) -> Option<Learning> {
        let failures = Season::load(input)?;
        let (share, drift) = (Share::load(input)?, Drift::load(input)?);
        let [days, windows, successes] = bytes::take_counts(input, u32::MAX)?;
        let warm_up = WarmUp { days, windows, successes };
        let is_sound = days <= DAYS && windows < WINDOWS_OF_A_DAY;
        is_sound.then_some(Learning { failures, share, drift, warm_up })
    }
}

/// The days that were learned, up to the number that is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct WarmUp {
    days: u32,
    windows: u32,
    successes: u32,
}

impl WarmUp {
    fn is_on(self) -> bool {
        self.days < DAYS
    }

    fn learn(&mut self, successes: u32) {
        if self.days >= DAYS {
            return;
        }
        self.windows += 1;
        self.successes = self.successes.saturating_add(successes);
        if self.windows >= WINDOWS_OF_A_DAY {
            self.days += u32::from(self.successes >= SUCCESSES_OF_A_DAY);
            (self.windows, self.successes) = (0, 0);
        }
    }
}
