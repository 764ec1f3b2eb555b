//! The levels of every published crate stay true, inside of its folders too, and what the docs list is what the code has.

mod graph;
mod reading;
mod scan;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use graph::{Graph, Use};

type Levels = &'static [&'static [&'static str]];

/// Every published crate, with the modules of its root by level, lowest first. A module uses only levels below its own, and no sibling.
const CRATES: &[(&str, Levels)] = &[
    ("auth-metrics", CORE),
    ("auth-metrics-credentials", CREDENTIALS),
    ("auth-metrics-macros", MACROS),
    ("auth-metrics-rules", RULES),
];

const CORE: Levels = &[
    &["terms"],
    &["verdict", "storage", "sources"],
    &["groups", "catalogue", "reasons"],
    &["handle"],
    &["ambient", "decisions", "limits", "read"],
    &["record", "encode", "registry", "testing"],
    &["serve", "__private"],
    &["lib"],
];
const CREDENTIALS: Levels =
    &[&["terms", "families"], &["group"], &["record", "tracker", "keys"], &["rotation"], &["lib"]];
const MACROS: Levels = &[
    &["diag", "runtime", "name", "ready"],
    &["taxonomy"],
    &["label"],
    &["metered", "reason", "source"],
    &["lib"],
];
const RULES: Levels =
    &[&["bound", "error"], &["options"], &["query"], &["rules", "dashboard"], &["generated_files"], &["lib"]];

/// The circles that are still there, by crate: none of them may grow, and one that is gone is taken out here.
const CIRCLES: &[(&str, &[&str])] = &[];

/// Modules that never import each other, whatever their levels are.
const APART: [&str; 2] = ["record", "read"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(of: &str) -> PathBuf {
    root().join(of).join("src")
}

/// The module of the crate's root that a file is in.
fn module_of(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

fn level(levels: Levels, module: &str) -> usize {
    let found = levels.iter().position(|siblings| siblings.contains(&module));
    found.unwrap_or_else(|| {
        panic!("the module {module} has no level: add it to this test and to CONTRIBUTING.md")
    })
}

/// The uses that go up, or to a sibling.
fn upward(uses: &BTreeSet<Use>, levels: Levels) -> Vec<&Use> {
    let goes_up = |each: &&Use| {
        let (from, to) = (module_of(&each.from), module_of(&each.to));
        from != to && level(levels, to) >= level(levels, from)
    };
    uses.iter().filter(goes_up).collect()
}

/// The uses between the modules that stay apart.
fn between_apart(uses: &BTreeSet<Use>) -> Vec<&Use> {
    let is_between = |each: &&Use| {
        let [one, other] = [module_of(&each.from), module_of(&each.to)];
        one != other && APART.contains(&one) && APART.contains(&other)
    };
    uses.iter().filter(is_between).collect()
}

#[test]
fn every_published_crate_has_its_levels() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = manifest.split("members = [").nth(1).unwrap().split(']').next().unwrap();
    let members = members.split('"').skip(1).step_by(2);
    let is_published = |member: &&str| {
        let manifest = fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
        !manifest.contains("publish = false")
    };
    let published: BTreeSet<&str> = members.filter(is_published).collect();
    assert_eq!(published, CRATES.iter().map(|(name, _)| *name).collect());
}

#[test]
fn modules_use_lower_levels_only() {
    for (name, levels) in CRATES {
        let uses = Graph::read(&sources(name)).uses();
        assert!(uses.len() > 20, "only {} uses were found in {name}", uses.len());
        assert_eq!(upward(&uses, levels), Vec::<&Use>::new(), "{name}: uses that go up");
    }
}

#[test]
fn files_of_a_folder_use_each_other_in_no_circle() {
    for (name, _) in CRATES {
        let found = Graph::read(&sources(name)).circles();
        let known = CIRCLES.iter().filter(|(of, _)| of == name);
        let known: BTreeSet<Vec<String>> =
            known.map(|(_, parts)| parts.iter().map(ToString::to_string).collect()).collect();
        let lines = |circles: &BTreeSet<Vec<String>>| {
            circles.iter().map(|parts| parts.join(", ") + "\n").collect::<String>()
        };
        let (new, gone) = (&found - &known, &known - &found);
        assert!(
            new.is_empty() && gone.is_empty(),
            "{name}: new circles:\n{}gone:\n{}",
            lines(&new),
            lines(&gone)
        );
    }
}

#[test]
fn recording_and_reading_never_import_each_other() {
    for (name, _) in CRATES {
        assert_eq!(between_apart(&Graph::read(&sources(name)).uses()), Vec::<&Use>::new(), "{name}");
    }
    let both =
        [("record/mod.rs", "use crate::read::Read; pub struct Record;"), ("read.rs", "pub struct Read;")];
    let graph = Graph::of(both.map(|(file, text)| (file.to_owned(), text.to_owned())).into());
    assert_eq!(between_apart(&graph.uses()).len(), 1, "one that is there is found");
}

#[test]
fn every_module_opens_with_what_it_owns() {
    for (name, _) in CRATES {
        for (file, text) in graph::texts(&sources(name)) {
            assert!(text.starts_with("//! "), "{name}: {file} has no //! line");
        }
    }
}

#[test]
fn readme_lists_every_family_and_no_other() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let reference = readme.split("## Metric reference").nth(1).expect("the README has a metric reference");
    let rows = reference.split("\n#").next().unwrap().lines().filter(|line| line.starts_with("| `"));
    let listed: BTreeSet<&str> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    let exported: BTreeSet<&str> = auth_metrics::FAMILIES.iter().map(|family| family.name).collect();
    assert_eq!(listed, exported);
}

#[test]
fn both_crates_agree_on_how_many_custom_reasons_there_can_be() {
    let path = "auth-metrics-macros/src/reason/custom.rs";
    let source = fs::read_to_string(root().join(path)).unwrap();
    let limit = format!("const MOST: usize = {};", auth_metrics::ReasonSet::MAX_CUSTOM);
    assert!(source.contains(&limit), "{path} has no {limit}");
}
