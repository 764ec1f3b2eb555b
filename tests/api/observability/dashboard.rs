//! The generated dashboard: what its panels ask, and where they are. `looks.rs` has colours, units and links.

use std::collections::BTreeSet;
use std::time::Duration;

use auth_metrics_rules::{Options, Part, generate};
use serde_json::Value;

use crate::catalogue::{builder, catalogue};
use crate::families;

pub(crate) fn dashboard_with(options: &Options) -> Value {
    serde_json::from_str(generate(&catalogue(), options).unwrap().get("dashboard.json").unwrap()).unwrap()
}

pub(crate) fn dashboard() -> Value {
    dashboard_with(&Options::new())
}

pub(crate) fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Every panel, those in collapsed rows too.
pub(crate) fn panels(dashboard: &Value) -> Vec<&Value> {
    array(&dashboard["panels"])
        .flat_map(|panel| std::iter::once(panel).chain(array(&panel["panels"])))
        .filter(|panel| panel["type"] != "row")
        .collect()
}

fn expressions(dashboard: &Value) -> Vec<String> {
    let of_panels = panels(dashboard).into_iter().flat_map(|panel| array(&panel["targets"]));
    let all = of_panels.chain(array(&dashboard["annotations"]["list"]));
    all.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

/// The words that could be names of series.
fn words(expr: &str) -> impl Iterator<Item = &str> {
    expr.split(|each: char| !(each.is_ascii_alphanumeric() || each == '_' || each == ':'))
}

/// The words that are names of recorded series. A subquery's `5m:1m` is none.
fn recorded_in(expr: &str) -> impl Iterator<Item = &str> {
    words(expr).filter(|word| word.contains(':') && !word.starts_with(|each: char| each.is_ascii_digit()))
}

/// What follows each name of a series, up to the end of its selector.
fn selectors<'a>(expr: &'a str, starts: &[&str]) -> Vec<&'a str> {
    let named = |word: &&str| starts.iter().any(|start| word.starts_with(start));
    let end = |word: &str| word.as_ptr() as usize - expr.as_ptr() as usize + word.len();
    let after = words(expr).filter(named).map(|word| &expr[end(word)..]);
    after.map(|rest| rest.split_once('}').map_or("", |(selector, _)| selector)).collect()
}

#[test]
fn every_query_names_exported_families_or_recorded_series_only() {
    let files = generate(&catalogue(), &Options::new()).unwrap();
    let rules = files.get("rules.yml").unwrap();
    let recorded: BTreeSet<&str> =
        rules.lines().filter_map(|line| line.trim_start().strip_prefix("- record: ")).collect();
    let known: BTreeSet<&str> = families().flat_map(|family| family.labels.iter().copied()).collect();
    let others = ["job", "instance", "le", "version", "alertname", "severity", "about", "place", "anchor"];
    for expr in expressions(&dashboard()) {
        for name in recorded_in(&expr) {
            assert!(recorded.contains(name), "{name} in {expr}");
        }
        let starts = ["auth_", "service_auth_", "jwt_", "rate_limit_"];
        for name in words(&expr).filter(|word| starts.iter().any(|start| word.starts_with(start))) {
            let base = name.trim_end_matches("_bucket");
            assert!(families().any(|family| [name, base].contains(&family.name)), "{name} in {expr}");
        }
        for by in expr.split("by (").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            for label in by.split(", ") {
                assert!(known.contains(label) || others.contains(&label), "{label} in {expr}");
            }
        }
        assert!(expr.contains("job=~\"$job"), "{expr}");
    }
}

#[test]
fn every_selector_has_the_namespace_the_variables_and_the_matchers_of_the_options() {
    let other = builder().namespace("acme").build().unwrap().catalogue();
    let options = Options::new().select("cluster", "eu").exclude("verify");
    let files = generate(&other, &options).unwrap();
    let dashboard: Value = serde_json::from_str(files.get("dashboard.json").unwrap()).unwrap();
    let mut all = expressions(&dashboard);
    let variables =
        array(&dashboard["templating"]["list"]).filter_map(|each| each["query"]["query"].as_str());
    all.extend(variables.map(str::to_owned));
    let mut found = 0;
    for expr in all {
        for plain in ["auth_", "service_auth_", "jwt_", "rate_limit_"] {
            assert!(!words(&expr).any(|word| word.starts_with(plain)), "no namespace: {expr}");
        }
        for selector in selectors(&expr, &["acme_", "job_service", "up"]) {
            found += 1;
            let recorded = expr.contains("job_service") && !selector.contains("cluster");
            assert!(selector.contains("cluster=\"eu\"") || recorded, "{selector} in {expr}");
            let has_operations = selector.contains("operation=~\"$operation\"");
            assert!(
                !has_operations || expr.contains("job_service") || selector.contains("operation!~\"verify\"")
            );
        }
        assert!(recorded_in(&expr).all(|name| name.contains(":eu_acme_")), "{expr}");
    }
    assert!(found > 100, "{found}");
}

