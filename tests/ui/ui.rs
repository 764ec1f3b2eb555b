//! What the macros refuse and how they say it (`fail/`), and what they accept that only a crate of its own can show (`pass/`):
//! lints, a prelude, a name of the crate. What functions do is tested in `tests/shapes`.
//! The `.stderr` files hold for the compiler of `rust-toolchain.toml`: `TRYBUILD=overwrite cargo test --package auth-metrics-tests-ui` writes them anew.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FEWEST_REFUSED: usize = 25;
const FEWEST_ACCEPTED: usize = 8;

#[test]
fn mistakes_are_explained_and_real_code_compiles() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/*.rs");
    cases.pass("pass/*.rs");
}

#[test]
fn the_texts_are_compared_with_the_compiler_that_wrote_them() {
    let pinned = fs::read_to_string(here("../../rust-toolchain.toml")).unwrap();
    let pinned =
        pinned.lines().find_map(|line| line.strip_prefix("channel = ")).unwrap().trim().trim_matches('"');
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    assert_eq!(
        version.split_whitespace().nth(1),
        Some(pinned),
        "the texts in tests/ui/fail were written by rustc {pinned}, and this is {version}: \
         run the tests with the toolchain of rust-toolchain.toml, or change it there and write the texts anew \
         with `TRYBUILD=overwrite cargo test --package auth-metrics-tests-ui`"
    );
}

#[test]
fn every_mistake_has_its_text_and_no_text_is_left_over() {
    let mistakes = names("fail", "rs");
    assert!(mistakes.len() >= FEWEST_REFUSED, "only {} cases in fail/", mistakes.len());
    assert_eq!(mistakes, names("fail", "stderr"), "each .rs in fail/ stands beside one .stderr");
    let accepted = names("pass", "rs").len();
    assert!(accepted >= FEWEST_ACCEPTED, "only {accepted} cases in pass/");
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The names, sorted, of the files in a folder that end so.
fn names(folder: &str, extension: &str) -> Vec<String> {
    let files = fs::read_dir(here(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files
        .filter(|file| file.extension() == Some(OsStr::new(extension)))
        .map(|file| file.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
