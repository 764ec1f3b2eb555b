//! Folders that were tampered with, and those that were not.

mod attacks;
mod commands;
mod tamper;
mod world;

use super::*;
use crate::sink::FileSink;
use crate::sink::file_tests::{Driven, Scratch};
use std::fs;
use world::{Random, SEED, World};

fn wrong(report: &Report) -> Option<(&str, u64, Wrong)> {
    report.bad.as_ref().map(|bad| (&*bad.file, bad.line, bad.why))
}

#[test]
fn untouched_folder_is_proven() {
    let mut random = Random(1);
    for number in 0..40 {
        let scratch = Scratch::new();
        let world = World::new(&mut random, number % 2 == 0);
        world.write(&scratch);
        let options = VerifyOptions::new().witness(world.last()).from(world.first);
        let options = if world.is_sealed { options.seed(&SEED) } else { options };
        let report = verify(&*scratch, &options).unwrap();
        assert!(report.is_proven(), "{report}");
        assert_eq!((report.first, report.last), (Some(world.first), Some(world.last())));
        assert_eq!((report.is_sealed, report.are_seals_checked), (world.is_sealed, world.is_sealed));
        assert_eq!(report.attempts_total(), report.lines);
        assert_eq!(report.witness, Some((world.last(), true)));
    }
}

#[test]
fn empty_folder_proves_nothing() {
    let scratch = Scratch::new();
    assert!(!verify(&*scratch, &VerifyOptions::new()).unwrap().is_proven());
    fs::write(scratch.join(names::name(500)), "").unwrap();
    let report = verify(&*scratch, &VerifyOptions::new().witness(400)).unwrap();
    assert_eq!((report.is_proven(), report.last, report.witness), (false, None, Some((400, false))));
    assert!(matches!(verify(scratch.join("none"), &VerifyOptions::new()), Err(Error::Read { .. })));
}

#[test]
fn line_at_work_is_no_damage_at_the_end_and_one_before() {
    let scratch = Scratch::new();
    let world = World::new(&mut Random(3), false);
    world.write(&scratch);
    let last = scratch.join(names::name(world.last() + 1));
    fs::write(&last, "{\"half").unwrap();
    let report = verify(&*scratch, &VerifyOptions::new()).unwrap();
    assert_eq!((report.is_proven(), report.torn), (true, 6));
    fs::write(scratch.join(names::name(world.last() + 2)), "").unwrap();
    let report = verify(&*scratch, &VerifyOptions::new()).unwrap();
    assert_eq!(wrong(&report).map(|(_, line, why)| (line, why)), Some((1, Wrong::End)));
}

#[test]
fn wrong_seed_is_found_at_the_first_line() {
    let scratch = Scratch::new();
    World::new(&mut Random(2), true).write(&scratch);
    let report = verify(&*scratch, &VerifyOptions::new().seed(&[1; 32])).unwrap();
    assert_eq!(wrong(&report).map(|(_, line, why)| (line, why)), Some((1, Wrong::Seal)));
    let unsealed = Scratch::new();
    World::new(&mut Random(2), false).write(&unsealed);
    let report = verify(&*unsealed, &VerifyOptions::new().seed(&SEED)).unwrap();
    assert_eq!(
        wrong(&report).map(|(_, line, why)| (line, why)),
        Some((1, Wrong::Seal)),
        "seals were stripped"
    );
}

#[test]
fn endless_line_needs_no_memory() {
    let scratch = Scratch::new();
    fs::write(scratch.join(names::name(1)), vec![b'{'; 3_000_000]).unwrap();
    let report = verify(&*scratch, &VerifyOptions::new()).unwrap();
    assert_eq!(wrong(&report).map(|(_, line, why)| (line, why)), Some((1, Wrong::Shape)));
}

#[test]
fn number_that_would_take_hours_is_refused() {
    let scratch = Scratch::new();
    fs::write(scratch.join(names::name(u64::MAX)), "x\n").unwrap();
    let report = verify(&*scratch, &VerifyOptions::new().seed(&SEED)).unwrap();
    assert_eq!(wrong(&report).map(|(_, line, why)| (line, why)), Some((0, Wrong::Name)));
}

#[test]
fn gaps_and_unclean_ends_are_counted() {
    let mut report = Report::of(1);
    let own = |name: &str| {
        format!(r#"{{"event.code":"audit.{name}","auth.kind":"audit","auth.attempts":3,"auth.steps":2}}"#)
    };
    for name in ["boot", "gap", "shutdown", "rotated", "boot", "boot", "recovered", "reopened", "gap"] {
        report.count(own(name).as_bytes());
    }
    assert_eq!((report.boots, report.unclean, report.gaps, report.dropped), (3, 1, 2, 10));
    assert_eq!((report.recovered, report.reopened), (1, 1));
    for (kind, outcome) in
        [("token", "success"), ("credential", "success"), ("decision", "x"), ("authentication", "success")]
    {
        report.count(format!(r#"{{"auth.kind":"{kind}","auth.outcome":"{outcome}"}}"#).as_bytes());
    }
    report.count(b"no JSON");
    assert_eq!(
        (report.attempts.get("success"), report.steps, report.decisions, report.unknown),
        (Some(&2), 1, 1, 1)
    );
}

#[test]
fn debug_shows_no_seed() {
    let shown = format!("{:?}", VerifyOptions::new().seed(&[0xab; 32]).witness(7));
    assert_eq!(shown, "VerifyOptions { seed: Some(\"..\"), witness: Some(7), from: None, .. }");
}

/// Whoever cuts the end and lets the process itself go on has every seal right, and soon as many lines as before.
#[test]
fn chain_that_was_cut_and_went_on_is_found_by_the_hash_of_a_line() {
    let scratch = Scratch::new();
    let open =
        || Driven::open(FileSink::new(scratch.audit()).seal(crate::Seal::ratchet(&SEED).unwrap())).unwrap();
    let mut driven = open();
    driven.attempts(10);
    let seen = driven.lines.chain.tail();
    let hash = crate::seal::hex::text(&seen.hash);
    drop(driven);
    let file = scratch.audit().join(names::name(1));
    let text = fs::read_to_string(&file).unwrap();
    let cut: Vec<_> = text.split_inclusive('\n').take(6).collect();
    fs::write(&file, cut.concat()).unwrap();
    let mut driven = open();
    driven.attempts(10);
    drop(driven);
    let options = || VerifyOptions::new().seed(&SEED).from(1);
    assert!(
        verify(scratch.audit(), &options().witness(seen.sequence)).unwrap().is_proven(),
        "a number is not enough"
    );
    let report = verify(scratch.audit(), &options().witness_line(seen.sequence, &hash).unwrap()).unwrap();
    assert_eq!(wrong(&report).map(|(_, line, why)| (line, why)), Some((seen.sequence, Wrong::Witness)));
    let fallen = VerifyOptions { falls: 1, ..options().witness(seen.sequence) };
    assert!(!verify(scratch.audit(), &fallen).unwrap().is_proven());
}

#[test]
fn pipe_with_the_name_of_a_file_is_an_error() {
    let scratch = Scratch::new();
    let pipe = scratch.join(names::name(1));
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    assert!(matches!(verify(&*scratch, &VerifyOptions::new()), Err(Error::Read { .. })));
    assert!(matches!(Driven::open(FileSink::new(&*scratch)), Err(Error::Folder { .. })));
}
