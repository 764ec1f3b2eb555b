//! The generated dashboard.

use std::collections::BTreeSet;

use auth_metrics_rules::{Options, generate};
use serde_json::Value;

use crate::catalogue::{builder, catalogue};
use crate::families;

fn dashboard() -> Value {
    serde_json::from_str(generate(&catalogue(), &Options::new()).unwrap().get("dashboard.json").unwrap())
        .unwrap()
}

fn panels(dashboard: &Value) -> Vec<&Value> {
    dashboard["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row").collect()
}

#[test]
fn every_query_names_families_and_their_labels_only() {
    let dashboard = dashboard();
    let known: BTreeSet<&str> = families().flat_map(|family| family.labels.iter().copied()).collect();
    for target in panels(&dashboard).iter().flat_map(|panel| panel["targets"].as_array().unwrap()) {
        let expr = target["expr"].as_str().unwrap();
        let names = expr.split(|each: char| !(each.is_ascii_alphanumeric() || each == '_')).filter(|word| {
            ["auth_", "service_auth_", "jwt_", "rate_limit_"].iter().any(|start| word.starts_with(start))
        });
        for name in names {
            let base = name.trim_end_matches("_bucket");
            assert!(families().any(|family| [name, base].contains(&family.name)), "{name} in {expr}");
        }
        for by in expr.split("by (").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            for label in by.split(", ") {
                assert!(
                    known.contains(label) || ["job", "le", "version"].contains(&label),
                    "{label} in {expr}"
                );
            }
        }
        assert!(expr.contains("job=~\"$job\""), "{expr}");
    }
}

#[test]
fn every_panel_has_an_id_of_its_own_a_unit_a_description_and_the_chosen_source() {
    let dashboard = dashboard();
    let ids: BTreeSet<u64> =
        dashboard["panels"].as_array().unwrap().iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), dashboard["panels"].as_array().unwrap().len());
    for panel in panels(&dashboard) {
        let title = &panel["title"];
        assert!(panel["description"].as_str().is_some_and(|text| text.len() > 10), "{title}");
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
        let unit = if panel["type"] == "heatmap" {
            &panel["options"]["yAxis"]
        } else {
            &panel["fieldConfig"]["defaults"]
        };
        let known = ["percentunit", "reqps", "short", "s"];
        assert!(known.iter().any(|known| unit["unit"] == *known), "{title}");
        assert!(
            panel["targets"]
                .as_array()
                .unwrap()
                .iter()
                .all(|target| target["datasource"]["uid"] == "${datasource}")
        );
    }
}

#[test]
fn latency_and_failures_show_exemplars_where_grafana_can_draw_them() {
    let dashboard = dashboard();
    let mut row = "";
    for panel in dashboard["panels"].as_array().unwrap() {
        let (title, plugin) = (panel["title"].as_str().unwrap(), panel["type"].as_str().unwrap());
        if plugin == "row" {
            row = title;
            continue;
        }
        let drawn = ["Latency", "Failures"].contains(&row) && ["timeseries", "heatmap"].contains(&plugin);
        let targets = panel["targets"].as_array().unwrap();
        assert!(targets.iter().all(|target| target["exemplar"] == drawn), "{row}: {title}");
    }
}

#[test]
fn no_two_panels_overlap_and_none_leaves_the_grid() {
    let dashboard = dashboard();
    let mut taken = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        let of = |side: &str| panel["gridPos"][side].as_u64().unwrap();
        for x in of("x")..of("x") + of("w") {
            for y in of("y")..of("y") + of("h") {
                assert!(x < 24 && taken.insert((x, y)), "{} at {x}, {y}", panel["title"]);
            }
        }
    }
}

#[test]
fn the_uid_is_stable_and_tells_namespaces_apart() {
    assert_eq!(dashboard()["uid"], "auth-metrics");
    let other = builder().namespace("acme").build().unwrap().catalogue();
    let text = generate(&other, &Options::new()).unwrap().get("dashboard.json").unwrap().to_owned();
    assert!(text.contains("\"uid\": \"auth-metrics-acme\"") && text.contains("acme_auth_operations_total{"));
}

#[test]
fn a_link_leads_to_the_runbooks_of_the_team() {
    let options = Options::new().runbook_url("https://runbooks.example/auth");
    let text = generate(&catalogue(), &options).unwrap().get("dashboard.json").unwrap().to_owned();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(dashboard["links"][0]["url"], "https://runbooks.example/auth");
}
