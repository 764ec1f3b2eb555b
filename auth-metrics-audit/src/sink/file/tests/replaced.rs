//! Files that somebody takes away from under the writer.

use super::*;

type Attack = fn(&Path, &Path);

fn file(scratch: &Scratch) -> PathBuf {
    scratch.audit().join(name(1))
}

fn driven(scratch: &Scratch) -> Driven {
    let mut driven = Driven::open(FileSink::new(scratch.audit())).unwrap();
    driven.attempts(3);
    assert_eq!(driven.watch().unwrap(), None, "nothing happened yet");
    driven
}

/// The lines of all files, with those that were moved to `elsewhere`, are one chain.
fn is_unbroken(scratch: &Scratch, elsewhere: &Path) {
    if elsewhere.exists() {
        fs::rename(elsewhere, file(scratch)).unwrap();
    }
    proven(&scratch.audit());
}

#[test]
fn file_that_is_taken_away_is_told_and_replaced() {
    let attacks: [(&str, ReopenCause, Attack); 3] = [
        ("renamed", ReopenCause::Gone, |file, elsewhere| fs::rename(file, elsewhere).unwrap()),
        ("deleted", ReopenCause::Gone, |file, _| fs::remove_file(file).unwrap()),
        ("exchanged", ReopenCause::Exchanged, |file, elsewhere| {
            fs::rename(file, elsewhere).unwrap();
            fs::copy(elsewhere, file).unwrap();
        }),
    ];
    for (what, cause, attack) in attacks {
        let scratch = Scratch::new();
        let mut driven = driven(&scratch);
        let elsewhere = scratch.join("elsewhere");
        attack(&file(&scratch), &elsewhere);
        assert_eq!(driven.watch().unwrap(), Some(Own::Reopened { cause }), "{what}");
        driven.attempts(3);
        assert_eq!(driven.watch().unwrap(), None, "{what}: told twice");
        let last = names(&scratch.audit()).pop().unwrap();
        assert_eq!(last, name(5), "{what}");
        let text = fs::read_to_string(scratch.audit().join(last)).unwrap();
        assert!(text.lines().next().unwrap().contains("reopened"), "{what}");
        assert_eq!(text.lines().count(), 4, "{what}");
        is_unbroken(&scratch, &elsewhere);
    }
}

#[test]
fn cut_file_is_told_and_left_as_it_is() {
    for cut in [0, 10] {
        let scratch = Scratch::new();
        let mut driven = driven(&scratch);
        fs::OpenOptions::new().write(true).open(file(&scratch)).unwrap().set_len(cut).unwrap();
        assert_eq!(driven.watch().unwrap(), Some(Own::Reopened { cause: ReopenCause::Truncated }));
        driven.attempts(2);
        assert_eq!(fs::metadata(file(&scratch)).unwrap().len(), cut, "lines went into the cut file");
        assert!(
            !verify(scratch.audit(), &VerifyOptions::new()).unwrap().is_proven(),
            "the cut is not hidden"
        );
    }
}

#[test]
fn line_of_another_writer_is_told() {
    let scratch = Scratch::new();
    let mut driven = driven(&scratch);
    let mut bytes = fs::read(file(&scratch)).unwrap();
    bytes.extend_from_slice(b"{\"forged\":1}\n");
    let inode = fs::OpenOptions::new().append(true).open(file(&scratch)).unwrap();
    std::io::Write::write_all(&mut &inode, b"{\"forged\":1}\n").unwrap();
    assert_eq!(driven.watch().unwrap(), Some(Own::Reopened { cause: ReopenCause::Truncated }));
}

#[test]
fn folder_that_is_deleted_or_moved_is_made_again() {
    for is_moved in [false, true] {
        let scratch = Scratch::new();
        let mut driven = driven(&scratch);
        let elsewhere = scratch.join("elsewhere");
        if is_moved {
            fs::rename(scratch.audit(), &elsewhere).unwrap();
        } else {
            fs::remove_dir_all(scratch.audit()).unwrap();
        }
        assert_eq!(driven.watch().unwrap(), Some(Own::Reopened { cause: ReopenCause::Gone }));
        driven.attempts(2);
        assert!(matches!(Driven::open(FileSink::new(scratch.audit())).err(), Some(Error::Locked { .. })));
        assert_eq!(proven(&scratch.audit()).first, Some(5));
        is_unbroken(&scratch, &elsewhere.join(name(1)));
    }
}

#[test]
fn folder_that_can_not_be_made_again_is_tried_again() {
    let scratch = Scratch::new();
    let mut driven = driven(&scratch);
    let elsewhere = scratch.join("elsewhere");
    fs::rename(scratch.audit(), &elsewhere).unwrap();
    fs::write(scratch.audit(), "a file").unwrap();
    for _ in 0..3 {
        assert!(driven.watch().is_err_and(|trouble| trouble.retry));
        assert!(
            driven.attempt("x").is_err_and(|trouble| trouble.retry),
            "the line went where nobody finds it"
        );
    }
    fs::remove_file(scratch.audit()).unwrap();
    driven.attempts(2);
    assert_eq!(driven.watch().unwrap(), None, "it was told with the second line");
    assert_eq!(driven.told, [Own::Reopened { cause: ReopenCause::Gone }]);
    driven.attempts(1);
    assert_eq!(proven(&scratch.audit()).reopened, 1);
    is_unbroken(&scratch, &elsewhere.join(name(1)));
}

#[test]
fn lost_lock_is_taken_again() {
    let scratch = Scratch::new();
    let mut driven = driven(&scratch);
    fs::remove_file(scratch.audit().join("audit.lock")).unwrap();
    assert_eq!(driven.watch().unwrap(), None);
    assert!(matches!(Driven::open(FileSink::new(scratch.audit())).err(), Some(Error::Locked { .. })));
    driven.attempts(1);
    proven(&scratch.audit());
}

#[test]
fn empty_file_that_is_exchanged_is_moved_aside() {
    let scratch = Scratch::new();
    let mut sink = FileSink::new(scratch.audit());
    let opened = sink.open().unwrap();
    fs::remove_file(file(&scratch)).unwrap();
    fs::write(file(&scratch), "another").unwrap();
    assert!(sink.watch().unwrap().is_some());
    let mut lines = Lines::of_chain(
        &opened.chain.unwrap_or(CHAIN.to_owned()),
        Output::format(&sink),
        sink.take_seal(),
        None,
    );
    sink.write(&lines.own("reopened"), &any_record()).unwrap();
    proven(&scratch.audit());
    assert_eq!(fs::read(scratch.audit().join("audit-00000000000000000001.torn")).unwrap(), b"another");
}

#[test]
fn rotation_does_not_hide_a_deleted_file() {
    let scratch = Scratch::new();
    let sink = FileSink::new(scratch.audit()).rotate(crate::sink::file::Rotate::bytes(1));
    let mut driven = Driven::open(sink).unwrap();
    fs::remove_file(file(&scratch)).unwrap();
    driven.attempts(1);
    assert_eq!(driven.told, [Own::Reopened { cause: ReopenCause::Gone }]);
}

#[test]
fn program_asks_for_another_file() {
    let scratch = Scratch::new();
    let mut driven = driven(&scratch);
    let notice = driven.sink.reopen().unwrap().unwrap();
    assert_eq!((notice.record.clone(), notice.trouble), (Own::Reopened { cause: ReopenCause::Asked }, None));
    assert!(driven.sink.reopen().unwrap().is_none(), "an empty file is as good as another");
    driven.tell(notice);
    driven.attempts(1);
    assert_eq!(proven(&scratch.audit()).files, 2);
}
