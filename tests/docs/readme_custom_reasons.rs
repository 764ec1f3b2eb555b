//! The README's custom reasons, in a binary of their own: the binary of its example has none of them.

use std::fs;
use std::path::Path;

use auth_metrics::AuthMetrics;

#[allow(dead_code, reason = "the README shows how it is declared")]
mod custom_reasons {
    include!("readme/custom_reasons.rs");
}

#[test]
fn custom_reasons_are_compiled_as_they_stand_in_the_readme() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let after = readme.split("### Custom reasons").nth(1).unwrap();
    let shown = after.split("```").nth(1).unwrap();
    assert_eq!(shown, format!("rust\n{}", include_str!("readme/custom_reasons.rs")));
}

#[test]
fn custom_reasons_of_the_readme_are_exported() {
    let snapshot = AuthMetrics::builder().build().unwrap().snapshot();
    for label in ["sso_domain_blocked", "badge_left_at_home"] {
        let labels = [("failure_reason", label), ("class", "custom"), ("fault", "client")];
        assert_eq!(snapshot.value("auth_failure_reason_info", &labels), Some(1.0), "{label}");
    }
}
