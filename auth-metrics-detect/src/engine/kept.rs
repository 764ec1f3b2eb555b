//! `Replicas`: what is kept of other replicas and for them.

use super::pairs::Pairs;
use super::times::Times;
use crate::detector::Detector;
use crate::sketch::Filter;

/// What else can wait.
const WAITING: usize = 1024;
/// How long a pair that another replica told of is familiar: as one that succeeded here.
const LIFETIME: f64 = 15.0 * 86_400.0;
/// From this evidence on, only pairs that succeeded here excuse a source.
pub(super) const SUSPECT: f32 = 4.0;

/// What is kept for sharing.
pub(crate) struct Replicas {
    /// Pairs that succeeded at other replicas.
    pub(crate) familiar: Filter,
    pub(super) excused: Pairs,
    /// When verdicts that others told of are news again.
    pub(super) told: Times,
    /// When others were told of verdicts of this one.
    pub(super) said: Times,
    pub(super) pairs: Vec<u64>,
    pub(super) verdicts: Vec<(Detector, u64)>,
    pub(super) forgotten: Vec<u64>,
    /// What found no place.
    pub(super) lost: u64,
}

impl Replicas {
    /// Makes room for as many pairs as fit into so many bytes.
    pub(super) fn new(bytes: usize) -> Replicas {
        Replicas {
            familiar: Filter::new(bytes, LIFETIME),
            excused: Pairs::new(8 << 10),
            told: Times::new(),
            said: Times::new(),
            pairs: Vec::with_capacity(WAITING),
            verdicts: Vec::with_capacity(WAITING),
            forgotten: Vec::with_capacity(WAITING),
            lost: 0,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let waiting =
            self.pairs.capacity() * 8 + self.verdicts.capacity() * 16 + self.forgotten.capacity() * 8;
        let times = self.told.bytes() + self.said.bytes();
        size_of::<Replicas>() + self.familiar.bytes() + self.excused.bytes() + times + waiting
    }
}

/// Puts something into a queue that never grows; what finds no place is counted.
pub(super) fn push<T>(queue: &mut Vec<T>, value: T, lost: &mut u64) {
    if queue.len() < WAITING {
        queue.push(value);
    } else {
        *lost += 1;
    }
}
