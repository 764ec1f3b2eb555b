//! What a crash leaves at the end of a file.

use super::*;
use crate::format::Format;
use crate::seal::{Ending, Seal, hex};
use sha2::{Digest, Sha256};

/// A file as it was when the process was killed.
fn written(format: Format, attempts: usize) -> (Scratch, Vec<u8>) {
    let scratch = Scratch::new();
    let mut driven =
        Driven::open(FileSink::new(scratch.audit()).format(format).seal(Seal::ratchet(&[9; 32]).unwrap()))
            .unwrap();
    driven.attempts(attempts);
    let bytes = fs::read(scratch.audit().join(name(1))).unwrap();
    (scratch, bytes)
}

fn again(scratch: &Scratch) -> Result<Driven, Error> {
    Driven::open(FileSink::new(scratch.audit()).seal(Seal::ratchet(&[9; 32]).unwrap()))
}

/// Opens what was left, and checks that all after `whole` bytes was moved away and told.
fn recovers(left: &[u8], whole: usize, what: &str) {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.audit()).unwrap();
    fs::write(scratch.audit().join(name(1)), left).unwrap();
    let mut driven = again(&scratch).unwrap();
    driven.attempts(2);
    match driven.recovered.take() {
        Some(recovered) => {
            let torn = fs::read(scratch.audit().join(&recovered.moved_to)).unwrap();
            assert_eq!(torn, left[whole..], "{what}");
            assert_eq!(recovered.bytes, torn.len() as u64);
            assert_eq!(recovered.sha256, hex::text(&Sha256::digest(&torn)));
            assert_eq!(Path::new(&recovered.moved_to).extension(), Some("torn".as_ref()));
        }
        None => assert_eq!(left.len(), whole, "{what}: nothing was told"),
    }
    drop(driven);
    let report = verify(scratch.audit(), &VerifyOptions::new().seed(&[9; 32]).from(1)).unwrap();
    assert!(report.is_proven(), "{what}: {report}");
    assert_eq!(report.recovered, u64::from(left.len() > whole), "{what}");
    assert_eq!(report.torn, 0);
    assert!(fs::read(scratch.audit().join(name(1))).unwrap().starts_with(&left[..whole]), "{what}");
}

fn ends(bytes: &[u8]) -> Vec<usize> {
    (1..=bytes.len()).filter(|end| bytes[end - 1] == b'\n').collect()
}

#[test]
fn file_that_was_begun_and_never_written_is_begun_anew_if_all_others_are_gone() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.audit()).unwrap();
    fs::write(scratch.audit().join(name(7)), "").unwrap();
    let mut driven = again(&scratch).unwrap();
    driven.attempts(2);
    drop(driven);
    assert_eq!(names(&scratch.audit()), [name(1)]);
    assert!(proven(&scratch.audit()).is_proven());
}

#[test]
fn file_that_is_cut_anywhere_goes_on() {
    for format in [Format::Ecs, Format::Ocsf] {
        let (_, bytes) = written(format, 1);
        let ends = ends(&bytes);
        assert_eq!(ends.len(), 2);
        for cut in 0..=bytes.len() {
            let whole = ends.iter().copied().filter(|end| *end <= cut).max().unwrap_or(0);
            recovers(&bytes[..cut], whole, &format!("cut after {cut} bytes"));
        }
    }
}

#[test]
fn zeros_and_garbage_after_a_power_loss_are_moved_away() {
    let (_, bytes) = written(Format::Ecs, 5);
    let ends = ends(&bytes);
    let (long, zeros) = (vec![b'x'; 300_000], vec![0; 200_000]);
    let lines = b"\n\nno line\n".repeat(20_000);
    for junk in [&[0][..], &[0; 4096], &zeros, &long, &lines, b"\n"] {
        for cut in [ends[5], ends[3], ends[3] + 100, 0] {
            let left = [&bytes[..cut], junk].concat();
            let whole = ends.iter().copied().filter(|end| *end <= cut).max().unwrap_or(0);
            recovers(&left, whole, &format!("cut at {cut} and {} bytes of junk", junk.len()));
        }
    }
}

#[test]
fn last_line_that_was_edited_is_moved_away_and_told() {
    let (_, bytes) = written(Format::Ecs, 3);
    let ends = ends(&bytes);
    let mut edited = bytes.clone();
    edited[ends[2] + 5] ^= 1;
    recovers(&edited, ends[2], "an edited last line");
    edited[ends[1] + 5] ^= 1;
    recovers(&edited, ends[1], "two edited lines");
}

#[test]
fn crash_while_recovering_loses_nothing() {
    let (scratch, bytes) = written(Format::Ecs, 2);
    let file = scratch.audit().join(name(1));
    let left = [&bytes[..], b"half"].concat();
    fs::write(&file, &left).unwrap();
    // The copy was made, and the file not cut yet.
    fs::write(scratch.audit().join("audit-00000000000000000001.torn"), "half").unwrap();
    let driven = again(&scratch).unwrap();
    assert_eq!(
        driven.recovered.map(|recovered| recovered.moved_to),
        Some("audit-00000000000000000001.2.torn".to_owned())
    );
    proven(&scratch.audit());
}

#[test]
fn empty_file_after_a_rotation_is_gone_on_in() {
    let (scratch, _) = written(Format::Ecs, 3);
    for junk in ["", "half a line"] {
        fs::write(scratch.audit().join(name(5)), junk).unwrap();
        let mut driven = again(&scratch).unwrap();
        assert_eq!(driven.recovered.is_some(), !junk.is_empty());
        assert_eq!(names(&scratch.audit()), [name(1), name(5)]);
        driven.attempts(1);
        drop(driven);
        assert_eq!(proven(&scratch.audit()).files, 2);
        fs::remove_file(scratch.audit().join(name(5))).unwrap();
    }
}

#[test]
fn chain_that_does_not_lead_to_the_last_file_is_refused() {
    let (scratch, bytes) = written(Format::Ecs, 3);
    fs::write(scratch.audit().join(name(9)), "").unwrap();
    assert!(matches!(again(&scratch).err(), Some(Error::Unreadable { .. })), "lines 5 to 8 are gone");
    fs::remove_file(scratch.audit().join(name(9))).unwrap();
    fs::write(scratch.audit().join(name(5)), "").unwrap();
    fs::write(scratch.audit().join(name(1)), &bytes[..bytes.len() - 1]).unwrap();
    assert!(matches!(again(&scratch).err(), Some(Error::Unreadable { .. })), "the earlier file is torn");
    assert_eq!(fs::read(scratch.audit().join(name(1))).unwrap(), bytes[..bytes.len() - 1], "it was changed");
    let junk = [&bytes[..], b"junk"].concat();
    fs::write(scratch.audit().join(name(1)), &junk).unwrap();
    assert!(matches!(again(&scratch).err(), Some(Error::Unreadable { .. })), "the earlier file has a rest");
}

#[test]
fn line_of_the_file_is_the_last_whole_one() {
    let (scratch, bytes) = written(Format::Ocsf, 4);
    let last = ends(&bytes)[3];
    let ending = Ending::of(&bytes[last..bytes.len() - 1]).unwrap();
    let driven = again(&scratch).unwrap();
    assert_eq!(driven.lines.chain.tail().sequence, ending.sequence + 1, "a boot");
}
