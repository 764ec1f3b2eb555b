//! The README's example is this folder's `example.rs`. It makes the scrape that the README shows and the catalogue that the
//! guide shows.

use std::fs;
use std::path::Path;

use auth_metrics::AuthMetrics;

#[allow(dead_code, reason = "the example keeps a reason that it does not use, to show it at zero")]
mod example {
    include!("example.rs");

    pub(crate) fn run() -> Result<(), auth_metrics::Error> {
        main()
    }
}

fn page(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap()
}

/// The first fenced block of a page after `heading`, in this language.
fn block(path: &str, heading: &str, language: &str) -> String {
    let page = page(path);
    let after = page.split(heading).nth(1).unwrap();
    let block = after.split(&format!("```{language}\n")).nth(1).unwrap();
    block.split("```").next().unwrap().to_owned()
}

#[test]
fn readme_shows_the_code_that_is_tested() {
    assert_eq!(block("README.md", "## Quick start", "rust"), include_str!("example.rs"));
}

#[test]
fn readme_shows_the_scrape_of_its_example() {
    example::run().unwrap();
    let text = AuthMetrics::current().encode_text();
    let mut lines = text.lines();
    for shown in block("README.md", "## Quick start", "text").lines() {
        assert!(lines.any(|line| line == shown), "the scrape has no line {shown}, or has it earlier");
    }
}

#[test]
fn guide_shows_the_catalogue_of_the_readme_s_example() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    for _ in 0..2 {
        metrics.attempt("login").finish(auth_metrics::Outcome::Success);
    }
    let table = metrics.catalogue().to_string().replace("tests/docs/readme/example.rs", "src/main.rs");
    assert_eq!(table, block("auth-metrics/guide/testing.md", "## The catalogue", "text"));
}

#[test]
fn readme_fits_on_150_lines() {
    let lines = page("README.md").lines().count();
    assert!(lines <= 150, "the README has {lines} lines: move something into the guide");
}
