//! D1 `source_guessing`: a source fails at accounts that it never got into.

use super::{Convicted, Finding};
use super::{LEAST_WALK, Source};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::evidence::sigmoid;

/// Accounts that a source failed at and never got into, within about a day; and how many it may get into for each.
const STRAYS: u8 = 15;
const STRAY_SHARE: u32 = 2;

pub(crate) fn find(source: &Source) -> Option<Finding> {
    let log_odds = source.log_odds();
    let is_convicted = source.failures >= 2 && source.walk >= LEAST_WALK && log_odds >= source.target;
    if !is_convicted && !is_washed(source) {
        return None;
    }
    let is_forging = u32::from(source.forged) * 2 > u32::from(source.failures);
    let (detector, sentence) = if is_forging {
        (Detector::TokenForgery, Sentence::TokenForgery)
    } else {
        (Detector::SourceGuessing, Sentence::SourceGuessing)
    };
    let action = if source.is_shared() { Action::Challenge } else { Action::Block };
    let mut finding = Finding::new(detector, Convicted::Source(source.hash), sentence)
        .action(action)
        .counted(source.failures, source.contacts)
        .weighed(source.walk, source.prior.unwrap_or_default(), sigmoid(log_odds));
    (finding.is_shared, finding.evidence.familiar) = (source.is_shared(), source.familiar);
    finding.gap = source.gap;
    Some(finding)
}

/// Whether successes hide the guesses of the source: they are at other accounts, and too few for so many strays. An office has twenty
/// known users for a stray.
fn is_washed(source: &Source) -> bool {
    source.strays >= STRAYS && u32::from(source.strays) * STRAY_SHARE >= u32::from(source.entered)
}
