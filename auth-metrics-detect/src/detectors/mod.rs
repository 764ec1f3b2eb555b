//! One file for each detector: from numbers to a finding. They know no tables.

pub(crate) mod account;
pub(crate) mod burst;
pub(crate) mod campaign;
pub(crate) mod compromise;
pub(crate) mod enumeration;
pub(crate) mod exhaustion;
mod finding;
pub(crate) mod mfa;
pub(crate) mod mix;
pub(crate) mod net;
pub(crate) mod place;
pub(crate) mod regression;
pub(crate) mod source;
pub(crate) mod stuck;
pub(crate) mod timing;
pub(crate) mod token;

pub(crate) use finding::{Convicted, Finding, Kind, hash_of_operation};

use crate::evidence::{logit, sigmoid};

/// Evidence below which no share of bad strangers convicts anybody.
pub(crate) const LEAST_WALK: f32 = 4.0;
/// The threshold of a walk where the share of bad strangers is not used.
pub(crate) const FIXED: f32 = 11.5;
/// The log-odds of what just convicts: those of a probability of 0.999, ln(0.999 / 0.001), cut to tenths. A walk that is not added to a
/// share of bad strangers has no log-odds of its own: at its threshold it gets these.
pub(crate) const CONVICTING: f32 = 6.9;
/// Known users at a source from which it is a shared one.
pub(crate) const SHARED: u32 = 3;

/// How much rarer attackers are at sources of known users.
pub(crate) const KNOWN: f32 = -3.0;

/// The probability of evidence that convicts from `threshold` on.
fn probability(evidence: f32, threshold: f32) -> f32 {
    sigmoid(evidence - threshold + CONVICTING)
}

/// What is known of the source of an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    pub(crate) hash: u64,
    /// Whether a known user ever succeeded there.
    pub(crate) is_known: bool,
    pub(crate) walk: f32,
    /// Of the operation; none if the threshold is fixed.
    pub(crate) prior: Option<f32>,
    pub(crate) target: f32,
    pub(crate) contacts: u8,
    /// Names without an account, since these were found last.
    pub(crate) probes: u8,
    pub(crate) failures: u8,
    pub(crate) forged: u8,
    /// Failures in ten minutes.
    pub(crate) burst: u8,
    pub(crate) familiar: u32,
    /// Accounts that it failed at, and those that it got into, of about a day.
    pub(crate) strays: u8,
    pub(crate) entered: u8,
    /// Seconds since its failure before.
    pub(crate) gap: f32,
}

impl Source {
    /// The log-odds that it is hostile, such that `target` convicts.
    pub(crate) fn log_odds(&self) -> f32 {
        let known = if self.is_known { KNOWN } else { 0.0 };
        match self.prior {
            Some(prior) => self.walk + logit(prior) + known,
            None => self.walk - FIXED + self.target + known,
        }
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.familiar >= SHARED
    }
}
