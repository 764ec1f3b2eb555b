//! What an attempt says: its class by outcome and reason, how much it weighs, and how bad strangers are at present.

mod class;
mod prior;
pub(crate) mod weights;

pub(crate) use class::{Class, Misuse};
pub(crate) use prior::Prior;

/// The log-odds of a probability.
pub(crate) fn logit(probability: f32) -> f32 {
    (probability / (1.0 - probability)).ln()
}

/// The probability of log-odds.
pub(crate) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}
