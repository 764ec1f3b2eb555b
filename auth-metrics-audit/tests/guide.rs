//! The runs that the guide shows are what the program prints.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;
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
