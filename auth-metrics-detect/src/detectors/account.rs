//! D3 `account_guessing`: many sources guess at one account.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};

const SOURCES: u8 = 3;

/// Never a lock: that would let anybody lock anybody out. Only strangers are asked for more.
pub(crate) fn find(subject: u64, walk: f32, sources: u8, gap: f32) -> Option<Finding> {
    if walk < super::FIXED || sources < SOURCES {
        return None;
    }
    let mut finding =
        Finding::new(Detector::AccountGuessing, Convicted::Subject(subject), Sentence::AccountGuessing)
            .action(Action::StepUp)
            .counted(sources, sources)
            .weighed(walk, 0.0, super::probability(walk, super::FIXED));
    finding.gap = gap;
    Some(finding)
}
