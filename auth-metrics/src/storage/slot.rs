//! A small number for each living thread, handed on when it ends. Knows nothing of what is kept under it.

use std::cell::Cell;
use std::sync::OnceLock;
use std::thread;

use super::atomic::AtomicU64;
use super::taken::{Taken, WORD};

/// The most threads that can own cells at the same time; further ones share.
pub(crate) const SLOTS: usize = 1024;
/// That many of them can on any machine; for the others there are two to a processor. More don't run at once, and what they
/// would own is never given back.
const SLOTS_OF_FEW_PROCESSORS: usize = 32;
/// Each time a thread has counted this often in shared cells, it earns cells of its own where it counts then.
const SHARED_COUNTS: u32 = 128;

/// A thread that has not asked yet.
const UNCLAIMED: usize = usize::MAX;

/// A thread that has no slot: all were taken, or it is being torn down.
const NONE: usize = SLOTS;

static TAKEN: Taken<{ SLOTS / WORD }> = Taken([const { AtomicU64::new(0) }; SLOTS / WORD]);

thread_local! {
    /// Read on every recording; has no destructor, so it can be read until the very end of its thread.
    static CURRENT: Cell<usize> = const { Cell::new(UNCLAIMED) };
    /// The same, but no slot while its thread is kept from the short way.
    static SHORT: Cell<usize> = const { Cell::new(UNCLAIMED) };
    /// How often its thread closed the short way and did not open it yet.
    static CLOSED: Cell<u32> = const { Cell::new(0) };
    /// How often its thread still counts in shared cells before it earns some.
    static LEFT_TO_SHARE: Cell<u32> = const { Cell::new(SHARED_COUNTS) };
    /// Hands the slot on when the thread ends.
    static OWNED: Owned = Owned(TAKEN.claim(available()).unwrap_or(NONE));
}

struct Owned(usize);

impl Drop for Owned {
    fn drop(&mut self) {
        CURRENT.set(NONE);
        SHORT.set(NONE);
        if self.0 != NONE {
            TAKEN.release(self.0);
        }
    }
}

/// The slot that only this thread has now; `SLOTS` or more if it has none, or has not asked for one yet.
#[inline]
pub(crate) fn known() -> usize {
    // `get` would be a call: the standard library has it inlined into nothing. A cell without a destructor is always there.
    CURRENT.try_with(Cell::get).unwrap_or(NONE)
}

/// The same for the short way, which is one look shorter: none while that is closed.
#[inline]
pub(super) fn short() -> usize {
    SHORT.try_with(Cell::get).unwrap_or(NONE)
}

/// Closes the short way of this thread until it is opened as often as it was closed.
pub(crate) fn close_short() {
    CLOSED.set(CLOSED.get() + 1);
    SHORT.set(NONE);
}

/// Takes back one closing.
pub(crate) fn open_short() {
    let closed = CLOSED.get().saturating_sub(1);
    CLOSED.set(closed);
    if closed == 0 {
        SHORT.set(known());
    }
}

/// The slot that only this thread has, and a thread that has not asked yet gets one.
pub(crate) fn current() -> usize {
    let slot = known();
    if slot == UNCLAIMED { claim() } else { slot }
}

/// Whether the thread on a slot gets cells of its own where it counts now. The first slot gets them at once, so that a
/// program of one thread never shares. Of the others, those who count somewhere often get there first.
pub(super) fn earns_cells(slot: usize) -> bool {
    if slot == 0 || slot >= SLOTS {
        return slot == 0;
    }
    let left = LEFT_TO_SHARE.get() - 1;
    LEFT_TO_SHARE.set(if left == 0 { SHARED_COUNTS } else { left });
    left == 0
}

/// How many slots there are on this machine.
fn available() -> usize {
    static AVAILABLE: OnceLock<usize> = OnceLock::new();
    *AVAILABLE.get_or_init(|| {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        processors.saturating_mul(2).clamp(SLOTS_OF_FEW_PROCESSORS, SLOTS)
    })
}

#[cold]
fn claim() -> usize {
    let slot = OWNED.try_with(|owned| owned.0).unwrap_or(NONE);
    CURRENT.set(slot);
    if short() == UNCLAIMED {
        SHORT.set(slot);
    }
    slot
}
