//! How fast an error budget may burn: the windows and limits that the alerts have and the runbooks print.

use super::query::{Subject, window};

/// A long and a short window in minutes, for an objective over 30 days, the part of the budget that is gone after the long one, and how
/// errors that last are told from a moment of them.
pub(super) struct Burn {
    pub(super) long: u32,
    pub(super) short: u32,
    part: f64,
    pub(super) hold: Hold,
}

/// How a moment of errors is told from errors that last. A failover of seconds stays in a window until the window has passed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Errors that were there most of a short window ago as well, or that are almost all there is.
    Lasting,
    /// A quarter longer than the short window: what has ended is no longer told.
    Outlasts,
}

/// The Site Reliability Workbook, chapter 5, table 5-8.
pub(super) const FAST: [Burn; 2] = [
    Burn { long: 60, short: 5, part: 0.02, hold: Hold::Lasting },
    Burn { long: 360, short: 30, part: 0.05, hold: Hold::Outlasts },
];
pub(super) const SLOW: [Burn; 2] = [
    Burn { long: 1_440, short: 120, part: 0.1, hold: Hold::Outlasts },
    Burn { long: 4_320, short: 360, part: 0.1, hold: Hold::Outlasts },
];

impl Burn {
    /// Returns how many times faster than allowed the budget is used up.
    pub(super) fn factor(&self) -> f64 {
        self.part * 30.0 * 24.0 * 60.0 / f64::from(self.long)
    }

    /// Returns the ratio of errors that uses up that part within the long window.
    pub(super) fn limit(&self, subject: Subject<'_>) -> f64 {
        rounded(self.factor() * (1.0 - subject.options.slo_target))
    }

    /// Returns the long and the short window for this objective, in minutes.
    pub(super) fn windows(&self, subject: Subject<'_>) -> [u64; 2] {
        [self.long, self.short].map(|minutes| subject.scaled(minutes.into()))
    }

    /// Returns for how long the alert has to hold.
    pub(super) fn hold(&self, subject: Subject<'_>) -> String {
        let [_, short] = self.windows(subject);
        match self.hold {
            Hold::Lasting => "2m".to_owned(),
            Hold::Outlasts => window((short + short / 4).next_multiple_of(5)),
        }
    }

    /// Returns for how many seconds the whole budget lasts at the limit.
    pub(super) fn lasts(&self, subject: Subject<'_>) -> f64 {
        subject.options.slo_window.as_secs_f64() / self.factor()
    }
}

/// Returns the share of events that may be errors.
pub(super) fn budget(subject: Subject<'_>) -> f64 {
    rounded(1.0 - subject.options.slo_target)
}

/// Six digits behind the point, so that no product of doubles shows its last bits.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