#[test]
fn a_part_that_the_binary_does_not_have_has_no_panel() {
    let parts = [
        (Part::Sources, "auth_source_operations_total"),
        (Part::RateLimits, "rate_limit_"),
        (Part::Credentials, "auth_credential_"),
        (Part::Keys, "auth_key"),
        (Part::Keys, "auth_token_keys_total"),
        (Part::Policies, "auth_fail_open_total"),
        (Part::Policies, "auth_shadow_decisions_total"),
        (Part::Observers, "auth_events_total"),
        (Part::Observers, "auth_event_observer_panics_total"),
        (Part::Detection, "auth_detect"),
        (Part::Detection, "auth_unfamiliar_attempts_total"),
        (Part::Audit, "auth_audit_"),
        (Part::Audit, "auth_correlations_total"),
        (Part::Push, "auth_otlp_"),
    ];
    let names = |options: &Options| {
        let all = expressions(&dashboard_with(options));
        move |name: &str| all.iter().any(|expr| words(expr).any(|word| word.starts_with(name)))
    };
    for (part, name) in parts {
        assert!(names(&Options::new())(name), "{name}");
        assert!(!names(&Options::new().without(part))(name), "{name} without {part:?}");
    }
    let bare = dashboard_with(&Options::new().without(Part::RateLimits).without(Part::Credentials));
    let rows: Vec<_> = array(&bare["panels"]).filter(|panel| panel["type"] == "row").collect();
    assert!(rows.iter().all(|row| row["panels"].as_array().is_some_and(|panels| !panels.is_empty())));
    assert!(rows.iter().all(|row| row["title"] != "Rate limits" && row["title"] != "Credentials"));
}

#[test]
fn the_scrape_interval_is_the_minimum_step_of_every_panel() {
    for (seconds, step) in [(15, "15s"), (60, "60s")] {
        let dashboard = dashboard_with(&Options::new().scrape_interval(Duration::from_secs(seconds)));
        assert!(panels(&dashboard).iter().all(|panel| panel["interval"] == step), "{step}");
    }
}

#[test]
fn replicas_are_chosen_where_they_are_told_apart() {
    let dashboard = dashboard();
    for panel in panels(&dashboard) {
        for expr in array(&panel["targets"]).map(|target| target["expr"].as_str().unwrap()) {
            let lists = expr.split("by (").skip(1).map(|rest| rest.split(')').next().unwrap());
            let told = lists.flat_map(|labels| labels.split(", ")).any(|label| label == "instance");
            assert!(!told || expr.contains("instance=~\"$instance"), "{}: {expr}", panel["title"]);
        }
    }
    let names: Vec<_> =
        array(&dashboard["templating"]["list"]).map(|each| each["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["datasource", "job", "service", "operation", "instance"]);
}

#[test]
fn the_first_screen_fits_900_pixels_and_every_row_is_collapsed() {
    let dashboard = dashboard();
    let (rows, open): (Vec<_>, Vec<_>) =
        array(&dashboard["panels"]).partition(|panel| panel["type"] == "row");
    let bottom = open
        .iter()
        .map(|panel| panel["gridPos"]["y"].as_u64().unwrap() + panel["gridPos"]["h"].as_u64().unwrap());
    // A cell is 38 pixels high, Grafana's bars above them about 100.
    assert!(bottom.max().unwrap() <= 21);
    assert!(rows.len() >= 8 && rows.iter().all(|row| row["collapsed"] == true));
}

#[test]
fn no_two_panels_overlap_and_none_leaves_the_grid() {
    let dashboard = dashboard();
    let check = |panels: &[&Value], top: u64| {
        let mut taken = BTreeSet::new();
        for panel in panels {
            let of = |side: &str| panel["gridPos"][side].as_u64().unwrap();
            assert!(of("y") >= top, "{} is above its row", panel["title"]);
            for x in of("x")..of("x") + of("w") {
                for y in of("y")..of("y") + of("h") {
                    assert!(x < 24 && taken.insert((x, y)), "{} at {x}, {y}", panel["title"]);
                }
            }
        }
    };
    let top: Vec<&Value> = array(&dashboard["panels"]).collect();
    check(&top, 0);
    // Panels of a collapsed row are where they are if it alone is opened.
    for row in top.iter().filter(|panel| panel["type"] == "row") {
        check(&array(&row["panels"]).collect::<Vec<_>>(), row["gridPos"]["y"].as_u64().unwrap() + 1);
    }
}

#[test]
fn the_uid_is_stable_and_tells_namespaces_apart() {
    assert_eq!(dashboard()["uid"], "auth-metrics");
    let other = builder().namespace("acme").build().unwrap().catalogue();
    let text = generate(&other, &Options::new()).unwrap().get("dashboard.json").unwrap().to_owned();
    assert!(text.contains("\"uid\": \"auth-metrics-acme\"") && text.contains("acme_auth_operations_total{"));
}
