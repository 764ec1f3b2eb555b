//! How the generated dashboard looks: units, colours, gaps, limits and links.

use std::collections::BTreeSet;

use auth_metrics_rules::{Options, generate};
use serde_json::Value;

use crate::catalogue::catalogue;
use crate::dashboard::{array, dashboard, dashboard_with, panels};

/// Units of Grafana's list, and its form for a unit of one's own.
const UNITS: [&str; 6] = ["percentunit", "reqps", "short", "s", "string", "suffix: ×"];

fn unit(panel: &Value) -> &str {
    let heatmap = panel["type"] == "heatmap";
    let unit = if heatmap { &panel["options"]["yAxis"] } else { &panel["fieldConfig"]["defaults"] };
    unit["unit"].as_str().unwrap_or("none at all")
}

#[test]
fn every_panel_has_an_id_of_its_own_a_unit_a_description_and_the_chosen_source() {
    let dashboard = dashboard();
    let mut ids = BTreeSet::new();
    for panel in panels(&dashboard) {
        let title = &panel["title"];
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}");
        assert!(panel["description"].as_str().is_some_and(|text| text.len() > 10), "{title}");
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
        assert!(
            array(&panel["targets"]).all(|target| target["datasource"]["uid"] == "${datasource}"),
            "{title}"
        );
        assert!(UNITS.contains(&unit(panel)), "{title}: {}", unit(panel));
        let own = array(&panel["fieldConfig"]["overrides"]).flat_map(|each| array(&each["properties"]));
        for unit in own.filter(|property| property["id"] == "unit") {
            assert!(UNITS.contains(&unit["value"].as_str().unwrap()), "{title}: {unit}");
        }
        let valued = panel["type"] == "table" && unit(panel) == "string";
        let properties = panel["fieldConfig"]["overrides"].to_string();
        assert!(!valued || properties.contains("\"id\":\"unit\""), "{title}: its values have no unit");
    }
    assert!(ids.len() > 40);
}

/// The names and fixed colours of a panel's lines.
fn fixed(panel: &Value) -> Vec<(&str, &str)> {
    let mut fixed = Vec::new();
    for each in array(&panel["fieldConfig"]["overrides"]) {
        let name = each["matcher"]["options"].as_str().unwrap();
        let colour = array(&each["properties"]).find(|property| property["id"] == "color");
        fixed.extend(colour.map(|colour| (name, colour["value"]["fixedColor"].as_str().unwrap())));
    }
    fixed
}

#[test]
fn fixed_colours_tell_all_known_values_of_a_panel_apart() {
    let known: [(&str, &[&str]); 5] = [
        ("{{outcome}}", &["success", "rejected", "error", "interim", "cancelled"]),
        ("{{fault}}", &["client", "attack", "server", "neutral", "unknown"]),
        ("{{key_state}}", &["current", "previous", "retired", "unknown"]),
        ("{{operation}}", &["login", "verify"]),
        ("accepted", &["accepted", "refused"]),
    ];
    let dashboard = dashboard();
    let mut seen = BTreeSet::new();
    for panel in panels(&dashboard).into_iter().filter(|panel| panel["type"] == "timeseries") {
        let fixed = fixed(panel);
        let colours: BTreeSet<&str> = fixed.iter().map(|(_, colour)| *colour).collect();
        assert_eq!(colours.len(), fixed.len(), "{}: {fixed:?}", panel["title"]);
        let legend = panel["targets"][0]["legendFormat"].as_str().unwrap();
        match known.iter().find(|(label, _)| *label == legend) {
            // A palette that draws the others would repeat a fixed colour.
            Some((label, values)) => {
                seen.insert(*label);
                let names: BTreeSet<&str> = fixed.iter().map(|(name, _)| *name).collect();
                assert_eq!(names, values.iter().copied().collect(), "{}", panel["title"]);
            }
            None => assert!(fixed.is_empty() || !legend.contains("reason"), "{}", panel["title"]),
        }
        let of = |name: &str| fixed.iter().find(|(each, _)| *each == name).map(|(_, colour)| *colour);
        for name in ["server", "would_allow", "error", "dropped"] {
            assert!(of(name).is_none_or(|colour| colour == "red"), "{name} is red");
        }
    }
    assert_eq!(seen.len(), known.len());
}

#[test]
fn a_gap_is_drawn_as_a_gap() {
    let dashboard = dashboard();
    for panel in panels(&dashboard).into_iter().filter(|panel| panel["type"] == "timeseries") {
        assert_eq!(panel["fieldConfig"]["defaults"]["custom"]["spanNulls"], false, "{}", panel["title"]);
    }
}

#[test]
fn limits_of_alerts_are_drawn_and_stay_in_sight() {
    let dashboard = dashboard_with(&Options::new().slo_target(0.99));
    let drawn = |title: &str| -> Vec<f64> {
        let panel = *panels(&dashboard).iter().find(|panel| panel["title"] == title).unwrap();
        let defaults = &panel["fieldConfig"]["defaults"];
        assert_eq!(defaults["custom"]["thresholdsStyle"]["mode"], "dashed", "{title}");
        let steps: Vec<f64> =
            array(&defaults["thresholds"]["steps"]).filter_map(|step| step["value"].as_f64()).collect();
        assert!(defaults["custom"]["axisSoftMax"].as_f64() >= steps.last().copied(), "{title}");
        steps
    };
    assert_eq!(drawn("Server errors by operation"), [0.06, 0.144]);
    assert_eq!(drawn("95th percentile"), [0.5]);
    assert_eq!(drawn("Rejections, share of the limit"), [1.0]);
}

#[test]
fn latency_and_failures_show_exemplars_where_grafana_can_draw_them() {
    let dashboard = dashboard();
    let with: BTreeSet<&str> = panels(&dashboard)
        .into_iter()
        .filter(|panel| array(&panel["targets"]).any(|target| target["exemplar"] == true))
        .map(|panel| panel["title"].as_str().unwrap())
        .collect();
    let drawn = [
        "Failures by reason",
        "Failures by fault",
        "Median",
        "95th percentile",
        "99th percentile",
        "Heatmap",
    ];
    assert_eq!(with, drawn.into_iter().collect());
}

#[test]
fn links_lead_to_the_runbook_of_each_alert_and_to_one_operation() {
    let options = Options::new().runbook_url("https://runbooks.example/auth");
    let dashboard = dashboard_with(&options);
    assert_eq!(dashboard["links"][0]["url"], "https://runbooks.example/auth");
    let firing = *panels(&dashboard).first().unwrap();
    let property = |title: &str, id: &str| {
        let column =
            array(&firing["fieldConfig"]["overrides"]).find(|each| each["matcher"]["options"] == title);
        let property = array(&column.unwrap()["properties"]).find(|property| property["id"] == id);
        property.unwrap()["value"].clone()
    };
    assert_eq!(property("Alert", "links")[0]["url"], "https://runbooks.example/auth#${__data.fields.anchor}");
    let anchors = property("anchor", "mappings");
    let files = generate(&catalogue(), &options).unwrap();
    let rules = files.get("rules.yml").unwrap();
    let alerts = rules.lines().filter_map(|line| line.trim_start().strip_prefix("- alert: "));
    let alerts: BTreeSet<&str> = alerts.collect();
    assert!(alerts.len() > 20);
    for alert in alerts {
        assert_eq!(anchors[0]["options"][alert]["text"], alert.to_lowercase());
    }
    let here = property("Operation", "links")[0]["url"].as_str().unwrap().to_owned();
    assert!(here.starts_with("/d/auth-metrics?") && here.contains("var-operation=${__value.raw}"), "{here}");
}
