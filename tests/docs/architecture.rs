//! The levels of both crates stay true, and what the docs list is what the code has.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules by level, lowest first: a module uses only levels below its own, and no sibling.
const RUNTIME: &[&[&str]] = &[
    &["taxonomy"],
    &["storage", "reasons", "sources"],
    &["catalogue"],
    &["metrics"],
    &["exposition", "credentials", "limits", "keys", "observability"],
    &["ambient", "rotation"],
    &["attempt"],
    &["testing", "private"],
    &["lib", "reason_chain", "custom_reason"],
];
const MACROS: &[&[&str]] = &[
    &["diag", "runtime", "name"],
    &["taxonomy", "ready"],
    &["label"],
    &["metered", "reason", "source"],
    &["lib"],
];

fn sources(of: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(of).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// The module of the crate root that a file belongs to.
fn module_of(file: &Path) -> String {
    let inside = file.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let after_src: Vec<String> = inside.skip_while(|part| part != "src").skip(1).collect();
    after_src[0].trim_end_matches(".rs").to_owned()
}

fn level(levels: &[&[&str]], module: &str) -> usize {
    let found = levels.iter().position(|siblings| siblings.contains(&module));
    found.unwrap_or_else(|| {
        panic!("the module {module} has no level: add it to this test and to CONTRIBUTING.md")
    })
}

fn assert_levels(of: &str, levels: &[&[&str]]) {
    for file in sources(of) {
        let module = module_of(&file);
        let source = fs::read_to_string(&file).unwrap();
        let shipped = source.split("#[cfg(test)]").next().unwrap();
        let code = shipped.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code.filter(|line| line.contains("crate::")) {
            for used in line.split("crate::").skip(1) {
                let used: String =
                    used.chars().take_while(|each| each.is_alphanumeric() || *each == '_').collect();
                if used.is_empty() || used == module || used.starts_with(char::is_uppercase) {
                    continue;
                }
                let upward = level(levels, &used) >= level(levels, &module);
                assert!(!upward, "{}: {module} must not use {used}: {line}", file.display());
            }
        }
    }
}

#[test]
fn runtime_modules_use_lower_levels_only() {
    assert_levels("auth-metrics", RUNTIME);
}

#[test]
fn macro_modules_use_lower_levels_only() {
    assert_levels("auth-metrics-macros", MACROS);
}

#[test]
fn every_module_opens_with_what_it_owns() {
    for file in sources("auth-metrics").into_iter().chain(sources("auth-metrics-macros")) {
        let source = fs::read_to_string(&file).unwrap();
        assert!(source.starts_with("//! "), "{} has no //! line", file.display());
    }
}

#[test]
fn feature_full_is_every_feature_but_the_one_that_switches_off() {
    let manifest =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../auth-metrics/Cargo.toml"));
    let manifest = manifest.unwrap();
    let features = manifest.split("[features]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let named: BTreeSet<&str> = features.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    let (_, full) = features.split_once("\nfull = [").expect("there is a feature `full`");
    let full: BTreeSet<&str> = full.split(']').next().unwrap().split('"').skip(1).step_by(2).collect();
    let apart = BTreeSet::from(["default", "full", "disabled"]);
    assert_eq!(full, &named - &apart, "`./check` tests what `full` turns on");
}

#[test]
fn readme_lists_every_family_and_no_other() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let reference = readme.split("## Metric reference").nth(1).expect("the README has a metric reference");
    let rows = reference.split("\n#").next().unwrap().lines().filter(|line| line.starts_with("| `"));
    let listed: BTreeSet<&str> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    let exported: BTreeSet<&str> = auth_metrics::FAMILIES.iter().map(|family| family.name).collect();
    assert_eq!(listed, exported);
}

#[test]
fn both_crates_agree_on_how_many_custom_reasons_there_can_be() {
    let path = "../../auth-metrics-macros/src/reason/custom.rs";
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let limit = format!("const MOST: usize = {};", auth_metrics::ReasonSet::MAX_CUSTOM);
    assert!(source.contains(&limit), "{path} has no {limit}");
}
