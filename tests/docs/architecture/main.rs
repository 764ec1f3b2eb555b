//! The levels of every published crate stay true, inside of its folders too, and what the docs list is what the code has.

mod foreign;
mod graph;
mod reading;
mod scan;
mod signatures;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use graph::{Graph, Use};

type Levels = &'static [&'static [&'static str]];

/// Every published crate, with the modules of its root by level, lowest first. A module uses only levels below its own, and no sibling.
const CRATES: &[(&str, Levels)] = &[
    ("auth-metrics", CORE),
    ("auth-metrics-actix", ACTIX),
    ("auth-metrics-audit", AUDIT),
    ("auth-metrics-credentials", CREDENTIALS),
    ("auth-metrics-detect", DETECT),
    ("auth-metrics-macros", MACROS),
    ("auth-metrics-otlp", OTLP),
    ("auth-metrics-rocket", ROCKET),
    ("auth-metrics-rules", RULES),
];

const CORE: Levels = &[
    &["terms"],
    &["storage", "sources"],
    &["groups"],
    &["events"],
    &["verdict", "catalogue", "reasons"],
    &["handle"],
    &["ambient", "decisions", "limits", "read"],
    &["record", "encode", "registry", "testing"],
    &["serve", "tower", "bridges", "__private"],
    &["lib"],
];
const ACTIX: Levels = &[&["attempts", "context", "scrape"], &["lib"]];
const AUDIT: Levels = &[
    &["error", "families", "policy", "record", "unwinding"],
    &["show", "format"],
    &["seal", "memory", "stored"],
    &["sink"],
    &["trail"],
    &["verify"],
    &["bin"],
    &["lib"],
];
const CREDENTIALS: Levels =
    &[&["terms", "families"], &["group"], &["record", "tracker", "keys"], &["rotation"], &["lib"]];
const DETECT: Levels = &[
    &["attempt", "error", "clock", "detector", "place", "saved", "unwinding"],
    &["keys"],
    &["sketch", "learning", "timing"],
    &["detection", "evidence"],
    &["detectors"],
    &["engine"],
    &["export"],
    &["redis"],
    &["attach"],
    &["replay", "bin"],
    &["lib"],
];
const MACROS: Levels = &[
    &["diag", "runtime", "name"],
    &["ready", "taxonomy"],
    &["label"],
    &["chain", "metered", "reason", "source"],
    &["lib"],
];
const OTLP: Levels = &[
    &["error", "families", "names", "unwinding"],
    &["setup", "series"],
    &["encode", "transport"],
    &["ledger"],
    &["export"],
    &["engine"],
    &["push"],
    &["lib"],
];
const ROCKET: Levels = &[&["context", "outcomes", "reason", "scrape"], &["attempts"], &["lib"]];
const RULES: Levels = &[
    &["bound", "error", "matcher"],
    &["document"],
    &["kubernetes", "mixin"],
    &["options"],
    &["query"],
    &["burn"],
    &["runbooks"],
    &["rules", "dashboard", "alertmanager"],
    &["generated_files"],
    &["lib"],
];

/// What a module asks of the root, where the crate is put together: the list of what runs when the default handle is made. So
/// recording knows of no registry.
const ASKS_THE_ROOT: &[(&str, &str, &str)] = &[("auth-metrics", "ambient.rs", "WHEN_DEFAULT_IS_MADE")];

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

/// The uses that go up, or to a sibling. The tests of a module may use what is above it.
fn upward(uses: &BTreeSet<Use>, levels: Levels) -> Vec<&Use> {
    let goes_up = |each: &&Use| {
        let (from, to) = (module_of(&each.from), module_of(&each.to));
        let is_test = each.from.contains("/tests/");
        from != to && !is_test && level(levels, to) >= level(levels, from)
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
    let mut wrong = Vec::new();
    for (name, levels) in CRATES {
        let uses = Graph::read(&sources(name)).uses();
        let is_small = levels.len() <= 3;
        assert!(is_small || uses.len() > 20, "only {} uses were found in {name}", uses.len());
        let asks = |each: &&&Use| {
            let asks = ASKS_THE_ROOT.iter().any(|(of, from, _)| (*of, *from) == (*name, &*each.from));
            asks && each.to == "lib.rs"
        };
        for Use { from, to } in upward(&uses, levels).iter().filter(|each| !asks(each)) {
            wrong.push(format!("{name}: {from} uses {to}"));
        }
    }
    assert!(wrong.is_empty(), "uses that go up: {wrong:#?}");
}

#[test]
fn what_is_asked_of_the_root_is_named() {
    for (name, from, item) in ASKS_THE_ROOT {
        let text = fs::read_to_string(sources(name).join(from)).unwrap();
        let module: Vec<String> = vec![module_of(from).to_owned()];
        let asked = scan::scan(&module, &text);
        let of_root = |written: &scan::Written| match &written.path[..] {
            [root, item] if root == "crate" => Some(item.clone()),
            _ => None,
        };
        let imports = asked.imports.iter().map(|import| &import.written);
        let found: Vec<String> = imports.chain(&asked.paths).filter_map(of_root).collect();
        assert_eq!(found, [*item], "{name}: {from}");
    }
}

#[test]
fn files_of_a_folder_use_each_other_in_no_circle() {
    let circles = |name: &str| {
        let circles = Graph::read(&sources(name)).circles();
        circles.into_iter().map(|parts| format!("{name}: {}", parts.join(", "))).collect::<Vec<_>>()
    };
    let found: Vec<String> = CRATES.iter().flat_map(|(name, _)| circles(name)).collect();
    assert_eq!(found, Vec::<String>::new());
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
fn both_crates_agree_on_how_many_custom_reasons_there_can_be() {
    let path = "auth-metrics-macros/src/reason/custom.rs";
    let source = fs::read_to_string(root().join(path)).unwrap();
    let limit = format!("const MOST: usize = {};", auth_metrics::ReasonSet::MAX_CUSTOM);
    assert!(source.contains(&limit), "{path} has no {limit}");
}
