//! Disks that are full, and those that fail.

use super::*;
use crate::sink::file::disk::Disk;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;

/// What a disk does wrong.
#[derive(Default)]
struct Faults {
    /// Bytes that there is room for.
    room: Option<usize>,
    /// What it says then.
    error: Option<io::ErrorKind>,
    /// Whether it can't be cut either.
    keeps_rest: bool,
    fails_sync: bool,
    syncs: usize,
}

struct Failing {
    disk: Box<dyn Disk>,
    faults: Arc<Mutex<Faults>>,
}

impl Disk for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut faults = self.faults.lock().unwrap();
        let Some(room) = &mut faults.room else { return self.disk.write(bytes) };
        let part = bytes.len().min(*room).min(7);
        *room -= part;
        if part == 0 {
            return Err(faults.error.unwrap_or(io::ErrorKind::StorageFull).into());
        }
        self.disk.write(&bytes[..part])
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        if self.faults.lock().unwrap().keeps_rest {
            Err(io::ErrorKind::Other.into())
        } else {
            self.disk.cut(length)
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut faults = self.faults.lock().unwrap();
        faults.syncs += 1;
        if faults.fails_sync { Err(io::ErrorKind::Other.into()) } else { self.disk.sync() }
    }
}

fn driven(scratch: &Scratch) -> (Driven, Arc<Mutex<Faults>>) {
    let mut driven = Driven::open(FileSink::new(scratch.audit())).unwrap();
    let faults = Arc::new(Mutex::new(Faults::default()));
    let current = &mut driven.sink.trail.as_mut().unwrap().current;
    let disk = std::mem::replace(&mut current.disk, Box::new(fs::File::open("/dev/null").unwrap()));
    current.disk = Box::new(Failing { disk, faults: Arc::clone(&faults) });
    (driven, faults)
}

#[test]
fn line_that_does_not_fit_leaves_nothing() {
    let length = Driven::open(FileSink::new(Scratch::new().audit())).unwrap().lines.peek("x").0.len();
    for room in (0..length).step_by(5) {
        let scratch = Scratch::new();
        let (mut driven, faults) = driven(&scratch);
        let file = scratch.audit().join(name(1));
        let before = fs::read(&file).unwrap();
        faults.lock().unwrap().room = Some(room);
        let trouble = driven.attempt("x").err().unwrap();
        assert!(trouble.retry && trouble.kind == TroubleKind::Full);
        assert_eq!(fs::read(&file).unwrap(), before, "{room} bytes of room");
        assert_eq!(driven.watch().unwrap(), None);
        faults.lock().unwrap().room = None;
        driven.attempts(2);
        assert_eq!(proven(&scratch.audit()).attempts_total(), 2);
    }
}

#[test]
fn rest_that_can_not_be_cut_is_cut_later() {
    let scratch = Scratch::new();
    let (mut driven, faults) = driven(&scratch);
    *faults.lock().unwrap() =
        Faults { room: Some(100), error: Some(io::ErrorKind::Other), keeps_rest: true, ..Faults::default() };
    for _ in 0..3 {
        let trouble = driven.attempt("x").err().unwrap();
        assert!(trouble.retry && trouble.kind == TroubleKind::Io);
        assert_eq!(driven.watch().unwrap(), None, "its own rest is no change by somebody else");
    }
    *faults.lock().unwrap() = Faults::default();
    driven.attempts(2);
    assert_eq!(proven(&scratch.audit()).attempts_total(), 2);
}

#[test]
fn sync_that_fails_is_due_again() {
    let scratch = Scratch::new();
    let (mut driven, faults) = driven(&scratch);
    driven.attempts(1);
    faults.lock().unwrap().fails_sync = true;
    assert!(Output::sync(&mut driven.sink, Instant::now(), true).is_err_and(|trouble| trouble.retry));
    faults.lock().unwrap().fails_sync = false;
    driven.sync();
    driven.sync();
    assert_eq!(faults.lock().unwrap().syncs, 2, "nothing was left for the third");
}

/// Run as root: `cargo test -p auth-metrics-audit full_tmpfs -- --ignored`.
#[test]
#[ignore = "mounts a tmpfs of 1 MiB, so it needs root"]
fn full_tmpfs_is_recovered_from_without_a_restart() {
    let scratch = Scratch::new();
    let mount = |arguments: &[&str]| {
        assert!(
            std::process::Command::new(arguments[0])
                .args(&arguments[1..])
                .arg(&*scratch)
                .status()
                .unwrap()
                .success()
        );
    };
    mount(&["mount", "-t", "tmpfs", "-o", "size=1m", "audit-test"]);
    let done = std::panic::catch_unwind(|| {
        let filler = scratch.join("filler");
        fs::write(&filler, vec![0; 600 << 10]).unwrap();
        let mut driven = Driven::open(FileSink::new(scratch.audit())).unwrap();
        let trouble = (0..9999).find_map(|_| driven.attempt("x").err()).unwrap();
        assert!(trouble.retry && trouble.kind == TroubleKind::Full);
        assert!(driven.attempt("x").is_err());
        assert_eq!(proven(&scratch.audit()).torn, 0);
        fs::remove_file(&filler).unwrap();
        driven.attempts(100);
        driven.shut_down();
        proven(&scratch.audit());
    });
    mount(&["umount"]);
    assert!(done.is_ok());
}
