//! Thousands of mutations: what is found, and that another implementation agrees.

use super::attacks::{KINDS, REWRITES, mutate};
use super::world::{Random, World};
use super::*;
use std::path::PathBuf;
use std::process::Command;

/// One mutated folder, and what was found.
struct Case {
    kind: &'static str,
    is_inner: bool,
    /// What Python has to say of it.
    verdict: String,
    is_found: bool,
}

/// Makes a mutation, writes it, and verifies it: with the seed and the witness if it is sealed.
fn case(number: usize, is_sealed: bool, random: &mut Random, folder: &Path) -> (Case, World) {
    let world = World::new(random, is_sealed);
    let kind = number % KINDS.len();
    let mutated = mutate(&world, kind, random);
    let bytes =
        |world: &World| world.files.iter().map(|file| (file.first, file.lines.concat())).collect::<Vec<_>>();
    assert!(bytes(&world) != bytes(&mutated), "{}: nothing was changed", KINDS[kind]);
    mutated.write(folder);
    let report = verify(folder, &options(&world)).unwrap();
    let case = Case {
        kind: KINDS[kind],
        is_inner: world.keeps_its_ends(&mutated),
        verdict: verdict(&report),
        is_found: !report.is_proven(),
    };
    (case, world)
}

fn options(world: &World) -> VerifyOptions {
    if world.is_sealed {
        VerifyOptions::new().seed(&SEED).witness(world.last()).from(world.first)
    } else {
        VerifyOptions::new()
    }
}

/// What Python prints.
fn verdict(report: &Report) -> String {
    let Some(bad) = &report.bad else {
        return match (report.first, report.last) {
            (Some(first), Some(last)) if report.is_proven() => format!("ok {first} {last}"),
            _ if report.lines == 0 => "bad - 0 empty".to_owned(),
            _ => "bad - 0 witness".to_owned(),
        };
    };
    let why = match bad.why {
        Wrong::Name => "name",
        Wrong::Shape => "shape",
        Wrong::Hash => "hash",
        Wrong::Chain => "chain",
        Wrong::Sequence => "sequence",
        Wrong::Prev => "prev",
        Wrong::Seal => "seal",
        Wrong::End => "end",
        Wrong::Witness => "witness",
    };
    format!("bad {} {} {why}", bad.file, bad.line)
}

/// Checks that what must be found was found.
fn check(cases: &[Case], is_sealed: bool) {
    for case in cases {
        let must = is_sealed || case.is_inner;
        assert!(case.is_found || !must, "not found: {}, sealed: {is_sealed}", case.kind);
    }
    for kind in KINDS {
        let is_found = cases.iter().any(|case| case.kind == kind && case.is_found);
        if is_sealed {
            assert!(is_found, "{kind}");
        } else if REWRITES.contains(&kind) {
            // A chain that was computed anew to its end is a chain. That is what the seal is for.
            assert!(!is_found, "{kind}");
        }
    }
    assert!(
        cases.iter().filter(|case| case.is_inner).count() * 3 > cases.len(),
        "too few of them are inner ones"
    );
}

#[test]
fn mutations_inside_a_chain_are_found() {
    let mut random = Random(11);
    let cases: Vec<Case> =
        (0..600).map(|number| case(number, false, &mut random, &Scratch::new()).0).collect();
    check(&cases, false);
}

#[test]
fn all_mutations_are_found_with_seed_and_witness() {
    let mut random = Random(12);
    let cases: Vec<Case> =
        (0..480).map(|number| case(number, true, &mut random, &Scratch::new()).0).collect();
    check(&cases, true);
}

#[test]
fn each_protection_finds_what_the_others_do_not() {
    let mut random = Random(13);
    let (mut by_seed, mut by_witness) = (0, 0);
    for number in 0..240 {
        let scratch = Scratch::new();
        let (_, world) = case(number, true, &mut random, &scratch);
        let proven = |options: VerifyOptions| verify(&*scratch, &options).unwrap().is_proven();
        let (last, first) = (world.last(), world.first);
        by_seed += usize::from(proven(VerifyOptions::new().witness(last).from(first)));
        by_witness += usize::from(proven(VerifyOptions::new().seed(&SEED)));
    }
    assert!(by_seed > 12, "only the seed finds rewritten ends: {by_seed}");
    assert!(by_witness > 12, "only the witness finds cut ends: {by_witness}");
}

/// `cargo test -p auth-metrics-audit --release python -- --ignored`: 24,000 mutations, and some folders without any.
#[test]
#[ignore = "needs python3, and takes minutes without --release"]
fn python_agrees_on_each_mutation() {
    for is_sealed in [false, true] {
        let mut random = Random(14);
        for batch in 0..24 {
            let scratch = Scratch::new();
            let mut cases = Vec::new();
            let mut commands = Vec::new();
            for number in 0..500 {
                let folder = scratch.join(number.to_string());
                fs::create_dir(&folder).unwrap();
                let (case, world) = case(batch * 500 + number, is_sealed, &mut random, &folder);
                cases.push(case);
                commands.push((folder, world));
            }
            for (case, said) in cases.iter().zip(python(&commands)) {
                assert_eq!(said, case.verdict, "{}", case.kind);
            }
            check(&cases, is_sealed);
        }
        let scratch = Scratch::new();
        let world = World::new(&mut random, is_sealed);
        world.write(&scratch);
        let said = python(&[(scratch.to_owned(), world.clone())]);
        assert_eq!(said, [format!("ok {} {}", world.first, world.last())]);
    }
}

/// Runs the other implementation over many folders at once.
fn python(folders: &[(PathBuf, World)]) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify.py");
    let mut command = Command::new("python3");
    command.arg(script);
    for (folder, world) in folders {
        if world.is_sealed {
            let numbers = [world.last(), world.first].map(|number| number.to_string());
            command.args([
                "--seed",
                &crate::seal::hex::text(&SEED),
                "--witness",
                &numbers[0],
                "--from",
                &numbers[1],
            ]);
        }
        command.arg(folder);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn renamed_file_is_found() {
    for place in 0..2 {
        let scratch = Scratch::new();
        let mut random = Random(5);
        let mut world = World::new(&mut random, false);
        while world.files.len() < 3 {
            world = World::new(&mut random, false);
        }
        world.files[place].first += 1;
        world.write(&scratch);
        let report = verify(&*scratch, &VerifyOptions::new()).unwrap();
        let why = report.bad.map(|bad| (bad.line, bad.why));
        assert_eq!(why, Some([(1, Wrong::Sequence), (0, Wrong::Name)][place]));
    }
}

#[test]
fn first_line_continues_nothing() {
    let scratch = Scratch::new();
    let tail = Some(crate::seal::Tail { sequence: 0, hash: [1; 32] });
    let mut lines = crate::seal::lines::Lines::new(crate::Format::Ecs, crate::Seal::chain(), tail);
    fs::write(scratch.join(names::name(1)), lines.next("alice")).unwrap();
    let report = verify(&*scratch, &VerifyOptions::new()).unwrap();
    assert_eq!(report.bad.map(|bad| (bad.line, bad.why)), Some((1, Wrong::Prev)));
}
