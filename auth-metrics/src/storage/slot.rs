//! A small number for each living thread, handed on when it ends. Knows nothing of what is kept under it.

use std::cell::Cell;

use super::atomic::AtomicU64;
use super::taken::{Taken, WORD};

/// How many threads can own cells at the same time; further ones share.
pub(crate) const SLOTS: usize = 1024;

/// A thread that has not asked yet.
const UNCLAIMED: usize = usize::MAX;

/// A thread that has no slot: all were taken, or it is being torn down.
const NONE: usize = SLOTS;

static TAKEN: Taken<{ SLOTS / WORD }> = Taken([const { AtomicU64::new(0) }; SLOTS / WORD]);

thread_local! {
    /// Read on every recording; has no destructor, so it can be read until the very end of its thread.
    static CURRENT: Cell<usize> = const { Cell::new(UNCLAIMED) };
    /// Hands the slot on when the thread ends.
    static OWNED: Owned = Owned(TAKEN.claim().unwrap_or(NONE));
}

struct Owned(usize);

impl Drop for Owned {
    fn drop(&mut self) {
        CURRENT.set(NONE);
        if self.0 != NONE {
            TAKEN.release(self.0);
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
