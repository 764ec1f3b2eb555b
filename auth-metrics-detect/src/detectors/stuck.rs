//! D10 `stuck_client`: a program of a known user fails at even intervals, since somebody changed the password.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};

const FAILURES: u32 = 30;
/// A client that fails less often harms nobody.
const LONGEST_GAP: f32 = 600.0;

pub(crate) fn find(pair: u64, failures: u32, gap: f32, is_even: bool) -> Option<Finding> {
    if failures < FAILURES || gap > LONGEST_GAP || !is_even {
        return None;
    }
    let mut finding =
        Finding::new(Detector::StuckClient, Convicted::Nobody(pair), Sentence::StuckClient { gap })
            .notice(Action::Slow)
            .counted(failures, 1_u32);
    finding.gap = gap;
    Some(finding)
}
