//! Writers that are killed, with `SIGKILL`, at any moment.

use super::*;
use crate::seal::Seal;
use crate::sink::file::{Rotate, Sync};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "AUTH_METRICS_AUDIT_TEST_FOLDER";

fn sink(folder: &Path) -> FileSink {
    FileSink::new(folder)
        .seal(Seal::ratchet(&[3; 32]).unwrap())
        .rotate(Rotate::bytes(20_000))
        .sync(Sync::Within(Duration::from_millis(5)))
}

/// Writes until it is killed, and says how far it is after each line.
#[test]
#[ignore = "is the process that another test kills"]
fn writer_that_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut driven = Driven::open(sink(Path::new(&folder))).unwrap();
    let mut out = std::io::stdout().lock();
    loop {
        driven.attempt("someone").unwrap();
        Output::sync(&mut driven.sink, Instant::now(), false).unwrap();
        writeln!(out, "\nat {}", driven.lines.chain.tail().sequence).unwrap();
        out.flush().unwrap();
    }
}

/// Runs the writer and kills it after so many lines. Returns the last line that it was heard to have written.
fn kill_after(folder: &Path, lines: usize) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "sink::file::tests::killed::writer_that_is_killed"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let told = out.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("at ")?.parse().ok());
    let last = told.take(lines).last().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    last
}

fn kills(count: u64) {
    let scratch = Scratch::new();
    let mut last = 0;
    for number in 0..count {
        let lines = usize::try_from(1 + number * 37 % 101).unwrap();
        last = kill_after(&scratch.audit(), lines).max(last);
        let options = VerifyOptions::new().seed(&[3; 32]).witness(last).from(1);
        let left = verify(scratch.audit(), &options).unwrap();
        assert!(left.is_proven(), "after kill {number}: {left}");
        Driven::open(sink(&scratch.audit())).unwrap();
        let report = verify(scratch.audit(), &options).unwrap();
        assert!(report.is_proven() && report.torn == 0, "after restart {number}: {report}");
        // The restart that was just made, and each writer.
        assert_eq!((report.boots, report.unclean), (2 * number + 2, 2 * number + 1));
        assert_eq!(report.lines, report.last.unwrap(), "the sequence is dense");
    }
}

#[test]
fn no_line_is_lost_when_a_writer_is_killed() {
    kills(10);
}

#[test]
#[ignore = "kills 200 processes"]
fn no_line_is_lost_in_200_kills() {
    kills(200);
}
