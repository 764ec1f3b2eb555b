//! The README's example is this folder's `example.rs`, and makes the scrape that the README shows.

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

/// The first fenced block of the README after `heading`, in this language.
fn block(heading: &str, language: &str) -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let after = readme.split(heading).nth(1).unwrap();
    let block = after.split(&format!("```{language}\n")).nth(1).unwrap();
    block.split("```").next().unwrap().to_owned()
}

#[test]
fn example_is_compiled_as_it_stands_in_the_readme() {
    assert_eq!(block("## Example", "rust"), include_str!("example.rs"));
}

#[test]
fn example_makes_the_scrape_that_the_readme_shows() {
    example::run().unwrap();
    let text = AuthMetrics::current().encode_text();
    let shown = block("## Example", "text");
    for line in shown.lines() {
        assert!(text.lines().any(|each| each == line), "the scrape has no line {line}");
    }
    // The README says what it leaves out; of the families it shows it must show every series, buckets aside.
    for line in text.lines().filter(|line| line.contains("{service_id=\"gateway\"")) {
        let left_out = line.contains("le=\"0")
            || line.contains("le=\"1")
            || line.contains("le=\"2.5")
            || line.contains("le=\"5")
            || line.contains("le=\"7.5")
            || line.contains("_sum{")
            || line.starts_with("auth_operation_failures_total")
            || line.starts_with("jwt_")
            || line.starts_with("rate_limit_");
        assert!(left_out || shown.lines().any(|each| each == line), "the README does not show {line}");
    }
}

#[test]
fn example_makes_the_catalogue_that_the_readme_shows() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    for _ in 0..2 {
        metrics.attempt("login").finish(auth_metrics::Outcome::Success);
    }
    let table = metrics.catalogue().to_string().replace("tests/docs/readme/example.rs", "src/main.rs");
    assert_eq!(table, block("## Catalogue", "text"));
}
