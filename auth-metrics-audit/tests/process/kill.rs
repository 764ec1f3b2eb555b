//! `kill -9` at any moment: what a flush said is safe is there, the chain goes on, and the next start says what happened.

use std::collections::VecDeque;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use auth_metrics_audit::verify::VerifyOptions;
use serde_json::Value;

use crate::world::{Scratch, World, checked, files, folder_of_process, process, sink};

/// So many attempts are flushed together.
const PART: u64 = 100;

/// Not a test by itself: others start it as a process, and kill it.
#[test]
fn program_that_logs_until_it_is_killed() {
    let Some(folder) = folder_of_process() else { return };
    let mut world = World::new(sink(&folder).keep(8));
    let mut out = std::io::stdout();
    loop {
        world.ends(PART);
        writeln!(out, "ended {}", world.ended).unwrap();
        world.flush();
        writeln!(out, "flushed {}", world.ended).unwrap();
    }
}

/// A generator of numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// What a process said before it was killed: how many attempts were flushed.
fn killed(folder: &Path, dice: &mut Dice) -> u64 {
    let mut command = process("kill::program_that_logs_until_it_is_killed", folder);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut flushed = 0;
    let mut hear = |line: &str| {
        if let Some((_, number)) = line.split_once("flushed ") {
            flushed = number.parse().unwrap();
        }
    };
    // Some die while they start, others within or between parts.
    for _ in 0..dice.below(14) {
        hear(&said.next().unwrap().unwrap());
    }
    thread::sleep(Duration::from_micros(dice.below(8_000)));
    child.kill().unwrap();
    child.wait().unwrap();
    // What it said until then.
    said.map_while(Result::ok).for_each(|line| hear(&line));
    flushed
}

/// The lines after a sequence, as far as they are whole.
fn lines_after(folder: &Path, sequence: u64) -> Vec<Value> {
    let texts = files(folder).into_iter().map(|file| fs::read_to_string(file).unwrap());
    let lines: VecDeque<Value> = texts
        .flat_map(|text| {
            text.split_inclusive('\n')
                .filter(|line| line.ends_with('\n'))
                .filter_map(|line| serde_json::from_str(line).ok())
                .collect::<Vec<Value>>()
        })
        .collect();
    lines.into_iter().filter(|line| line["event.sequence"].as_u64().unwrap() > sequence).collect()
}

/// Attempts of a run, each in its order: a line, or told in a gap.
fn attempts(lines: &[Value]) -> u64 {
    let mut next = 0;
    for line in lines {
        match line["event.action"].as_str() {
            Some("gap") => next += line["auth.attempts"].as_u64().unwrap(),
            Some("login") => {
                assert_eq!(line["auth.resource"], next.to_string(), "a line is missing within the chain");
                next += 1;
            }
            _ => {}
        }
    }
    next
}

fn kills(times: u64) {
    let scratch = Scratch::new();
    let folder = scratch.audit();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut last, mut torn, mut lost_runs) = (0, false, 0);
    for run in 0..times {
        let flushed = killed(&folder, &mut dice);
        if !folder.exists() || files(&folder).is_empty() {
            continue;
        }
        let lines = lines_after(&folder, last);
        assert!(lines.iter().zip(last + 1..).all(|(line, next)| line["event.sequence"] == next), "run {run}");
        let written = attempts(&lines);
        // What was flushed is there, and beyond it no more than the part that was on its way.
        assert!((flushed..=flushed + 2 * PART).contains(&written), "run {run}: {written} of {flushed}");
        lost_runs += u64::from(written > flushed);
        if let Some(boot) = lines.iter().find(|line| line["event.action"] == "boot") {
            let is_first = boot["event.sequence"] == 1;
            let clean = if is_first { Value::Null } else { Value::Bool(false) };
            assert_eq!(
                (&boot["auth.clean"], &boot["auth.sealed"]),
                (&clean, &Value::Bool(true)),
                "run {run}"
            );
            let is_told = lines.iter().any(|line| line["event.action"] == "recovered");
            assert!(!torn || is_told, "run {run}: a torn tail was not told");
            torn = false;
        } else {
            // It died before its first line, maybe after the torn tail was moved away.
            assert!(lines.is_empty() && flushed == 0, "run {run}");
            torn = false;
        }
        last += lines.len() as u64;
        checked(&folder, VerifyOptions::new().witness(last));
        if last > 0 && dice.below(3) == 0 {
            // As a machine that lost its power would leave it.
            let file = files(&folder).pop().unwrap();
            let half = vec![b'x'; usize::try_from(dice.below(3_000)).unwrap() + 1];
            OpenOptions::new().append(true).open(file).unwrap().write_all(&half).unwrap();
            torn = true;
        }
    }
    assert!(last > 0 && lost_runs > 0, "no process was killed at its work");
    let mut world = World::new(sink(&folder));
    world.ends(5);
    world.audit.shutdown(crate::world::LONG).unwrap();
    let lines = lines_after(&folder, last);
    let shutdown = lines.last().unwrap();
    assert_eq!(shutdown["event.action"], "shutdown");
    for key in ["auth.started", "auth.ended", "auth.captured", "auth.written"] {
        assert_eq!(shutdown[key], 5, "{key}");
    }
    checked(&folder, VerifyOptions::new().witness(last + lines.len() as u64));
}

#[test]
fn killed_process_loses_nothing_that_was_flushed() {
    kills(20);
}

/// `cargo test --release -p auth-metrics-audit --test process -- --ignored`
#[test]
#[ignore = "kills 200 processes: run by ./check"]
fn process_that_is_killed_two_hundred_times_loses_nothing_that_was_flushed() {
    kills(200);
}
