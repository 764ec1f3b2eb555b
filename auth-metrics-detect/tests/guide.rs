//! The run that the guide shows is what the program prints.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use auth_metrics_detect::Engine;

const PAGE: &str = include_str!("../guide/tuning.md");

/// The blocks of a language, in their order.
fn blocks(language: &str) -> Vec<&'static str> {
    let begin = format!("```{language}\n");
    PAGE.split(begin.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

fn replay(arguments: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-metrics-replay"));
    command.args(arguments).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(blocks("csv")[0].as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap().stdout;
    String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
}

/// Whether a line is the one that the page shows, which leaves something out at each `…`.
fn is_shown(line: &str, shown: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap()) else { return false };
    parts.all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

#[test]
fn page_shows_what_a_run_prints() {
    let printed = replay(&[]);
    let shown: Vec<&str> = blocks("text")[0].lines().collect();
    assert_eq!(printed.len(), shown.len(), "{printed:#?}");
    for (line, shown) in printed.iter().zip(shown) {
        assert!(is_shown(line, shown), "{line}\nis not\n{shown}");
    }
}

#[test]
fn page_shows_what_assess_prints() {
    let printed = replay(&["--assess"]);
    for shown in blocks("text")[1].lines() {
        assert!(printed.iter().any(|line| is_shown(line, shown)), "no line is {shown}: {printed:#?}");
    }
}

#[test]
fn memory_is_what_the_page_says() {
    let table = PAGE.split("| `memory` |").nth(1).unwrap().split("\n\n").next().unwrap();
    let kib = |cell: &str| {
        let mut words = cell.split_whitespace();
        let number: usize = words.next().unwrap().replace(',', "").parse().unwrap();
        if words.next() == Some("MiB") { number << 10 } else { number }
    };
    for row in table.lines().skip(2) {
        let [memory, holds, snapshot] = [1, 2, 3].map(|cell| kib(row.split('|').nth(cell).unwrap()));
        let engine = Engine::builder().memory(memory << 10).build().unwrap();
        let sizes = [engine.bytes(), engine.snapshot().len()];
        let is_told = |(bytes, kib): (usize, usize)| bytes.div_ceil(1024).abs_diff(kib) <= 1;
        assert!(sizes.into_iter().zip([holds, snapshot]).all(is_told), "{memory} KiB: {sizes:?}");
    }
}
