//! What stands in the files, by the names that Prometheus and promtool give it.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Rules {
    pub(super) groups: Vec<Group>,
}

#[derive(Serialize)]
pub(super) struct Group {
    pub(super) name: &'static str,
    /// How often it is evaluated, if not as often as all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) interval: Option<&'static str>,
    pub(super) rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Rule {
    Recording {
        record: String,
        expr: String,
    },
    Alerting {
        alert: &'static str,
        expr: String,
        #[serde(rename = "for")]
        hold: String,
        labels: BTreeMap<String, String>,
        annotations: BTreeMap<&'static str, String>,
    },
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are promtool's")]
pub(super) struct Tests {
    pub(super) rule_files: [&'static str; 1],
    pub(super) evaluation_interval: &'static str,
    /// Without it, promtool takes the groups in any order, and alerts may not see what is recorded.
    pub(super) group_eval_order: Vec<&'static str>,
    pub(super) tests: Vec<Test>,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are promtool's")]
pub(super) struct Test {
    pub(super) name: String,
    pub(super) interval: &'static str,
    pub(super) input_series: Vec<InputSeries>,
    pub(super) alert_rule_test: Vec<AlertTest>,
}

#[derive(Serialize)]
pub(super) struct InputSeries {
    pub(super) series: String,
    pub(super) values: String,
}

#[derive(Serialize)]
pub(super) struct AlertTest {
    pub(super) eval_time: &'static str,
    pub(super) alertname: &'static str,
    pub(super) exp_alerts: Vec<Expected>,
}

#[derive(Clone, Serialize)]
pub(super) struct Expected {
    pub(super) exp_labels: BTreeMap<String, String>,
    pub(super) exp_annotations: BTreeMap<&'static str, String>,
}
