//! A model check of the one structure that recording and reading share: the cells that threads own. The library's own
//! source is compiled here with the checker's atomics, and the orders in which threads can take turns are tried.

#[path = "../../auth-metrics/src/storage/cells.rs"]
#[allow(dead_code, reason = "the library uses more of it than these tests")]
mod cells;
#[path = "../../auth-metrics/src/storage/table.rs"]
#[allow(dead_code, reason = "the library uses more of it than these tests")]
mod table;

/// The checker's atomics, in the place of the library's `storage/atomic.rs`.
mod atomic {
    pub(crate) use loom::sync::atomic::{AtomicU64, Ordering};
    use loom::sync::{Mutex, atomic::AtomicBool};

    /// The standard library's, which the checker can't see into, with as much synchronisation as it promises.
    pub(crate) struct OnceLock<T> {
        value: std::sync::OnceLock<T>,
        ready: AtomicBool,
        making: Mutex<()>,
    }

    impl<T> OnceLock<T> {
        pub(crate) fn new() -> OnceLock<T> {
            OnceLock {
                value: std::sync::OnceLock::new(),
                ready: AtomicBool::new(false),
                making: Mutex::new(()),
            }
        }

        pub(crate) fn get(&self) -> Option<&T> {
            if self.ready.load(Ordering::Acquire) { self.value.get() } else { None }
        }

        pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
            if let Some(value) = self.get() {
                return value;
            }
            let _making = self.making.lock().unwrap();
            let value = self.value.get_or_init(make);
            self.ready.store(true, Ordering::Release);
            value
        }
    }
}

/// Slots as a test hands them out, in the place of the library's `storage/slot.rs`.
mod slot {
    use std::cell::Cell;

    pub(crate) const SLOTS: usize = 64;

    loom::thread_local! {
        static CURRENT: Cell<usize> = Cell::new(SLOTS);
    }

    pub(crate) fn current() -> usize {
        CURRENT.with(Cell::get)
    }

    /// Gives the thread that asks this slot; `SLOTS` for none, as when all are taken.
    pub(crate) fn enter(slot: usize) {
        CURRENT.with(|current| current.set(slot));
    }
}

use cells::Cells;
use loom::sync::Arc;
use loom::thread;
use table::Table;

const STARTED: usize = 0;
const ENDED: usize = 1;

/// Cells whose blocks are there already, as on the steady path: making one would order more than a count does.
fn warm(slots: &[usize]) -> Arc<Cells> {
    let cells = Arc::new(Cells::new(2));
    for slot in slots {
        slot::enter(*slot);
        cells.writer().add(STARTED, 0);
    }
    cells
}

fn add(cells: &Arc<Cells>, slot: usize, cell: usize) -> thread::JoinHandle<()> {
    let cells = Arc::clone(cells);
    thread::spawn(move || {
        slot::enter(slot);
        cells.writer().add(cell, 1);
    })
}

#[test]
fn counts_of_threads_with_and_without_a_slot_add_up() {
    loom::model(|| {
        let cells = warm(&[0, slot::SLOTS]);
        cells.writer().add(ENDED, 1);
        let threads = [add(&cells, 0, STARTED), add(&cells, slot::SLOTS, STARTED)];
        cells.writer().add(STARTED, 1); // without a slot, at the same time as the second thread
        for thread in threads {
            assert!(thread.join().is_ok());
        }
        assert_eq!([cells.sum(STARTED), cells.sum(ENDED)], [3, 1]);
    });
}

#[test]
fn threads_that_make_their_cells_at_the_same_time_lose_nothing() {
    loom::model(|| {
        let cells = Arc::new(Cells::new(1));
        let threads = [add(&cells, slot::SLOTS, STARTED), add(&cells, slot::SLOTS, STARTED)];
        for thread in threads {
            assert!(thread.join().is_ok());
        }
        assert_eq!(cells.sum(STARTED), 2);
    });
}
