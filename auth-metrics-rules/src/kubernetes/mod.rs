//! Kubernetes objects around the files of the pack: what the Prometheus operator reads, and the dashboard for Grafana's sidecar. Knows the
//! files as text.

mod names;
mod objects;
mod options;

use std::collections::BTreeMap;
use std::time::Duration;

use super::RulesError;
use super::document::{generated, parsed};
use objects::{ConfigMap, Metadata, Monitored, Object, Spec};
pub use options::{Kubernetes, Monitor};

const RULES: &str = "kubernetes/rules.yaml";
const MONITOR: &str = "kubernetes/monitor.yaml";
const DASHBOARD: &str = "kubernetes/dashboard.yaml";

/// Generates the objects around these rules and this dashboard.
pub(super) fn files(
    kubernetes: &Kubernetes,
    scrape_interval: Duration,
    rules: &str,
    (dashboard, text): (&str, &str),
) -> Result<[(&'static str, String); 3], RulesError> {
    let rule = Object {
        api_version: objects::OPERATOR,
        kind: "PrometheusRule",
        metadata: Metadata::of(kubernetes, "", None),
        content: Spec { spec: parsed::<yaml_serde::Value>(RULES, rules)? },
    };
    let monitor = Object {
        api_version: objects::OPERATOR,
        kind: match kubernetes.monitor {
            Monitor::Service => "ServiceMonitor",
            Monitor::Pod => "PodMonitor",
        },
        metadata: Metadata::of(kubernetes, "", None),
        content: Spec { spec: Monitored::of(kubernetes, scrape_interval) },
    };
    let config_map = Object {
        api_version: "v1",
        kind: "ConfigMap",
        metadata: Metadata::of(kubernetes, "-dashboard", Some(&kubernetes.grafana_label)),
        content: ConfigMap { data: BTreeMap::from([(dashboard, text)]) },
    };
    let config_map = generated(DASHBOARD, &config_map)?;
    if config_map.len() > objects::MOST {
        return Err(RulesError::ConfigMapSize { bytes: config_map.len(), most: objects::MOST });
    }
    Ok([(RULES, generated(RULES, &rule)?), (MONITOR, generated(MONITOR, &monitor)?), (DASHBOARD, config_map)])
}
