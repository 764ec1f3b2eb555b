//! A folder that goes away, a trail in it, and how a test starts itself as another process.

use std::fs;
use std::ops::Deref;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Outcome};
use auth_metrics_audit::verify::{Report, VerifyOptions, verify};
use auth_metrics_audit::{Audit, FileSink, Rotate, Seal, Sync};

pub(crate) const SEED: [u8; 32] = [11; 32];
pub(crate) const LONG: Duration = Duration::from_secs(600);
/// Names the folder to a process that a test starts.
pub(crate) const FOLDER: &str = "AUTH_METRICS_AUDIT_TEST_FOLDER";

/// A folder that goes away.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("audit-process-{}-{next}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        // Another user may start in it.
        fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).unwrap();
        Scratch(path)
    }

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

pub(crate) fn seal() -> Seal {
    Seal::ratchet(&SEED).unwrap()
}

/// Small files, sealed lines.
pub(crate) fn sink(folder: &Path) -> FileSink {
    let rotate = Rotate::bytes(128 << 10);
    FileSink::new(folder).seal(seal()).rotate(rotate).sync(Sync::Within(Duration::from_millis(5)))
}

/// A handle with a trail in a folder.
pub(crate) struct World {
    pub(crate) audit: Audit,
    pub(crate) metrics: AuthMetrics,
    pub(crate) ended: u64,
}

impl World {
    pub(crate) fn new(sink: FileSink) -> World {
        let audit = Audit::builder().file(sink).build().unwrap();
        let metrics = AuthMetrics::builder().service_id("gateway").observe(audit.clone()).build().unwrap();
        audit.install(&metrics).unwrap();
        World { audit, metrics, ended: 0 }
    }

    /// Ends attempts, each with its number.
    pub(crate) fn ends(&mut self, attempts: u64) {
        for _ in 0..attempts {
            self.metrics.attempt("login").resource(self.ended.to_string()).finish(Outcome::Success);
            self.ended += 1;
        }
    }

    pub(crate) fn flush(&self) {
        self.audit.flush(LONG).unwrap();
    }

    pub(crate) fn count(&self, family: &str, labels: &[(&str, &str)]) -> u64 {
        self.metrics.snapshot().value(family, labels).unwrap_or_default() as u64
    }

    pub(crate) fn faults(&self, kind: &str) -> u64 {
        self.count("auth_audit_faults_total", &[("kind", kind)])
    }
}

/// Waits until something is so; the test hangs if it never is.
pub(crate) fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

pub(crate) fn checked(folder: &Path, options: VerifyOptions) -> Report {
    let report = verify(folder, &options.seed(&SEED)).unwrap();
    assert!(report.is_proven(), "{report}");
    report
}

/// The files of a trail, the oldest first.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|ext| ext == "jsonl")).collect();
    files.sort();
    files
}

/// This test binary as another process that runs one test, with a folder.
pub(crate) fn process(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--include-ignored"]).env(FOLDER, folder);
    command
}

pub(crate) fn folder_of_process() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Whether rights to files do not hold for this process.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Makes it a process that may not do everything.
pub(crate) fn as_nobody(command: &mut Command) -> &mut Command {
    if is_root() { command.uid(65_534).gid(65_534) } else { command }
}
