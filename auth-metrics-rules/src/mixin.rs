//! A jsonnet mixin around the files of the pack, for those who assemble their monitoring with it. Knows the files by name.

use super::document::GENERATED;

/// The name of the file.
pub(super) const FILE: &str = "mixin.libsonnet";

/// Generates the mixin. Two packs can be added to each other if their dashboards have different names.
pub(super) fn file(namespace: Option<&str>) -> (&'static str, String) {
    let dashboard = namespace
        .map_or_else(|| "auth-metrics.json".to_owned(), |namespace| format!("auth-metrics-{namespace}.json"));
    let text = format!(
        "{GENERATED}\
local groups = std.parseYaml(importstr 'rules.yml').groups;
local having(field) = [
  group {{ rules: [rule for rule in group.rules if field in rule] }}
  for group in groups
  if std.length([rule for rule in group.rules if field in rule]) > 0
];

{{
  prometheusAlerts+:: {{ groups+: having('alert') }},
  prometheusRules+:: {{ groups+: having('record') }},
  grafanaDashboards+:: {{ '{dashboard}': import 'dashboard.json' }},
}}
"
    );
    (FILE, text)
}
