//! Which slot a thread of the model has: the part of the library's `storage/slot.rs` that is thread-local.

use std::cell::Cell;

use super::atomic::AtomicU64;
use super::taken::{Taken, WORD};

pub(crate) const SLOTS: usize = WORD;

loom::thread_local! {
    static CURRENT: Cell<usize> = Cell::new(SLOTS);
    static LEFT_TO_SHARE: Cell<usize> = Cell::new(0);
}

pub(crate) fn known() -> usize {
    CURRENT.with(Cell::get)
}

pub(crate) fn short() -> usize {
    known()
}

pub(crate) fn current() -> usize {
    known()
}

/// Gives the thread that asks this slot; `SLOTS` for none, as when all are taken.
pub(crate) fn enter(slot: usize) {
    CURRENT.with(|current| current.set(slot));
}

/// Lets the thread that asks count this often in shared cells before it earns some; without that it does so at once.
pub(crate) fn share(counts: usize) {
    LEFT_TO_SHARE.with(|left| left.set(counts));
}

pub(crate) fn earns_cells(slot: usize) -> bool {
    let left = LEFT_TO_SHARE.with(|left| left.replace(left.get().saturating_sub(1)));
    slot < SLOTS && left == 0
}

/// The library's own free list of slots.
pub(crate) struct Free(Taken<{ SLOTS / WORD }>);

impl Free {
    pub(crate) fn new() -> Free {
        Free(Taken([(); SLOTS / WORD].map(|()| AtomicU64::new(0))))
    }

    /// Runs on a slot that is taken for as long as it lasts, as a thread's life is.
    pub(crate) fn live(&self, life: impl FnOnce()) -> usize {
        let slot = self.0.claim(SLOTS).expect("there are more slots than threads");
        enter(slot);
        life();
        self.0.release(slot);
        slot
    }
}
