//! The lines of the audit trail in front of the schemas: OCSF's own, and the names of ECS. The crate's ignored test writes the lines.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Reads the lines of a folder with the script.
fn validate(folder: &Path) -> Output {
    let packages = std::env::var_os("PYTHON_PACKAGES").expect(
        "PYTHON_PACKAGES must be a folder with what audit_schema/requirements.txt lists: run ./check audit",
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("audit_schema/schema.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(folder).env("PYTHONPATH", packages).env("PYTHONIOENCODING", "utf-8");
    command.output().expect("python3 is needed")
}

/// The folder that `lines_are_written_for_the_validators` wrote.
fn written() -> PathBuf {
    std::env::var_os("AUDIT_LINES")
        .expect("AUDIT_LINES must be the folder of the lines: run ./check audit")
        .into()
}

#[test]
#[ignore = "needs python3 and the schemas; ./check runs it"]
fn all_lines_are_valid() {
    let Output { status, stdout, stderr } = validate(&written());
    let said = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(status.success(), "{said}");
    let counted = |name: &str| {
        let count =
            said.lines().find_map(|line| line.strip_prefix(name)?.strip_suffix(" lines")?.parse().ok());
        count.unwrap_or(0)
    };
    assert!(counted("ocsf.jsonl: ") > 1_000 && counted("ecs.jsonl: ") > 1_000, "{said}");
}

/// What would be a mistake in the first line of a format that has a member.
const PLANTED: [(&str, &str, &str, &str); 9] = [
    ("ecs.jsonl", "event.kind", "event.agent", "\"x\""),
    ("ecs.jsonl", "event.type", "event.type", "[\"allowed\"]"),
    ("ecs.jsonl", "event.outcome", "event.outcome", "\"rejected\""),
    ("ecs.jsonl", "event.duration", "event.duration", "\"7\""),
    ("ocsf.jsonl", "user", "trace", "{\"uid\":\"x\"}"),
    ("ocsf.jsonl", "user", "user", "{}"),
    ("ocsf.jsonl", "user", "time", "\"now\""),
    ("ocsf.jsonl", "user", "activity_id", "98"),
    ("ocsf.jsonl", "src_endpoint", "src_endpoint", "{\"ip\":\"nowhere\"}"),
];

#[test]
#[ignore = "needs python3 and the schemas; ./check runs it"]
fn planted_mistakes_are_found() {
    let folder = std::env::temp_dir().join(format!("audit-schema-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (name, wanted, key, value) in PLANTED {
        for name in ["ecs.jsonl", "ocsf.jsonl"] {
            fs::copy(written().join(name), folder.join(name)).unwrap();
        }
        let lines = fs::read_to_string(written().join(name)).unwrap();
        let has = |line: &Value| line.get(wanted).is_some();
        let mut line: Value =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).find(has).expect(wanted);
        line[key] = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
        fs::write(folder.join(name), format!("{line}\n")).unwrap();
        let Output { status, stdout, .. } = validate(&folder);
        let said = String::from_utf8_lossy(&stdout);
        assert!(status.code() == Some(1) && said.contains(&format!("{name}:1: ")), "{key} {value}: {said}");
    }
    fs::remove_dir_all(folder).unwrap();
}
