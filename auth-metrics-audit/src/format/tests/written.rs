//! Writes many lines of all kinds to a folder, for those who validate them against the schemas.

use std::path::PathBuf;

use super::worlds::Random;
use super::*;

/// Every kind with every outcome, bare and with all that can be known; what the trail says of itself; and hostile ones.
pub(super) fn records() -> Vec<Record> {
    let mut records: Vec<Record> = owns().into_iter().map(own).collect();
    for (kind, operation) in KINDS {
        for outcome in outcomes() {
            records.push(event(attempt(kind, operation, outcome)));
            records.push(event(known(kind, operation, outcome)));
        }
    }
    let mut random = Random::new(2);
    records.extend((0..2_000).map(|_| random.record()));
    records
}

#[test]
#[ignore = "writes to the folder of AUDIT_LINES; ./check runs it"]
fn lines_are_written_for_the_validators() {
    let folder = std::env::var_os("AUDIT_LINES").expect("AUDIT_LINES must be a folder: run ./check audit");
    let folder = PathBuf::from(folder);
    let origin = origin();
    for (format, name) in FORMATS.into_iter().zip(["ecs.jsonl", "ocsf.jsonl"]) {
        let lines: String = records().iter().map(|record| line_of(format, record, &frame(&origin))).collect();
        std::fs::write(folder.join(name), lines).unwrap();
    }
}
