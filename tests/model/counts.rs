//! No count is lost, whatever the threads have: slots of their own, none, or one after another the same.

use loom::sync::Arc;
use loom::thread;

use crate::storage::slot::{self, Free};
use crate::storage::{Cells, slot::SLOTS};
use crate::{explore, explore_interrupted_twice};

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
    explore(20, || {
        let cells = warm(&[0, SLOTS]);
        cells.writer().add(ENDED, 1);
        let threads = [add(&cells, 0, STARTED), add(&cells, SLOTS, STARTED)];
        cells.writer().add(STARTED, 1); // without a slot, at the same time as the second thread
        for thread in threads {
            assert!(thread.join().is_ok());
        }
        assert_eq!([cells.sum(STARTED), cells.sum(ENDED)], [3, 1]);
    });
}

#[test]
fn threads_that_make_their_cells_at_the_same_time_lose_nothing() {
    explore(20, || {
        let cells = Arc::new(Cells::new(1));
        let threads = [add(&cells, SLOTS, STARTED), add(&cells, SLOTS, STARTED)];
        for thread in threads {
            assert!(thread.join().is_ok());
        }
        assert_eq!(cells.sum(STARTED), 2);
    });
}

/// Two threads that live as short as they can, each on the lowest slot that is free.
fn successors(cells: &Arc<Cells>) -> [thread::JoinHandle<usize>; 2] {
    let free = Arc::new(Free::new());
    [(); 2].map(|()| {
        let (cells, free) = (Arc::clone(cells), Arc::clone(&free));
        thread::spawn(move || free.live(|| cells.writer().add(STARTED, 1)))
    })
}

#[test]
fn successor_of_a_slot_goes_on_counting_where_its_former_owner_stopped() {
    explore(20, || {
        let cells = warm(&[0, 1]);
        let slots = successors(&cells).map(|thread| thread.join().unwrap());
        assert_eq!(cells.sum(STARTED), 2, "counted on the slots {slots:?}");
    });
}

#[test]
fn successor_of_a_slot_finds_the_cells_that_its_former_owner_made() {
    explore(20, || {
        let cells = Arc::new(Cells::new(1));
        let slots = successors(&cells).map(|thread| thread.join().unwrap());
        assert_eq!(cells.sum(STARTED), 2, "counted on the slots {slots:?}");
    });
}

#[test]
fn counts_of_a_slot_that_is_handed_on_are_seen_once() {
    explore_interrupted_twice(20, || {
        let cells = warm(&[0, 1]);
        let threads = successors(&cells);
        let reader = thread::spawn(move || assert!(cells.sum(STARTED) <= 2));
        assert!(threads.into_iter().all(|thread| thread.join().is_ok()));
        assert!(reader.join().is_ok());
    });
}
