//! Files that somebody takes away from under a program at work.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use auth_metrics_audit::verify::{VerifyOptions, verify};

use crate::world::{
    SEED, Scratch, World, as_nobody, checked, files, folder_of_process, is_root, process, sink, until,
};

/// What is done to a file; the second path is elsewhere.
type Attack = fn(&Path, &Path);

fn file(folder: &Path) -> std::path::PathBuf {
    files(folder).pop().unwrap()
}

/// Attempts before and after the attack, which is told, counted and survived. Returns the text of the last file.
fn survives(scratch: &Scratch, attack: Attack) -> String {
    let folder = scratch.audit();
    let mut world = World::new(sink(&folder));
    world.ends(10);
    world.flush();
    attack(&file(&folder), &scratch.join("elsewhere"));
    until(|| world.faults("replaced") == 1);
    world.ends(10);
    world.flush();
    assert!(world.audit.is_writable());
    world.audit.shutdown(crate::world::LONG).unwrap();
    assert_eq!(world.faults("replaced"), 1);
    assert_eq!(world.count("auth_audit_events_total", &[("result", "written")]), 20);
    let text = fs::read_to_string(file(&folder)).unwrap();
    assert_eq!(text.lines().filter(|line| line.contains("\"audit.reopened\"")).count(), 1);
    assert!(text.lines().next().unwrap().contains("\"audit.reopened\""), "it is not told first");
    assert_eq!(text.lines().filter(|line| line.contains("\"login.success\"")).count(), 10);
    text
}

/// The file that was taken away and the new one are one chain.
fn is_unbroken(scratch: &Scratch, taken: &Path) {
    let folder = scratch.audit();
    fs::rename(taken, folder.join("audit-00000000000000000001.jsonl")).unwrap();
    let report = checked(&folder, VerifyOptions::new().from(1));
    assert_eq!((report.attempts_total(), report.reopened, report.gaps), (20, 1, 0));
}

#[test]
fn renamed_file_and_the_new_one_are_one_chain() {
    let scratch = Scratch::new();
    let text = survives(&scratch, |file, elsewhere| fs::rename(file, elsewhere).unwrap());
    assert!(text.contains("\"auth.cause\":\"gone\""));
    is_unbroken(&scratch, &scratch.join("elsewhere"));
}

#[test]
fn exchanged_file_and_the_new_one_are_one_chain() {
    let scratch = Scratch::new();
    let text = survives(&scratch, |file, elsewhere| {
        fs::rename(file, elsewhere).unwrap();
        fs::write(file, "another").unwrap();
    });
    assert!(text.contains("\"auth.cause\":\"exchanged\""));
    is_unbroken(&scratch, &scratch.join("elsewhere"));
}

#[test]
fn deleted_file_is_replaced() {
    let scratch = Scratch::new();
    let text = survives(&scratch, |file, _| fs::remove_file(file).unwrap());
    assert!(text.contains("\"auth.cause\":\"gone\""));
    checked(&scratch.audit(), VerifyOptions::new());
    assert!(!verify(scratch.audit(), &VerifyOptions::new().seed(&SEED).from(1)).unwrap().is_proven());
}

#[test]
fn deleted_folder_is_made_again_and_locked() {
    let scratch = Scratch::new();
    survives(&scratch, |file, _| fs::remove_dir_all(file.parent().unwrap()).unwrap());
    checked(&scratch.audit(), VerifyOptions::new());
}

#[test]
fn truncated_file_is_told_and_not_proven() {
    let scratch = Scratch::new();
    let text = survives(&scratch, |file, _| {
        fs::OpenOptions::new().write(true).open(file).unwrap().set_len(100).unwrap();
    });
    assert!(text.contains("\"auth.cause\":\"truncated\""));
    assert!(!verify(scratch.audit(), &VerifyOptions::new().seed(&SEED)).unwrap().is_proven());
}

#[test]
fn logrotate_may_rename_and_ask_for_another_file() {
    let scratch = Scratch::new();
    let folder = scratch.audit();
    let mut world = World::new(sink(&folder));
    world.ends(10);
    world.flush();
    world.audit.reopen();
    until(|| files(&folder).len() == 2);
    world.ends(10);
    world.audit.shutdown(crate::world::LONG).unwrap();
    assert_eq!(world.faults("replaced"), 0, "nobody took it away");
    let report = checked(&folder, VerifyOptions::new().from(1));
    assert_eq!((report.attempts_total(), report.reopened), (20, 1));
}

/// As root, it starts itself as somebody for whom rights hold.
#[test]
fn folder_without_rights_is_told_and_used_again_once_it_has_them() {
    let scratch = Scratch::new();
    if is_root() {
        let mut command =
            process("files::folder_without_rights_is_told_and_used_again_once_it_has_them", &scratch.audit());
        assert!(as_nobody(&mut command).status().unwrap().success());
        return;
    }
    let folder = folder_of_process().unwrap_or_else(|| scratch.audit());
    let mut world = World::new(sink(&folder));
    world.ends(10);
    world.flush();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o000)).unwrap();
    until(|| !world.audit.is_writable());
    assert!(world.faults("io") > 0);
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).unwrap();
    // Without an attempt: a probe may have taken it out of traffic.
    until(|| world.audit.is_writable());
    world.ends(1_000);
    world.audit.shutdown(crate::world::LONG).unwrap();
    let report = checked(&folder, VerifyOptions::new().from(1));
    assert_eq!((report.attempts_total(), report.gaps, report.unclean), (1_010, 0, 0));
}
