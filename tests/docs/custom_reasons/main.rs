//! The guide's custom reasons, in a binary of their own: the binary of the README's example has none of them.

use std::fs;
use std::path::Path;

use auth_metrics::AuthMetrics;

#[allow(dead_code, reason = "the guide shows how it is declared")]
mod shown {
    include!("shown.rs");
}

#[test]
fn guide_shows_the_code_that_is_tested() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../auth-metrics/guide/reasons.md");
    let page = fs::read_to_string(page).unwrap();
    let after = page.split("## Custom reasons").nth(1).unwrap();
    let block = after.split("```").nth(1).unwrap();
    assert_eq!(block, format!("rust\n{}", include_str!("shown.rs")));
}

#[test]
fn custom_reasons_are_exported() {
    let snapshot = AuthMetrics::builder().build().unwrap().snapshot();
    for label in ["sso_domain_blocked", "badge_left_at_home"] {
        let labels = [("failure_reason", label), ("class", "custom"), ("fault", "client")];
        assert_eq!(snapshot.value("auth_failure_reason_info", &labels), Some(1.0), "{label}");
    }
}
