//! New files by day and by size, and the oldest ones.

use super::*;
use crate::record::RotateCause;
use crate::sink::file::{Rotate, Sync};
use std::cell::Cell;
use std::time::{Duration, SystemTime};

thread_local! {
    /// Days after today.
    static DAY: Cell<u64> = const { Cell::new(0) };
}

fn clock() -> SystemTime {
    SystemTime::now() + Duration::from_secs(86_400 * DAY.get())
}

fn on(day: u64) {
    DAY.set(day);
}

fn open(scratch: &Scratch, rotate: Rotate, keep: usize) -> Driven {
    let mut driven = Driven::open(FileSink::new(scratch.audit()).rotate(rotate).keep(keep)).unwrap();
    driven.sink.trail.as_mut().unwrap().set_clock(clock);
    driven
}

fn lines(folder: &Path, first: u64) -> usize {
    fs::read_to_string(folder.join(name(first))).unwrap().lines().count()
}

#[test]
fn each_day_has_a_file() {
    let scratch = Scratch::new();
    let mut driven = open(&scratch, Rotate::daily(), 9);
    for day in 0..3 {
        on(day);
        driven.attempts(3);
    }
    let before = name(1);
    assert_eq!(driven.told.first(), Some(&Own::Rotated { cause: RotateCause::Day, before }));
    // boot and 3 attempts; rotated and 3 attempts.
    assert_eq!(names(&scratch.audit()), [name(1), name(5), name(9)]);
    assert_eq!(lines(&scratch.audit(), 5), 4);
    assert_eq!(proven(&scratch.audit()).attempts_total(), 9);
}

#[test]
fn clock_that_jumps_makes_no_storm_of_files() {
    let scratch = Scratch::new();
    let mut driven = open(&scratch, Rotate::daily(), 99);
    for day in [5, 0, 5, 3, 4, 0, 1, 5, 2, 6, 0] {
        on(day);
        driven.attempts(2);
    }
    assert_eq!(driven.told.len(), 2, "days 5 and 6");
    assert_eq!(names(&scratch.audit()).len(), 3);
    proven(&scratch.audit());
}

#[test]
fn file_of_an_earlier_day_by_the_clock_is_still_of_the_later_one() {
    let scratch = Scratch::new();
    let mut driven = open(&scratch, Rotate::daily().or_bytes(1000), 99);
    on(5);
    driven.attempts(1);
    on(0);
    driven.attempts(3);
    on(5);
    driven.attempts(3);
    let days = driven.told.iter().filter(|own| matches!(own, Own::Rotated { cause: RotateCause::Day, .. }));
    assert_eq!((days.count(), driven.told.len() > 2), (1, true));
}

#[test]
fn restart_on_a_later_day_begins_a_file() {
    let scratch = Scratch::new();
    open(&scratch, Rotate::daily(), 9).shut_down();
    let mut driven = open(&scratch, Rotate::daily(), 9);
    driven.attempts(1);
    assert_eq!(names(&scratch.audit()).len(), 1);
    on(1);
    driven.attempts(1);
    assert_eq!(names(&scratch.audit()).len(), 2);
    let report = proven(&scratch.audit());
    assert_eq!((report.boots, report.unclean), (2, 0));
}

#[test]
fn files_have_at_most_their_bytes() {
    let scratch = Scratch::new();
    let mut driven = open(&scratch, Rotate::bytes(2000), 99);
    driven.attempts(40);
    let folder = scratch.audit();
    let sizes: Vec<u64> =
        names(&folder).iter().map(|name| fs::metadata(folder.join(name)).unwrap().len()).collect();
    assert!(sizes.len() > 5 && sizes.iter().all(|size| *size <= 2000), "{sizes:?}");
    assert!(driven.told.iter().all(|own| matches!(own, Own::Rotated { cause: RotateCause::Bytes, .. })));
    assert_eq!(proven(&folder).attempts_total(), 40);
}

#[test]
fn rotation_to_less_than_a_line_ends() {
    let scratch = Scratch::new();
    let mut driven = open(&scratch, Rotate::bytes(1), 99);
    driven.attempts(5);
    assert_eq!(names(&scratch.audit()).len(), 6);
    proven(&scratch.audit());
}

#[test]
fn only_the_oldest_files_are_deleted() {
    let scratch = Scratch::new();
    let mut driven = open(&scratch, Rotate::bytes(1), 3);
    fs::write(scratch.audit().join("audit-00000000000000000001.torn"), "x").unwrap();
    fs::write(scratch.audit().join("notes.txt"), "x").unwrap();
    driven.attempts(6);
    driven.sync();
    let left = names(&scratch.audit());
    assert_eq!(left.len(), 3);
    assert!(scratch.audit().join("audit-00000000000000000001.torn").exists());
    assert!(scratch.audit().join("notes.txt").exists());
    let report = proven(&scratch.audit());
    // boot, then rotated and an attempt in each file.
    assert_eq!((report.first, report.last), (Some(8), Some(13)));
    assert!(!verify(scratch.audit(), &VerifyOptions::new().from(1)).unwrap().is_proven());
    assert!(report.to_string().contains("before 8 are gone"), "{report}");
}

#[test]
fn old_file_stays_until_the_new_one_has_a_safe_line() {
    let scratch = Scratch::new();
    let mut driven = open(&scratch, Rotate::bytes(1), 1);
    driven.sync();
    assert!(driven.sink.prepare(1).unwrap().is_some());
    driven.sync();
    assert_eq!(names(&scratch.audit()), [name(1), name(2)], "a crash here would lose the chain");
    drop(driven);
    let mut driven = open(&scratch, Rotate::bytes(9999), 1);
    driven.sync();
    assert_eq!(names(&scratch.audit()), [name(2)]);
    driven.attempts(1);
    proven(&scratch.audit());
}

#[test]
fn lines_are_synced_when_it_is_due() {
    let scratch = Scratch::new();
    let within = Duration::from_secs(50);
    for (sync, is_due) in [(Sync::Within(within), true), (Sync::Never, false)] {
        let mut driven = Driven::open(FileSink::new(scratch.audit()).sync(sync)).unwrap();
        driven.attempts(2);
        let just_before = within.checked_sub(Duration::from_nanos(1)).unwrap();
        let since = driven.sink.trail.as_ref().unwrap().unsynced.unwrap();
        let unsynced = |driven: &Driven| driven.sink.trail.as_ref().unwrap().unsynced.is_some();
        assert_eq!(driven.sink.due(), is_due.then(|| since + within), "the thread sleeps until then");
        Output::sync(&mut driven.sink, since + just_before, false).unwrap();
        assert!(unsynced(&driven));
        Output::sync(&mut driven.sink, since + within, false).unwrap();
        assert_eq!(unsynced(&driven), !is_due);
        driven.attempts(1);
        driven.sync();
        assert!(!unsynced(&driven), "it was asked for at once");
        assert_eq!(driven.sink.due(), None);
    }
}
