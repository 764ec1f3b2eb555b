//! D8 `compromise_suspected`: a stranger got into an account, and what the source does besides says that it was a guess.

use super::Source;
use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector, Severity};
use crate::evidence::sigmoid;

/// The log-odds from which an account is named: one in ten may be wrong.
pub(crate) const NAMED: f32 = 2.2;
/// Failures at other accounts.
const OTHERS: u8 = 1;

/// Whether the source is a guesser, with its successes taken into account. At a shared source the one who got in is hardly ever the one
/// who guesses.
pub(crate) fn is_guesser(source: &Source) -> bool {
    source.contacts >= OTHERS && source.log_odds() >= NAMED && !source.is_shared()
}

/// Whether an account that it got into is named: `others` is at how many other accounts it failed.
pub(crate) fn by_source(source: &Source, subject: u64, others: u8) -> Option<Finding> {
    let is_named = others >= OTHERS && is_guesser(source);
    is_named.then(|| named(subject, "its source guesses at other accounts", source.log_odds(), source))
}

pub(crate) fn named(subject: u64, why: &'static str, log_odds: f32, source: &Source) -> Finding {
    let mut finding =
        Finding::new(Detector::CompromiseSuspected, Convicted::Subject(subject), Sentence::Compromise(why))
            .action(Action::StepUp)
            .counted(source.failures, source.contacts)
            .weighed(source.walk, source.prior.unwrap_or_default(), sigmoid(log_odds));
    finding.severity = Severity::Critical;
    finding
}
