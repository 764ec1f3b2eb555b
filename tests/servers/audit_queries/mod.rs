//! The shipped queries over a trail that the crate wrote itself: what the library says of each line, what `DuckDB` finds and what the `eql`
//! program finds are the same lines, and those that were planted. Minutes can't be faked here: how old a rejection may be is tested in
//! the crate's own memory, and in `correlate.py` on lines of its own.

mod cases;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use auth_metrics::events::Pseudonyms;
use auth_metrics::tower::AttemptLayer;
use auth_metrics::{AuthMetrics, OperationKind};
use auth_metrics_audit::verify::{VerifyOptions, verify};
use auth_metrics_audit::{Audit, FileSink, Policy, Record};
use axum::Router;
use axum::routing::get;

use world::World;

const LONG: Duration = Duration::from_secs(600);

/// A folder with the trail of a world in `audit`. Deleted at the end.
struct Written {
    folder: PathBuf,
    /// What the scrape counts of each pattern.
    counted: Vec<(&'static str, f64)>,
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

const PATTERNS: [&str; 3] = ["success_after_failures", "session_from_new_peer", "token_without_login"];

/// Writes the trail of so many attempts, with each case so many times.
fn written(seed: u64, attempts: usize, each: usize) -> Written {
    let folder = std::env::temp_dir().join(format!("audit-queries-{}-{seed}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let audit = Audit::builder()
        .pseudonyms(Pseudonyms::with_key("k1", &[7; 32]).unwrap())
        .policy(Policy::new().token(Record::All))
        .file(FileSink::new(folder.join("audit")).capacity(2 * attempts))
        .build()
        .unwrap();
    let metrics =
        AuthMetrics::builder().service_id("gateway").poll_events().observe(audit.clone()).build().unwrap();
    audit.install(&metrics).unwrap();
    for (operation, kind) in
        [("verify_token", OperationKind::Token), ("may_transfer", OperationKind::Authorization)]
    {
        // The layer makes the operation before the first attempt, which would make it an authentication.
        let layer = AttemptLayer::new(operation).kind(kind).metrics(&metrics);
        drop(Router::<()>::new().route("/", get(|| async {})).layer(layer));
    }
    let mut world = World::new(seed, each);
    for number in 0..attempts {
        world.next().happen(&metrics);
        if number % 500 == 0 {
            metrics.events().poll();
        }
    }
    assert!(world.is_over(), "cases are left over: the world is too short for them");
    assert!(world.sessions() < 10_000, "the library does not remember {} sessions", world.sessions());
    assert!(metrics.events().flush(LONG));
    let snapshot = metrics.snapshot();
    let count = |pattern| snapshot.value("auth_correlations_total", &[("pattern", pattern)]).unwrap();
    let counted = PATTERNS.map(|pattern| (pattern, count(pattern))).to_vec();
    audit.shutdown(LONG).unwrap();
    let report = verify(folder.join("audit"), &VerifyOptions::new().from(1)).unwrap();
    assert!(report.is_proven() && report.attempts_total() == attempts as u64, "{report}");
    Written { folder, counted }
}

/// Compares with the script.
fn correlate(folder: &Path) -> Output {
    let packages = std::env::var_os("PYTHON_PACKAGES").expect(
        "PYTHON_PACKAGES must be a folder with what audit_queries/requirements.txt lists: run ./check audit",
    );
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("python3");
    command.arg(here.join("audit_queries/correlate.py")).arg(here.join("../../auth-metrics-audit/queries"));
    command.arg(folder).env("PYTHONPATH", packages).env("PYTHONIOENCODING", "utf-8");
    command.output().expect("python3 is needed")
}

#[test]
#[ignore = "needs python3, eql and DuckDB; ./check runs it"]
fn library_and_queries_find_the_same_lines() {
    let world = written(1, 100_000, 24);
    let Output { status, stdout, stderr } = correlate(&world.folder);
    let said = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(status.success(), "{said}");
    for (pattern, count) in &world.counted {
        assert!(said.contains(&format!("{pattern}: {count} lines\n")), "{pattern} {count}: {said}");
        assert!(*count >= 100.0, "{pattern} {count}");
    }
}

/// The first line that contains a text, changed.
fn change(folder: &Path, has: &str, from: &str, to: &str) {
    let file = fs::read_dir(folder.join("audit")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        file.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).collect();
    files.sort();
    let text = fs::read_to_string(&files[0]).unwrap();
    let line = text.lines().find(|line| line.contains(has)).unwrap();
    assert!(line.contains(from), "{from} is not in {line}");
    fs::write(&files[0], text.replacen(line, &line.replace(from, to), 1)).unwrap();
}

#[test]
#[ignore = "needs python3, eql and DuckDB; ./check runs it"]
fn one_line_that_differs_is_found() {
    let world = written(2, 10_000, 2);
    let whole = world.folder.join("whole");
    fs::rename(world.folder.join("audit"), &whole).unwrap();
    for pattern in PATTERNS {
        let resource = format!("\"auth.resource\":\"planted {pattern} ");
        for (from, to) in
            [("\"auth.patterns\":", "\"auth.other\":"), (&*resource, "\"auth.resource\":\"other ")]
        {
            let audit = world.folder.join("audit");
            fs::create_dir(&audit).unwrap();
            for entry in fs::read_dir(&whole).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), audit.join(entry.file_name())).unwrap();
            }
            change(&world.folder, &resource, from, to);
            let Output { status, stdout, .. } = correlate(&world.folder);
            let said = String::from_utf8_lossy(&stdout);
            assert!(status.code() == Some(1) && said.contains(&format!("{pattern}: ")), "{from}: {said}");
            fs::remove_dir_all(audit).unwrap();
        }
    }
}
