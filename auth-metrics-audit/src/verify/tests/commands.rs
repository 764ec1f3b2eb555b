//! The command line over real folders.

use super::*;
use crate::sink::FileSink;
use crate::sink::file_tests::Driven;
use crate::verify::command::{Arguments, run};

/// Runs a command: whether it is proven, and what it printed.
fn command(words: &[&str]) -> Result<(bool, String), String> {
    let arguments =
        Arguments::parse(words.iter().map(|word| (*word).to_owned())).map_err(|error| error.to_string())?;
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    let proven = run(&arguments, &mut out, &mut notes).map_err(|error| error.to_string())?;
    Ok((proven, String::from_utf8(out).unwrap()))
}

fn folder(scratch: &Scratch) -> String {
    let audit = scratch.audit();
    let mut driven = Driven::open(FileSink::new(&audit).seal(crate::Seal::ratchet(&SEED).unwrap())).unwrap();
    for subject in ["alice", "bob", "alice"] {
        driven.attempt(subject).unwrap();
    }
    driven.shut_down();
    audit.to_str().unwrap().to_owned()
}

#[test]
fn verify_says_proven_or_not() {
    let scratch = Scratch::new();
    let folder = folder(&scratch);
    let seed = scratch.join("seed");
    for text in [
        crate::seal::hex::text(&SEED).into_bytes(),
        SEED.to_vec(),
        format!(" {}\n", crate::seal::hex::text(&SEED)).into_bytes(),
    ] {
        fs::write(&seed, text).unwrap();
        let seed = seed.to_str().unwrap();
        let (proven, said) =
            command(&["verify", &folder, "--seed", seed, "--witness", "5", "--from", "1"]).unwrap();
        assert!(proven && said.starts_with("proven: lines 1 to 5 of chain"), "{said}");
        assert!(
            said.contains("seals: each is one of the seed")
                && said.contains("attempts: 3, of them 3 rejected"),
            "{said}"
        );
    }
    let (proven, said) = command(&["verify", &folder, "--witness", "6"]).unwrap();
    assert!(!proven && said.contains("cut off"), "{said}");
    fs::write(&seed, [1; 32]).unwrap();
    let (proven, said) = command(&["verify", &folder, "--seed", seed.to_str().unwrap()]).unwrap();
    assert!(!proven && said.contains("line 1"), "{said}");
}

#[test]
fn digits_that_were_meant_as_bytes_are_a_seed_too() {
    let scratch = Scratch::new();
    let digits = crate::seal::hex::text(&SEED);
    let seal = crate::Seal::ratchet(digits.as_bytes()).unwrap();
    Driven::open(FileSink::new(scratch.audit()).seal(seal)).unwrap().shut_down();
    let seed = scratch.join("seed");
    fs::write(&seed, format!("{digits}\n")).unwrap();
    let (proven, said) =
        command(&["verify", scratch.audit().to_str().unwrap(), "--seed", seed.to_str().unwrap()]).unwrap();
    assert!(proven, "{said}");
}

#[test]
fn show_follows_one_subject() {
    let scratch = Scratch::new();
    let folder = folder(&scratch);
    let (_, said) = command(&["show", &folder, "--subject", "alice"]).unwrap();
    let shown: Vec<&str> = said.lines().skip(1).map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(shown, ["2", "4"], "{said}");
    let (_, all) = command(&["show", &folder]).unwrap();
    assert_eq!(all.lines().count(), 6);
    let key = scratch.join("key");
    fs::write(&key, [7; 32]).unwrap();
    let name = auth_metrics::events::Pseudonyms::with_key("k1", &[7; 32])
        .unwrap()
        .of(auth_metrics::events::Field::Subject, "carol")
        .to_string();
    let mut driven = Driven::open(FileSink::new(&folder).seal(crate::Seal::ratchet(&SEED).unwrap())).unwrap();
    driven.attempt(&name).unwrap();
    let (_, said) =
        command(&["show", &folder, "--subject", "carol", "--key-id", "k1", "--key", key.to_str().unwrap()])
            .unwrap();
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn tail_shows_the_last_lines() {
    let scratch = Scratch::new();
    let (_, said) = command(&["tail", &folder(&scratch), "--lines", "2"]).unwrap();
    let lines: Vec<&str> = said.lines().skip(1).collect();
    assert!(lines.len() == 2 && lines[1].contains("(shutdown)"), "{said}");
}

#[test]
fn fresh_seeds_differ() {
    let (_, one) = command(&["seed"]).unwrap();
    let (_, two) = command(&["seed"]).unwrap();
    assert!(one != two && one.trim().len() == 64 && crate::Seal::ratchet_hex(&one).is_ok());
}

#[test]
fn folder_that_is_none_is_said() {
    assert!(command(&["verify", "/does/not/exist"]).is_err_and(|why| why.contains("/does/not/exist")));
    let scratch = Scratch::new();
    let (proven, said) = command(&["verify", scratch.to_str().unwrap()]).unwrap();
    assert!(!proven && said.contains("there is no line"));
}
