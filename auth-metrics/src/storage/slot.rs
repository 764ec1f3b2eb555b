//! A small number for each living thread, handed on when it ends. Knows nothing of what is kept under it.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many threads can own cells at the same time; further ones share.
pub(crate) const SLOTS: usize = 1024;

/// A thread that has not asked yet.
const UNCLAIMED: usize = usize::MAX;

/// A thread that has no slot: all were taken, or it is being torn down.
const NONE: usize = SLOTS;

const WORD: usize = u64::BITS as usize;

static TAKEN: [AtomicU64; SLOTS / WORD] = [const { AtomicU64::new(0) }; SLOTS / WORD];

thread_local! {
    /// Read on every recording; has no destructor, so it can be read until the very end of its thread.
    static CURRENT: Cell<usize> = const { Cell::new(UNCLAIMED) };
    /// Hands the slot on when the thread ends.
    static OWNED: Owned = Owned::claim();
}

struct Owned(usize);

impl Owned {
    /// The lowest free slot. Acquire: what its former owner wrote happened before.
    fn claim() -> Owned {
        for (index, word) in TAKEN.iter().enumerate() {
            let claimed = word.fetch_update(Ordering::Acquire, Ordering::Relaxed, |taken| {
                (taken != u64::MAX).then(|| taken | (taken + 1))
            });
            if let Ok(taken) = claimed {
                return Owned(index * WORD + taken.trailing_ones() as usize);
            }
        }
        Owned(NONE)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        CURRENT.set(NONE);
        if self.0 != NONE {
            TAKEN[self.0 / WORD].fetch_and(!(1 << (self.0 % WORD)), Ordering::Release);
        }
    }
}

/// The slot that only this thread has now; `SLOTS` or more if it has none.
#[inline]
pub(crate) fn current() -> usize {
    let slot = CURRENT.get();
    if slot == UNCLAIMED { claim() } else { slot }
}

#[cold]
fn claim() -> usize {
    let slot = OWNED.try_with(|owned| owned.0).unwrap_or(NONE);
    CURRENT.set(slot);
    slot
}
