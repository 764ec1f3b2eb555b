//! Law 1 in the middle of traffic: whoever sees an end also sees its start, so that in flight is never negative.
//!
//! The reader is a thread of its own, made before the first count, and the model lets it run last. Run first it would hide:
//! of all reads of a cell the checker remembers the latest one for its search, and a writer reads a cell before it writes.

use loom::sync::mpsc;
use loom::thread::{self, JoinHandle};

use crate::handle::{Counts, Series, new_series};
use crate::storage::slot::{self, SLOTS};
use crate::terms::{Ended, Outcome};
use crate::{explore, explore_interrupted_twice};

/// A series whose blocks are there already, as on the steady path: making one would order more than a count does.
fn warm(slots: &[usize]) -> &'static Series {
    let series = Box::leak(Box::new(new_series()));
    for slot in slots {
        slot::enter(*slot);
        // The first makes the block, the second what goes the short way there.
        start_and_end(series);
        start_and_end(series);
    }
    series
}

/// An attempt that ends where it began, if it can: that is how the library runs it.
fn start_and_end(series: &'static Series) {
    if let Some(begun) = series.begin().or_else(|| series.begin_shortly()) {
        begun.end_well();
    } else {
        let _ = series.start();
        series.end(0, Ended::with(Outcome::Success));
    }
}

/// The start of an attempt that ends elsewhere.
fn start(series: &'static Series) {
    if series.begin().is_none() {
        let _ = series.start();
    }
}

/// One reading of everything, as a scrape does it.
fn scrape(series: &'static Series) -> JoinHandle<()> {
    thread::spawn(move || {
        let (mut counts, mut observed) = (Counts::ZERO, [0; 2]);
        series.read(&mut counts, &mut observed);
        let [ended, observed, started] = [counts.success, observed[0], counts.started];
        assert!(ended <= observed, "{ended} ended, {observed} of them observed");
        assert!(observed <= started, "{observed} observed, {started} of them started");
    })
}

fn on_slot(
    slot: usize,
    series: &'static Series,
    work: impl FnOnce(&'static Series) + 'static,
) -> JoinHandle<()> {
    thread::spawn(move || {
        slot::enter(slot);
        work(series);
    })
}

fn join<const N: usize>(threads: [JoinHandle<()>; N]) {
    for thread in threads {
        assert!(thread.join().is_ok());
    }
}

#[test]
fn thread_that_starts_and_ends_is_never_seen_to_end_first() {
    explore(20, || {
        let series = warm(&[0]);
        join([on_slot(0, series, start_and_end), scrape(series)]);
    });
}

#[test]
fn thread_without_a_slot_is_never_seen_to_end_first() {
    explore(20, || {
        let series = warm(&[SLOTS]);
        join([on_slot(SLOTS, series, start_and_end), scrape(series)]);
    });
}

#[test]
fn threads_that_share_a_block_are_never_seen_to_end_first() {
    explore_interrupted_twice(1_000, || {
        let series = warm(&[SLOTS]);
        join([on_slot(SLOTS, series, start_and_end), on_slot(SLOTS, series, start), scrape(series)]);
    });
}

/// An attempt that starts in shared cells and ends in those that its thread has earned meanwhile.
fn earn_cells_between(series: &'static Series) {
    slot::share(1);
    start_and_end(series);
}

#[test]
fn attempt_whose_thread_earns_cells_is_never_seen_to_end_first() {
    explore_interrupted_twice(50, || {
        let series: &'static Series = Box::leak(Box::new(new_series()));
        join([on_slot(0, series, earn_cells_between), scrape(series)]);
    });
    explore_interrupted_twice(20, || {
        let series = warm(&[SLOTS]);
        join([on_slot(0, series, earn_cells_between), scrape(series)]);
    });
}

#[test]
fn attempts_that_share_cells_while_others_earn_them_are_never_seen_to_end_first() {
    explore_interrupted_twice(1_000, || {
        let series = warm(&[SLOTS]);
        join([on_slot(0, series, earn_cells_between), on_slot(SLOTS, series, start), scrape(series)]);
    });
}

/// A task starts on one thread and ends on another, which hears of it through a channel.
fn migrate(series: &'static Series, from: usize, to: usize) {
    let (hand_over, taken_over) = mpsc::channel();
    let starts = on_slot(from, series, move |series| {
        start(series);
        hand_over.send(()).unwrap();
    });
    let ends = on_slot(to, series, move |series| {
        taken_over.recv().unwrap();
        series.end(0, Ended::with(Outcome::Success));
    });
    join([starts, ends, scrape(series)]);
}

#[test]
fn task_that_migrates_is_never_seen_to_end_first() {
    explore(100, || migrate(warm(&[0, 1]), 0, 1));
    explore(100, || migrate(warm(&[1, 0]), 1, 0));
}

#[test]
fn task_that_migrates_to_or_from_a_thread_without_a_slot_is_never_seen_to_end_first() {
    explore(100, || migrate(warm(&[0, SLOTS]), 0, SLOTS));
    explore(100, || migrate(warm(&[0, SLOTS]), SLOTS, 0));
}

#[test]
fn task_that_migrates_between_threads_that_never_counted_is_never_seen_to_end_first() {
    explore_interrupted_twice(100, || migrate(Box::leak(Box::new(new_series())), 0, 1));
    explore_interrupted_twice(100, || migrate(Box::leak(Box::new(new_series())), 1, 0));
}
