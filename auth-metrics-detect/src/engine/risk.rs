//! `Risk`: what `assess` answers.

use crate::detector::Action;

/// How likely it is that an attempt is hostile, before anything is checked.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Risk {
    /// From 0 to 1.
    pub probability: f32,
    /// What the thresholds of the builder propose for it.
    pub action: Action,
    /// What decided.
    pub why: Why,
}

/// What decided about a [`Risk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// This user got in from there, or with this device, before.
    Familiar,
    /// The share of bad ones among strangers at present; nothing is known about this one.
    Strangers,
    /// The source.
    Source,
    /// Its network.
    Net,
    /// Many sources try this account.
    Account,
}

impl Why {
    /// Returns its word: `familiar`, `strangers`, `source`, `net` or `account`.
    pub const fn label(self) -> &'static str {
        match self {
            Why::Familiar => "familiar",
            Why::Strangers => "strangers",
            Why::Source => "source",
            Why::Net => "net",
            Why::Account => "account",
        }
    }
}
