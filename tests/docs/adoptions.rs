//! README's table of what is supported is made from the manifests of the crates in `tests/adoption`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

const BEGIN: &str = "<!-- adoptions: made by tests/docs/adoptions.rs -->\n";
const END: &str = "<!-- end -->";
const WEB: [&str; 3] = ["actix-web", "axum", "rocket"];
const METRICS: [&str; 2] = ["metrics", "prometheus"];
/// What all of them run on.
const RUNTIME: &str = "tokio";

fn packages() -> Vec<Value> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
    let said = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let mut metadata: Value = serde_json::from_slice(&said.stdout).unwrap();
    serde_json::from_value(metadata["packages"].take()).unwrap()
}

/// The dependencies of a package as `name version`, without those of its tests and those in this workspace.
fn dependencies(package: &Value) -> Vec<(&str, String)> {
    let all = package["dependencies"].as_array().unwrap().iter();
    let foreign = all.filter(|dependency| dependency["kind"].is_null() && dependency["path"].is_null());
    foreign
        .map(|of| {
            (of["name"].as_str().unwrap(), of["req"].as_str().unwrap().trim_start_matches('^').to_owned())
        })
        .collect()
}

/// The name of the feature for a crate in a version.
fn feature(name: &str, version: &str) -> String {
    let major = version.split('.').take(if version.starts_with("0.") { 2 } else { 1 });
    let digits: String = major.collect();
    let between = if name.ends_with(|end: char| end.is_ascii_digit()) { "_" } else { "" };
    format!("{name}{between}{digits}")
}

/// The versions of these crates, if the package has them.
fn versions<'a>(package: &'a Value, of: impl Fn(&str, &str) -> bool + 'a) -> String {
    let dependencies = dependencies(package);
    let of = dependencies.iter().filter(|(name, version)| of(name, version));
    let versions: Vec<String> = of.map(|(name, version)| format!("{name} {version}")).collect();
    versions.join(", ")
}

fn row(package: &Value, features: &BTreeSet<&str>) -> String {
    let said = |key: &str| {
        package["metadata"]["adoption"][key].as_str().unwrap_or_else(|| panic!("{key}")).to_owned()
    };
    let web = versions(package, |name, _| WEB.contains(&name));
    let mapped = versions(package, |name, version| {
        ![&WEB[..], &METRICS, &[RUNTIME]].concat().contains(&name)
            && features.contains(&*feature(name, version))
    });
    let metrics = versions(package, |name, _| METRICS.contains(&name));
    let metrics =
        if metrics.is_empty() { said("metrics") } else { format!("{metrics}: {}", said("metrics")) };
    format!("| {} | {web} | {} | {mapped} | {metrics} |\n", said("like"), said("errors"))
}

/// The table, a row for each crate in `tests/adoption` in the order of their names.
fn table() -> String {
    let mut packages = packages();
    packages.sort_by_key(|package| package["name"].as_str().map(str::to_owned));
    let core = packages.iter().find(|package| package["name"] == "auth-metrics").unwrap();
    let features = core["features"].as_object().unwrap().keys().map(String::as_str).collect();
    let head =
        "| a service like | web | errors | data, crypto | metrics |\n|---|---|---|---|---|\n".to_owned();
    let adoptions = packages.iter().filter(|package| !package["metadata"]["adoption"].is_null());
    adoptions.fold(head, |table, package| table + &row(package, &features))
}

#[test]
fn readme_has_the_table_of_the_adoptions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("README has the first comment");
    let (shown, after) = rest.split_once(END).expect("README has the second comment");
    let table = table();
    if env::var_os("AUTH_METRICS_OVERWRITE").is_some_and(|value| value == "1") {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    let message = "README's table is out of date: run this test with AUTH_METRICS_OVERWRITE=1";
    assert_eq!(shown, table, "{message}");
}

#[test]
fn every_folder_of_an_adoption_has_a_row_and_says_what_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../adoption");
    let mut rows = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("stage") {
            continue; // what they have in common
        }
        let manifest = fs::read_to_string(path.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[package.metadata.adoption]"), "{} has no row", path.display());
        let code = fs::read_to_string(path.join("lib.rs")).unwrap();
        assert!(
            code.starts_with("//! The authentication of a"),
            "{} does not say what it is",
            path.display()
        );
        rows += 1;
    }
    assert_eq!(table().lines().count(), rows + 2);
}
