//! The objects, by the names that Kubernetes and the Prometheus operator give their fields.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::options::{Kubernetes, Monitor};

/// The API of the operator.
pub(super) const OPERATOR: &str = "monitoring.coreos.com/v1";

/// How large a `ConfigMap` may be, in bytes.
pub(super) const MOST: usize = 1024 * 1024;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Object<S> {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) metadata: Metadata,
    #[serde(flatten)]
    pub(super) content: S,
}

#[derive(Serialize)]
pub(super) struct Metadata {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
pub(super) struct Spec<T> {
    pub(super) spec: T,
}

#[derive(Serialize)]
pub(super) struct ConfigMap<'a> {
    pub(super) data: BTreeMap<&'a str, &'a str>,
}

/// The specification of a `ServiceMonitor` or a `PodMonitor`, which differ in one name.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Monitored {
    selector: Selector,
    #[serde(rename = "convertClassicHistogramsToNHCB", skip_serializing_if = "std::ops::Not::not")]
    native_histograms: bool,
    #[serde(flatten)]
    endpoints: Endpoints,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Selector {
    match_labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Endpoints {
    Endpoints([Endpoint; 1]),
    PodMetricsEndpoints([Endpoint; 1]),
}

#[derive(Serialize)]
struct Endpoint {
    port: String,
    path: String,
    interval: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<Authorization>,
}

#[derive(Serialize)]
struct Authorization {
    #[serde(rename = "type")]
    scheme: &'static str,
    credentials: SecretKey,
}

#[derive(Serialize)]
struct SecretKey {
    name: String,
    key: String,
}

impl Metadata {
    /// Names an object, with a label of its own if it needs one.
    pub(super) fn of(kubernetes: &Kubernetes, suffix: &str, more: Option<&(String, String)>) -> Metadata {
        let mut labels = kubernetes.labels.clone();
        labels.extend(more.cloned());
        Metadata {
            name: format!("{}{suffix}", kubernetes.name),
            namespace: kubernetes.namespace.clone(),
            labels,
        }
    }
}

impl Monitored {
    pub(super) fn of(kubernetes: &Kubernetes, scrape_interval: Duration) -> Monitored {
        let credentials = kubernetes.bearer_token.clone().map(|(name, key)| SecretKey { name, key });
        let endpoint = [Endpoint {
            port: kubernetes.port.clone(),
            path: kubernetes.path.clone(),
            interval: spelled(scrape_interval),
            authorization: credentials.map(|credentials| Authorization { scheme: "Bearer", credentials }),
        }];
        Monitored {
            selector: Selector { match_labels: kubernetes.selected() },
            native_histograms: kubernetes.native_histograms,
            endpoints: match kubernetes.monitor {
                Monitor::Service => Endpoints::Endpoints(endpoint),
                Monitor::Pod => Endpoints::PodMetricsEndpoints(endpoint),
            },
        }
    }
}

/// Spells a duration for Prometheus, which knows nothing below a millisecond: `15s`, `1s500ms`.
fn spelled(duration: Duration) -> String {
    match duration.subsec_millis() {
        0 => format!("{}s", duration.as_secs()),
        millis => format!("{}s{millis}ms", duration.as_secs()),
    }
}
