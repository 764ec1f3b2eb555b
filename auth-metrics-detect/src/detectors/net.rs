//! D2 `net_guessing`: the sources of a network guess, each too little to be convicted.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::Detector;

/// The threshold of the walk of a network, and how many sources it takes.
pub(crate) const WALK: f32 = 14.0;
const SOURCES: u32 = 3;

pub(crate) fn find(net: u64, walk: f32, sources: u32, contacts: u16, gap: f32) -> Option<Finding> {
    if walk < WALK || sources < SOURCES {
        return None;
    }
    let mut finding = Finding::new(Detector::NetGuessing, Convicted::Net(net), Sentence::NetGuessing)
        .counted(contacts, sources)
        .weighed(walk, 0.0, super::probability(walk, WALK));
    finding.gap = gap;
    Some(finding)
}
