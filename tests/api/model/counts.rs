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

/// A thread that counts in shared cells once, and then twice in its own.
fn add_thrice(cells: &Arc<Cells>, slot: usize) -> thread::JoinHandle<()> {
    let cells = Arc::clone(cells);
    thread::spawn(move || {
        slot::enter(slot);
        slot::share(1);
        for _ in 0..3 {
            cells.writer().add(STARTED, 1);
        }
    })
}

#[test]
fn threads_that_earn_cells_while_they_count_lose_nothing() {
    explore_interrupted_twice(100, || {
        let cells = Arc::new(Cells::new(1));
        let threads = [add_thrice(&cells, 0), add_thrice(&cells, 1)];
        assert!(threads.into_iter().all(|thread| thread.join().is_ok()));
        assert_eq!(cells.sum(STARTED), 6);
    });
}

#[test]
fn counter_of_a_thread_that_earns_cells_only_rises() {
    explore_interrupted_twice(100, || {
        let cells = Arc::new(Cells::new(1));
        let thread = add_thrice(&cells, 0);
        let reader = thread::spawn(move || {
            let [first, second] = [cells.sum(STARTED), cells.sum(STARTED)];
            assert!(first <= second && second <= 3, "{first}, then {second}");
        });
        assert!(thread.join().is_ok());
        assert!(reader.join().is_ok());
    });
}

#[test]
fn successor_of_a_slot_goes_on_where_its_former_owner_earned_cells() {
    explore_interrupted_twice(100, || {
        let cells = Arc::new(Cells::new(1));
        let free = Arc::new(Free::new());
        let threads = [(); 2].map(|()| {
            let (cells, free) = (Arc::clone(&cells), Arc::clone(&free));
            thread::spawn(move || {
                slot::share(1);
                free.live(|| (0..2).for_each(|_| cells.writer().add(STARTED, 1)));
            })
        });
        assert!(threads.into_iter().all(|thread| thread.join().is_ok()));
        assert_eq!(cells.sum(STARTED), 4);
    });
}
