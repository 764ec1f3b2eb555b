//! The sink, driven by hand as its thread drives it.

mod failing;
mod killed;
mod replaced;
mod rotated;
mod torn;

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime};

use super::FileSink;
use crate::error::Error;
use crate::record::{Body, Own, Record, Recovered, ReopenCause};
use crate::seal::lines::{CHAIN, Lines};
use crate::sink::{Notice, Output, Trouble, TroubleKind};
use crate::verify::{Report, VerifyOptions, verify};

/// The sink does not look at what a line says.
fn any_record() -> Record {
    Record { at: SystemTime::now(), body: Body::Own(Own::Reopened { cause: ReopenCause::Asked }) }
}

/// A folder that goes away.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name =
            format!("auth-metrics-audit-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    /// The folder of the trail.
    pub(crate) fn audit(&self) -> PathBuf {
        self.0.join("audit")
    }
}

impl Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A sink and its chain, as the thread of the sink has them.
pub(crate) struct Driven {
    pub(crate) sink: FileSink,
    pub(crate) lines: Lines,
    pub(crate) recovered: Option<Recovered>,
    pub(crate) clean: Option<bool>,
    /// All that the sink wanted written.
    pub(crate) told: Vec<Own>,
}

impl Driven {
    /// Opens a sink and writes the first lines.
    pub(crate) fn open(mut sink: FileSink) -> Result<Driven, Error> {
        let opened = sink.open()?;
        let chain = opened.chain.as_deref().unwrap_or(CHAIN);
        let lines = Lines::of_chain(chain, Output::format(&sink), sink.take_seal(), opened.tail);
        let mut driven = Driven { sink, lines, recovered: None, clean: opened.clean, told: Vec::new() };
        driven.own("boot");
        if let Some(Notice { record: Own::Recovered(recovered), trouble }) = opened.notice {
            assert_eq!(trouble, Some(TroubleKind::TornTail));
            driven.recovered = Some(recovered);
            driven.own("recovered");
        }
        Ok(driven)
    }

    /// Writes an attempt.
    pub(crate) fn attempt(&mut self, subject: &str) -> Result<(), Trouble> {
        if let Some(notice) = self.sink.prepare(500)? {
            self.tell(notice);
        }
        let (line, tail) = self.lines.peek(subject);
        self.sink.write(&line, &any_record())?;
        self.lines.chain.advance(tail);
        Ok(())
    }

    pub(crate) fn attempts(&mut self, count: usize) {
        (0..count).for_each(|_| self.attempt("someone").unwrap());
    }

    /// Does what is due each second, and returns what was told.
    pub(crate) fn watch(&mut self) -> Result<Option<Own>, Trouble> {
        let notice = self.sink.watch()?;
        let record = notice.as_ref().map(|notice| notice.record.clone());
        if let Some(notice) = notice {
            self.tell(notice);
        }
        Ok(record)
    }

    pub(crate) fn sync(&mut self) {
        Output::sync(&mut self.sink, Instant::now(), true).unwrap();
    }

    pub(crate) fn shut_down(mut self) {
        self.own("shutdown");
        self.sync();
    }

    fn tell(&mut self, notice: Notice) {
        self.own(notice.record.name());
        self.told.push(notice.record);
    }

    fn own(&mut self, name: &str) {
        let line = self.lines.own(name);
        self.sink.write(&line, &any_record()).unwrap();
    }
}

/// The files of a trail, without their folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    crate::stored::names::list(folder)
        .unwrap()
        .iter()
        .map(|file| crate::stored::names::short(&file.path))
        .collect()
}

pub(crate) fn proven(folder: &Path) -> Report {
    let report = verify(folder, &VerifyOptions::new()).unwrap();
    assert!(report.is_proven(), "{report}");
    report
}

fn name(first: u64) -> String {
    crate::stored::names::name(first)
}

