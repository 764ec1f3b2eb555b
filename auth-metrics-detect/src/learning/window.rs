//! `Window`: what an operation did in five minutes. The engine closes one, the learners read it.

use super::holt_winters::WEEK;

/// Classes of reasons.
pub(crate) const CLASSES: usize = 16;

/// Windows of an hour, and of a day.
pub(crate) const WINDOWS_OF_AN_HOUR: u32 = 12;
pub(crate) const WINDOWS_OF_A_DAY: u32 = 288;

/// What an operation did in five minutes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// From 0 to 167.
    pub(crate) hour_of_week: u16,
    pub(crate) attempts: u32,
    pub(crate) successes: u32,
    pub(crate) familiar_failures: u32,
    pub(crate) first_contact_failures: u32,
    pub(crate) probes: u32,
    pub(crate) server_faults: u32,
    /// Only half-space trees look at these, which the ablation keeps beside what it chose.
    #[cfg(test)]
    pub(crate) distinct_subjects: u32,
    #[cfg(test)]
    pub(crate) distinct_sources: u32,
    /// Failures by class of reason.
    pub(crate) reasons: [u32; CLASSES],
    /// Whether a detector of attacks fires, or nearly does.
    pub(crate) looks_attacked: bool,
    /// Whether an outage or a bad deployment holds the baselines.
    pub(crate) is_held: bool,
}

impl Window {
    /// Whether it may be learned from.
    pub(crate) fn is_clean(&self) -> bool {
        !self.looks_attacked && !self.is_held
    }

    /// The hour of the week; what is beyond a week is folded into it.
    pub(crate) fn hour(&self) -> u16 {
        self.hour_of_week % WEEK as u16
    }

    /// Everything that a client did wrong.
    pub(crate) fn failures(&self) -> f32 {
        self.familiar_failures as f32 + self.first_contact_failures as f32 + self.probes as f32
    }
}
