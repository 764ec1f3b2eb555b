//! The program `auth-metrics-replay`: its exit status, its streams.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

const HEADER: &str = "t,source,subject,operation,outcome,reason\n";
const GOOD: &str = "1,192.0.2.1,alice,login,success,\n";

fn replay(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-metrics-replay"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn texts(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn good_log_ends_with_its_summary() {
    let (status, out, errors) = texts(&replay(&["-"], &[HEADER, GOOD].concat()));
    assert_eq!((status, errors.as_str()), (Some(0), ""));
    assert!(out.starts_with("{\"summary\":{\"events\":1,\"malformed\":0,") && out.ends_with("}}\n"), "{out}");
}

#[test]
fn malformed_log_is_read_to_its_end() {
    let (status, out, errors) = texts(&replay(&["-"], &[HEADER, "?\n", GOOD].concat()));
    assert_eq!(status, Some(1));
    assert!(out.contains("\"events\":1,\"malformed\":1,"), "{out}");
    assert_eq!(errors, "line 2: skipped: it has 1 of 6 columns\n");
}

#[test]
fn wrong_use_says_what_to_do() {
    for (arguments, input, said) in [
        (&["--fast"][..], "", "unknown option `--fast`"),
        (&[], "", "write `-` for standard input"),
        (&["no such file.csv"], "", "name a CSV file"),
        (&["-"], "", "begin it with the header"),
        (&["-"], GOOD, "no column `t`"),
        (&["--memory", "1", "-"], HEADER, "262,144"),
    ] {
        let (status, out, errors) = texts(&replay(arguments, input));
        assert_eq!((status, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(errors.contains(said) && errors.lines().count() == 1, "{errors}");
    }
}

#[test]
fn help_is_printed() {
    let (status, out, _) = texts(&replay(&["--help"], ""));
    assert!(status == Some(0) && out.contains("--half-life HOURS"), "{out}");
}

#[test]
fn reader_that_closes_the_output_is_no_error() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-metrics-replay"));
    command.args(["--assess", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let _ = child.stdin.take().unwrap().write_all([HEADER, GOOD].concat().as_bytes());
    let (status, _, errors) = texts(&child.wait_with_output().unwrap());
    assert_eq!((status, errors.as_str()), (Some(0), ""));
}
