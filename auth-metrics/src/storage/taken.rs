//! Which slots are taken, a bit each. Knows nothing of threads.

use super::atomic::{AtomicU64, Ordering};

/// How many slots a word stands for.
pub(super) const WORD: usize = u64::BITS as usize;

pub(super) struct Taken<const WORDS: usize>(pub(super) [AtomicU64; WORDS]);

impl<const WORDS: usize> Taken<WORDS> {
    /// Takes the lowest free slot of the first `available` ones. Acquire: what its former owner wrote happened before.
    pub(super) fn claim(&self, available: usize) -> Option<usize> {
        self.0.iter().enumerate().find_map(|(index, word)| {
            let lowest = |taken: u64| index * WORD + taken.trailing_ones() as usize;
            let claimed = word.fetch_update(Ordering::Acquire, Ordering::Relaxed, |taken| {
                (taken != u64::MAX && lowest(taken) < available).then(|| taken | (taken + 1))
            });
            claimed.ok().map(lowest)
        })
    }

    /// Gives a slot back. Release: what was written while it was taken happens before its next owner's first count.
    pub(super) fn release(&self, slot: usize) {
        self.0[slot / WORD].fetch_and(!(1 << (slot % WORD)), Ordering::Release);
    }
}