mod opening {
    use super::*;
    use crate::format::Format;
    use crate::seal::Seal;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn only_the_owner_reads_the_files() {
        let scratch = Scratch::new();
        let mut driven = Driven::open(FileSink::new(scratch.audit())).unwrap();
        driven.attempts(1);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&scratch.audit()), 0o700);
        assert_eq!(mode(&scratch.audit().join(name(1))), 0o600);
        assert_eq!(mode(&scratch.audit().join("audit.lock")), 0o600);
    }

    #[test]
    fn folder_has_one_writer() {
        let scratch = Scratch::new();
        let first = Driven::open(FileSink::new(scratch.audit())).unwrap();
        let second = Driven::open(FileSink::new(scratch.audit()));
        assert!(matches!(second, Err(Error::Locked { .. })));
        drop(first);
        assert!(Driven::open(FileSink::new(scratch.audit())).is_ok());
    }

    #[test]
    fn chain_goes_on_over_restarts() {
        for format in [Format::Ecs, Format::Ocsf] {
            let scratch = Scratch::new();
            let sink =
                || FileSink::new(scratch.audit()).format(format).seal(Seal::ratchet(&[4; 32]).unwrap());
            for run in 0..4 {
                let mut driven = Driven::open(sink()).unwrap();
                assert_eq!(driven.clean, [None, Some(true), Some(false), Some(true)][run]);
                driven.attempts(3);
                if run != 1 {
                    driven.shut_down();
                }
            }
            let report = verify(scratch.audit(), &VerifyOptions::new().seed(&[4; 32]).witness(19)).unwrap();
            assert!(report.is_proven(), "{report}");
            assert_eq!((report.first, report.last, report.files), (Some(1), Some(19), 1));
            assert_eq!((report.boots, report.unclean, report.attempts_total()), (4, 1, 12));
            assert_eq!(report.attempts.get("rejected"), Some(&12));
        }
    }

    #[test]
    fn formats_may_change_within_a_chain() {
        let scratch = Scratch::new();
        for format in [Format::Ecs, Format::Ocsf, Format::Ecs] {
            Driven::open(FileSink::new(scratch.audit()).format(format)).unwrap().attempts(2);
        }
        assert_eq!(proven(&scratch.audit()).attempts.get("rejected"), Some(&6));
    }

    #[test]
    fn folder_that_can_not_be_made_is_named() {
        let scratch = Scratch::new();
        fs::write(scratch.join("file"), "x").unwrap();
        let error = Driven::open(FileSink::new(scratch.join("file/audit"))).err().unwrap();
        assert!(matches!(&error, Error::Folder { .. }));
        assert!(error.to_string().contains("file/audit"), "{error}");
    }

    #[test]
    fn folder_of_another_version_is_refused() {
        let scratch = Scratch::new();
        Driven::open(FileSink::new(scratch.audit())).unwrap().shut_down();
        fs::write(scratch.audit().join("audit.lock"), "auth-metrics-audit 2\n").unwrap();
        let refused = Driven::open(FileSink::new(scratch.audit())).err();
        assert!(matches!(refused, Some(Error::Unreadable { why, .. }) if why.contains("version")));
        fs::write(scratch.audit().join("audit.lock"), "auth-me").unwrap();
        assert!(
            Driven::open(FileSink::new(scratch.audit())).is_ok(),
            "half a version is one that was not written"
        );
    }

    #[test]
    fn seal_of_the_folder_must_fit() {
        let scratch = Scratch::new();
        let seed = |byte| Seal::ratchet(&[byte; 32]).unwrap();
        Driven::open(FileSink::new(scratch.audit()).seal(seed(1))).unwrap().shut_down();
        for seal in [Seal::chain(), seed(2)] {
            let refused = Driven::open(FileSink::new(scratch.audit()).seal(seal)).err();
            assert!(matches!(refused, Some(Error::Unreadable { .. })));
        }
        assert!(Driven::open(FileSink::new(scratch.audit()).seal(seed(1))).is_ok());
    }

    #[test]
    fn sink_without_a_folder_takes_nothing() {
        let scratch = Scratch::new();
        let mut sink = FileSink::new(scratch.audit());
        assert!(sink.write(b"x\n", &any_record()).is_err());
        assert!(sink.watch().is_err());
    }
}
