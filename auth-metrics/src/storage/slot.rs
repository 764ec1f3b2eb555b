//! A small number for each living thread, handed on when it ends. Knows nothing of what is kept under it.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many threads can own cells at the same time; further ones share.
pub(crate) const SLOTS: usize = 1024;

const WORD: usize = u64::BITS as usize;

static TAKEN: [AtomicU64; SLOTS / WORD] = [const { AtomicU64::new(0) }; SLOTS / WORD];

struct Slot(Option<usize>);

thread_local! {
    static SLOT: Slot = Slot::claim();
}

impl Slot {
    /// The lowest free number. Acquire: what the slot's former owner wrote happened before.
    fn claim() -> Slot {
        for (index, word) in TAKEN.iter().enumerate() {
            let claimed = word.fetch_update(Ordering::Acquire, Ordering::Relaxed, |taken| {
                (taken != u64::MAX).then(|| taken | (taken + 1))
            });
            if let Ok(taken) = claimed {
                return Slot(Some(index * WORD + taken.trailing_ones() as usize));
            }
        }
        Slot(None)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(slot) = self.0 {
            TAKEN[slot / WORD].fetch_and(!(1 << (slot % WORD)), Ordering::Release);
        }
    }
}

/// The number that only this thread has now; none while the thread is being torn down or when all are taken.
#[inline]
pub(crate) fn current() -> Option<usize> {
    SLOT.try_with(|slot| slot.0).ok().flatten()
}
