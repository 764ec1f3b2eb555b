//! The page of runbooks and the alerts are in step.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use auth_metrics_rules::{Options, generate};

use crate::catalogue::catalogue;
use crate::families;

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/runbooks.md")).unwrap()
}

fn sections(page: &str) -> Vec<(&str, &str)> {
    page.split("\n## ").skip(1).map(|section| section.split_once('\n').unwrap()).collect()
}

#[test]
fn every_alert_has_its_runbook_and_every_runbook_its_alert() {
    let page = page();
    let pack = generate(&catalogue(), &Options::new()).unwrap();
    let alerts: BTreeSet<&str> = pack
        .get("rules.yml")
        .unwrap()
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    let described: BTreeSet<&str> = sections(&page).into_iter().map(|(title, _)| title).collect();
    assert!(alerts.len() > 15);
    assert_eq!(alerts, described);
}

#[test]
fn every_runbook_has_a_meaning_three_queries_and_something_to_do() {
    let page = page();
    for (title, text) in sections(&page) {
        for part in ["**Means**", "**Look**", "**Do**"] {
            assert_eq!(text.matches(part).count(), 1, "{title}: {part}");
        }
        let queries = text.split("```promql\n").nth(1).unwrap_or_else(|| panic!("{title} has no queries"));
        let queries = queries.split("```").next().unwrap();
        assert_eq!(queries.lines().count(), 3, "{title}");
        for word in queries.split(|each: char| !(each.is_ascii_alphanumeric() || each == '_' || each == ':'))
        {
            let ours =
                ["auth_", "service_auth_", "jwt_", "rate_limit_"].iter().any(|start| word.starts_with(start));
            let base = word.trim_end_matches("_bucket").trim_end_matches("_count");
            let known = families().any(|family| family.name == base || family.name == word);
            assert!(!ours || known, "{title}: {word}");
        }
    }
}
