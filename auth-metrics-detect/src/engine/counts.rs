//! `Counts`: what the engine counts about itself.

use crate::detector::Detector;

/// What the engine counts about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) events: u64,
    /// Walks that made room for others, and those that found no room: of sources, networks, accounts.
    pub(crate) evicted: [u64; 3],
    pub(crate) refused: [u64; 3],
    pub(crate) proxies: u64,
    pub(crate) detections: [u64; Detector::ALL.len()],
}

crate::saved::saved! { Counts { events, evicted, refused, proxies, detections } }
