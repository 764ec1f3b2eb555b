//! D1 `source_guessing`: a source fails at accounts that it never got into.

use super::{LEAST_WALK, Source};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::engine::{Convicted, Finding};
use crate::evidence::sigmoid;

pub(crate) fn find(source: &Source) -> Option<Finding> {
    let log_odds = source.log_odds();
    if source.failures < 2 || source.walk < LEAST_WALK || log_odds < source.target {
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
