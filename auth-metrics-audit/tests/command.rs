//! The program `auth-metrics-audit`, as a user runs it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sha2::{Digest, Sha256};

/// A folder with a trail that is written by hand, as its documentation says.
struct Trail {
    folder: PathBuf,
    sequence: u64,
    prev: String,
}

impl Trail {
    fn new(name: &str) -> Trail {
        let folder =
            std::env::temp_dir().join(format!("auth-metrics-audit-command-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Trail { folder, sequence: 0, prev: "0".repeat(64) }
    }

    fn line(&mut self, subject: &str) -> String {
        self.sequence += 1;
        let body = format!(
            r#"{{"event.action":"login","auth.kind":"authentication","auth.outcome":"success","user.id":"{subject}","auth.chain":"0123456789abcdef","event.sequence":{},"auth.prev":"{}""#,
            self.sequence, self.prev
        );
        self.prev = Sha256::digest(&body).iter().fold(String::new(), |mut hash, byte| {
            write!(hash, "{byte:02x}").unwrap();
            hash
        });
        format!("{body},\"event.hash\":\"{}\"}}\n", self.prev)
    }

    /// Appends to the file that begins with this line.
    fn append(&mut self, first: u64, text: &str) {
        let path = self.folder.join(format!("audit-{first:020}.jsonl"));
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn write(&mut self, first: u64, subject: &str) {
        let line = self.line(subject);
        self.append(first, &line);
    }
}

impl Drop for Trail {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_auth-metrics-audit"))
}

fn run(command: &str, folder: &Path, rest: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = program().arg(command).arg(folder).args(rest).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn exit_code_says_what_was_found() {
    let mut trail = Trail::new("codes");
    (0..5).for_each(|_| trail.write(1, "alice"));
    assert_eq!(run("verify", &trail.folder, &["--witness", "5"]).0, Some(0));
    let (code, said, _) = run("verify", &trail.folder, &["--witness", "6"]);
    assert!(code == Some(1) && said.contains("cut off"), "{said}");
    let (code, _, why) = run("verify", &trail.folder, &["--witness", "https://prometheus"]);
    assert!(code == Some(2) && why.contains("curl"), "{why}");
    let (code, _, why) = run("prove", &trail.folder, &[]);
    assert!(code == Some(2) && why.contains("--help"), "{why}");
    let (code, _, why) = run("verify", &trail.folder.join("none"), &[]);
    assert!(code == Some(2) && why.contains("can't be read"), "{why}");
    let help = program().arg("--help").output().unwrap();
    assert!(help.status.success() && help.stdout.starts_with(b"Reads and proves"));
}

#[test]
fn edited_line_is_named() {
    let mut trail = Trail::new("edited");
    trail.write(1, "alice");
    let edited = trail.line("alice").replace("alice", "bobby");
    trail.append(1, &edited);
    let (code, said, _) = run("verify", &trail.folder, &[]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("NOT PROVEN: audit-00000000000000000001.jsonl, line 2: its hash"), "{said}");
}

#[test]
fn reader_that_goes_away_is_no_failure() {
    let mut trail = Trail::new("pipe");
    let lines: String = (0..5000).map(|_| trail.line("alice")).collect();
    trail.append(1, &lines);
    let mut child = program()
        .arg("show")
        .arg(&trail.folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(first.starts_with("SEQUENCE"));
}

#[test]
fn tail_follows_into_the_next_file() {
    let mut trail = Trail::new("follow");
    trail.write(1, "line-1");
    let mut child =
        program().arg("tail").arg(&trail.folder).arg("--follow").stdout(Stdio::piped()).spawn().unwrap();
    let mut shown = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut expect = |subject: &str| {
        let line = shown.next().unwrap();
        assert!(line.contains(subject), "{line} is not {subject}");
    };
    expect("SUBJECT");
    expect("line-1");
    trail.write(1, "line-2");
    expect("line-2");
    let line = trail.line("line-3");
    let (half, rest) = line.split_at(40);
    trail.append(1, half);
    trail.append(1, rest);
    expect("line-3");
    trail.write(1, "line-4");
    trail.write(5, "line-5");
    trail.write(6, "line-6");
    ["line-4", "line-5", "line-6"].into_iter().for_each(&mut expect);
    child.kill().unwrap();
    child.wait().unwrap();
}
