//! The variants of an enum, read from the source of the version that the library is built with. A wildcard arm can't
//! hide a new one from that.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

static METADATA: LazyLock<Value> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--all-features", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
});

/// The names of all variants, those behind features too, of an enum in a file of the source of a crate.
///
/// `path` leads to the crate along dependencies, from one of auth-metrics on: `["sqlx", "sqlx_core"]`.
#[must_use]
pub fn variants(path: &[&str], file: &str, name: &str) -> BTreeSet<String> {
    let file = source(path).join("src").join(file);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let parsed = syn::parse_file(&text).unwrap();
    let found = parsed.items.into_iter().find_map(|item| match item {
        syn::Item::Enum(item) if item.ident == name => Some(item),
        _ => None,
    });
    let found = found.unwrap_or_else(|| panic!("{} has no enum {name} any more", file.display()));
    found.variants.iter().map(|variant| variant.ident.to_string()).collect()
}

/// The folder of the crate that a path of dependencies leads to.
fn source(path: &[&str]) -> PathBuf {
    let own = METADATA["packages"].as_array().unwrap().iter().find(|each| each["name"] == "auth-metrics");
    let mut id = own.unwrap()["id"].clone();
    for step in path {
        let nodes = METADATA["resolve"]["nodes"].as_array().unwrap();
        let node = nodes.iter().find(|node| node["id"] == id).unwrap();
        let dependencies = node["deps"].as_array().unwrap();
        let next = dependencies.iter().find(|dependency| dependency["name"] == *step);
        id = next.unwrap_or_else(|| panic!("{id} does not depend on {step}"))["pkg"].clone();
    }
    let package = METADATA["packages"].as_array().unwrap().iter().find(|each| each["id"] == id).unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}
