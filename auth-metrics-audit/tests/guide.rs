//! The runs that the guide shows are what the program prints, and the tables of fields have every key that a line can have.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use auth_metrics::events::Pseudonyms;
use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_audit::{Audit, FileSink, Seal};

const VERIFYING: &str = include_str!("../guide/verifying.md");

/// A folder with the trail of the page, in `audit`, and its seed in `seed`.
struct Written(PathBuf);

impl Drop for Written {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Written {
    fn new(name: &str) -> Written {
        let folder = std::env::temp_dir().join(format!("audit-guide-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let digits = "07".repeat(32);
        fs::write(folder.join("seed"), &digits).unwrap();
        let audit = Audit::builder()
            .pseudonyms(Pseudonyms::with_key("k1", &[7; 32]).unwrap())
            .file(FileSink::new(folder.join("audit")).seal(Seal::ratchet_hex(&digits).unwrap()))
            .build()
            .unwrap();
        let metrics = AuthMetrics::builder()
            .service_id("gateway")
            .observe(audit.clone())
            .poll_events()
            .build()
            .unwrap();
        audit.install(&metrics).unwrap();
        let client = IpAddr::from([203, 0, 113, 7]);
        for _ in 0..5 {
            let attempt = metrics.attempt("login").subject("alice").peer(client);
            attempt.finish(Outcome::Failure(Reason::InvalidCredentials));
        }
        metrics.attempt("login").subject("alice").session("s-1").peer(client).finish(Outcome::Success);
        audit.shutdown(Duration::from_secs(60)).unwrap();
        Written(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("audit/audit-00000000000000000001.jsonl")
    }

    /// What a command of the page prints, in the folder.
    fn run(&self, command: &str) -> Vec<String> {
        let mut words = command.split_whitespace();
        assert_eq!(words.next(), Some("auth-metrics-audit"));
        let mut program = Command::new(env!("CARGO_BIN_EXE_auth-metrics-audit"));
        let out = program.args(words).current_dir(&self.0).output().unwrap();
        String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect()
    }
}

/// The runs of a page: the command after `$ `, and what it prints.
fn runs(page: &str) -> Vec<(&str, Vec<&str>)> {
    let blocks = page.split("```console\n$ ").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks
        .map(|block| block.split_once('\n').unwrap())
        .map(|(run, shown)| (run, shown.lines().collect()))
        .collect()
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

fn assert_shown(written: &Written, (command, shown): &(&str, Vec<&str>)) {
    let printed = written.run(command);
    assert_eq!(printed.len(), shown.len(), "{command}: {printed:#?}");
    for (line, shown) in printed.iter().zip(shown) {
        assert!(is_shown(line, shown), "{command}:\n{line}\nis not\n{shown}");
    }
}

#[test]
fn page_shows_what_the_commands_print() {
    let written = Written::new("whole");
    let runs = runs(VERIFYING);
    assert_eq!(runs.len(), 5);
    runs[..3].iter().for_each(|run| assert_shown(&written, run));

    // The fourth is after an edit, the fifth after a cut.
    let text = fs::read_to_string(written.file()).unwrap();
    fs::write(written.file(), text.replacen("\"login.rejected\"", "\"login.accepted\"", 1)).unwrap();
    assert_shown(&written, &runs[3]);
    let kept: String = text.split_inclusive('\n').take(6).collect();
    fs::write(written.file(), kept).unwrap();
    assert_shown(&written, &runs[4]);
}

/// The keys of a table of `records.md`, of the first column.
fn listed(heading: &str) -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("guide/records.md")).unwrap();
    let section = page.split(heading).nth(1).unwrap().split("\n## ").next().unwrap().to_owned();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.flat_map(|row| {
        let cell = row.split(" |").next().unwrap();
        format!("`{cell}").split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    })
    .collect()
}

/// The keys of a line as paths: `a.b` is `b` in the object `a`, or in an object of the list `a`.
fn keys(value: &serde_json::Value, path: &str, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (key, value) in object {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if !value.is_object()
                    && !value.as_array().is_some_and(|list| list.iter().all(|each| each.is_object()))
                {
                    found.push(path.clone());
                }
                keys(value, &path, found);
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| keys(value, path, found)),
        _ => {}
    }
}

/// The golden lines have every key that a format can write: `golden_lines_have_every_key` in the formats' own tests.
fn written(lines: &str) -> std::collections::BTreeSet<String> {
    let mut found = Vec::new();
    for line in lines.lines() {
        keys(&serde_json::from_str(line).unwrap(), "", &mut found);
    }
    found.into_iter().collect()
}

#[test]
fn page_lists_every_field_of_both_formats() {
    for (heading, lines) in [
        ("## Elastic Common Schema\n", include_str!("../src/format/tests/golden/ecs.jsonl")),
        ("## OCSF\n", include_str!("../src/format/tests/golden/ocsf.jsonl")),
    ] {
        let mut listed = listed(heading);
        listed.sort();
        assert_eq!(listed, written(lines).into_iter().collect::<Vec<_>>(), "{heading}");
    }
}
