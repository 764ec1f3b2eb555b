//! The mixin, as jsonnet reads it. It is in Debian's package jsonnet.

use std::fs;
use std::path::Path;
use std::process::Command;

use auth_metrics::catalogue::Catalogue;
use auth_metrics_rules::{Options, generate};
use serde_json::{Value, json};

use crate::promtool::catalogue::{builder, catalogue};
use crate::stack::folder;

/// The value of an expression over the mixin of a folder.
fn evaluated(folder: &Path, expression: &str) -> Value {
    let expression = format!("local mixin = import 'mixin.libsonnet'; {expression}");
    let output = Command::new("jsonnet").args(["-e", &expression]).current_dir(folder).output();
    let output = output.unwrap_or_else(|error| panic!("jsonnet: {error}: it is in Debian's package jsonnet"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{expression}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The groups of the rules, with those rules only that have a field, and no empty group.
fn groups_having(rules: &Value, field: &str) -> Value {
    let groups = rules["groups"].as_array().unwrap().iter().cloned().filter_map(|mut group| {
        let rules = group["rules"].as_array_mut().unwrap();
        rules.retain(|rule| rule.get(field).is_some());
        (!rules.is_empty()).then_some(group)
    });
    json!({ "groups": groups.collect::<Vec<_>>() })
}

/// The same with each number to twelve digits: jsonnet writes `0` for `0.0`, and seventeen digits of a fraction.
fn in_doubles(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(format!("{:.12e}", number.as_f64().unwrap())),
        Value::Array(values) => values.into_iter().map(in_doubles).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, in_doubles(value))).collect(),
        other => other,
    }
}

fn assert_same(name: &str, catalogue: &Catalogue, dashboard: &str) {
    let folder = folder(name);
    let files = generate(catalogue, &Options::new()).unwrap();
    files.write_to(&folder).unwrap();
    let rules: Value = yaml_serde::from_str(files.get("rules.yml").unwrap()).unwrap();
    let alerts = groups_having(&rules, "alert");
    assert!(alerts["groups"].as_array().unwrap().len() > 3);
    assert_eq!(evaluated(&folder, "mixin.prometheusAlerts"), alerts);
    assert_eq!(evaluated(&folder, "mixin.prometheusRules"), groups_having(&rules, "record"));
    let file: Value = serde_json::from_str(files.get("dashboard.json").unwrap()).unwrap();
    let dashboards = evaluated(&folder, "mixin.grafanaDashboards");
    assert_eq!(in_doubles(dashboards), in_doubles(json!({ dashboard: file })));
}

#[test]
#[ignore = "needs jsonnet; ./check runs it"]
fn mixin_has_the_alerts_the_recorded_rules_and_the_dashboard() {
    assert_same("mixin", &catalogue(), "auth-metrics.json");
    let acme = builder().namespace("acme").build().unwrap().catalogue();
    assert_same("mixin_acme", &acme, "auth-metrics-acme.json");
}

#[test]
#[ignore = "needs jsonnet; ./check runs it"]
fn mixins_add_to_what_is_there() {
    let folder = folder("mixin_added");
    generate(&catalogue(), &Options::new()).unwrap().write_to(&folder).unwrap();
    let other = "local other = { prometheusAlerts+:: { groups+: [{ name: 'mine' }] }, grafanaDashboards+:: { mine: {} } };";
    let names = evaluated(
        &folder,
        &format!("{other} [group.name for group in (other + mixin).prometheusAlerts.groups]"),
    );
    assert_eq!(names[0], "mine");
    assert!(names.as_array().unwrap().len() > 4);
    let dashboards =
        evaluated(&folder, &format!("{other} std.objectFields((other + mixin).grafanaDashboards)"));
    assert_eq!(dashboards, json!(["auth-metrics.json", "mine"]));
}

/// As the guide says: the receivers of one's own, without a change to the file.
#[test]
#[ignore = "needs jsonnet; ./check runs it"]
fn receivers_are_filled_in_from_outside() {
    let folder = folder("mixin_receivers");
    generate(&catalogue(), &Options::new()).unwrap().write_to(&folder).unwrap();
    fs::write(folder.join("receivers.json"), r#"[{ "name": "pager" }, { "name": "tickets" }]"#).unwrap();
    let filled = "std.parseYaml(importstr 'alertmanager.yml') + { receivers: import 'receivers.json' }";
    let filled = evaluated(&folder, filled);
    assert_eq!(filled["receivers"][1]["name"], "tickets");
    assert!(filled["inhibit_rules"].as_array().unwrap().len() > 3);
}
