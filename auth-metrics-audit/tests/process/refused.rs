//! What a program is told when it starts on a folder that it can't have: a typed error, before the first login.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use auth_metrics_audit::{Audit, Error, FileSink, Line, Seal, Sink};

use crate::world::{Scratch, World, as_nobody, folder_of_process, process, seal, sink};

fn starts(sink: FileSink) -> Result<(), Error> {
    Audit::builder().file(sink).build().map(drop)
}

/// Not a test by itself: others start it as a process, which says how it starts and stays until its input ends.
#[test]
fn program_that_says_how_it_starts() {
    let Some(folder) = folder_of_process() else { return };
    let audit = Audit::builder().file(sink(&folder)).build();
    let said = match &audit {
        Ok(_) => "starts",
        Err(Error::Locked { folder: named }) if *named == folder => "locked",
        Err(Error::Folder { folder: named, .. }) if *named == folder => "folder",
        Err(_) => "another error",
    };
    writeln!(std::io::stdout(), "it says: {said}").unwrap();
    let _ = std::io::stdin().read_line(&mut String::new());
}

fn said(out: impl std::io::Read) -> String {
    let mut lines = BufReader::new(out).lines().map_while(Result::ok);
    let said = lines.find_map(|line| line.split_once("it says: ").map(|(_, said)| said.to_owned()));
    said.unwrap()
}

/// What a process without rights of root says of a folder.
fn nobody_says(folder: &Path) -> String {
    let mut command = process("refused::program_that_says_how_it_starts", folder);
    let output = as_nobody(&mut command).stdin(Stdio::null()).output().unwrap();
    said(&output.stdout[..])
}

#[test]
fn second_process_on_a_folder_is_refused_until_the_first_one_ends() {
    let scratch = Scratch::new();
    let mut command = process("refused::program_that_says_how_it_starts", &scratch.audit());
    let mut first = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    assert_eq!(said(first.stdout.take().unwrap()), "starts");
    assert!(
        matches!(starts(sink(&scratch.audit())), Err(Error::Locked { folder }) if folder == scratch.audit())
    );
    first.kill().unwrap();
    first.wait().unwrap();
    starts(sink(&scratch.audit())).unwrap();
}

#[test]
fn folder_that_may_not_be_made_or_written_is_named() {
    let scratch = Scratch::new();
    fs::set_permissions(&*scratch, PermissionsExt::from_mode(0o555)).unwrap();
    assert_eq!(nobody_says(&scratch.audit()), "folder");
    fs::set_permissions(&*scratch, PermissionsExt::from_mode(0o777)).unwrap();
    assert_eq!(nobody_says(&scratch.audit()), "starts");
}

#[test]
fn trail_that_may_only_be_read_is_named() {
    let scratch = Scratch::new();
    starts(sink(&scratch.audit())).unwrap();
    for entry in fs::read_dir(scratch.audit()).unwrap() {
        fs::set_permissions(entry.unwrap().path(), PermissionsExt::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(scratch.audit(), PermissionsExt::from_mode(0o555)).unwrap();
    assert_eq!(nobody_says(&scratch.audit()), "folder");
}

#[test]
fn folder_of_another_version_is_refused() {
    let scratch = Scratch::new();
    starts(sink(&scratch.audit())).unwrap();
    fs::write(scratch.audit().join("audit.lock"), "auth-metrics-audit 2\n").unwrap();
    assert!(matches!(starts(sink(&scratch.audit())), Err(Error::Unreadable { .. })));
}

#[test]
fn chain_is_not_continued_with_another_seed_or_none() {
    let scratch = Scratch::new();
    starts(sink(&scratch.audit())).unwrap();
    let others = [Seal::chain(), Seal::ratchet(&[12; 32]).unwrap()];
    for other in others {
        let before = crate::world::files(&scratch.audit());
        let refused = starts(FileSink::new(scratch.audit()).seal(other));
        assert!(matches!(refused, Err(Error::Unreadable { .. })));
        assert_eq!(crate::world::files(&scratch.audit()), before);
    }
    assert!(matches!(Seal::ratchet(&[0; 31]), Err(Error::ShortSeed)));
    let unsealed = Scratch::new();
    starts(FileSink::new(unsealed.audit())).unwrap();
    assert!(matches!(starts(FileSink::new(unsealed.audit()).seal(seal())), Err(Error::Unreadable { .. })));
}

#[test]
fn folder_is_free_once_its_trail_is_dropped() {
    let scratch = Scratch::new();
    let held = World::new(sink(&scratch.audit()));
    let refused = Audit::builder().sink(Nothing).file(sink(&scratch.audit())).build();
    assert!(matches!(refused, Err(Error::Locked { .. })));
    drop(held);
    starts(sink(&scratch.audit())).unwrap();
}

struct Nothing;

impl Sink for Nothing {
    fn name(&self) -> &'static str {
        "nothing"
    }

    fn write(&mut self, _line: &Line<'_>) -> std::io::Result<()> {
        Ok(())
    }
}
