//! `Kubernetes`: what the objects are named, what they select, and how it is scraped.

use std::collections::BTreeMap;

use super::super::RulesError;
use super::names;

/// The label by which most tools name what a pod runs.
const APP: &str = "app.kubernetes.io/name";

/// What the Prometheus operator finds the targets by. One of them scrapes every pod; both would count each attempt twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Monitor {
    /// A `ServiceMonitor`: the pods behind a `Service`. The label `job` is the name of the service.
    Service,
    /// A `PodMonitor`: pods that need no `Service`. The label `job` is the namespace and the name of the object: `prod/gateway`.
    Pod,
}

/// Kubernetes objects to generate beside the rules, for [`Options::kubernetes`](crate::Options::kubernetes): a `PrometheusRule`, a
/// `ServiceMonitor` or `PodMonitor`, and a `ConfigMap` with the dashboard.
///
/// ```
/// use auth_metrics_rules::{Kubernetes, Monitor, Options};
///
/// let kubernetes = Kubernetes::new("gateway")
///     .namespace("prod")
///     .label("release", "kube-prometheus-stack")
///     .monitor(Monitor::Pod)
///     .port("metrics")
///     .bearer_token_secret("gateway-scrape", "token");
/// let options = Options::new().kubernetes(kubernetes);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Kubernetes {
    pub(super) name: String,
    pub(super) namespace: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) selector: BTreeMap<String, String>,
    pub(super) monitor: Monitor,
    pub(super) port: String,
    pub(super) path: String,
    pub(super) bearer_token: Option<(String, String)>,
    pub(super) native_histograms: bool,
    pub(super) grafana_label: (String, String),
}

impl Kubernetes {
    /// Names the objects: `gateway` gives the rule and the monitor this name, and the dashboard `gateway-dashboard`.
    ///
    /// ```
    /// use auth_metrics_rules::{Kubernetes, Options};
    ///
    /// // Scrapes the port `metrics` of the service with the label `app.kubernetes.io/name: gateway`.
    /// let options = Options::new().kubernetes(Kubernetes::new("gateway"));
    /// # let _ = options;
    /// ```
    pub fn new(name: impl Into<String>) -> Kubernetes {
        Kubernetes {
            name: name.into(),
            namespace: None,
            labels: BTreeMap::new(),
            selector: BTreeMap::new(),
            monitor: Monitor::Service,
            port: "metrics".to_owned(),
            path: "/metrics".to_owned(),
            bearer_token: None,
            native_histograms: false,
            grafana_label: ("grafana_dashboard".to_owned(), "1".to_owned()),
        }
    }

    /// Sets the namespace of the objects, which must be that of the pods. Default: none, so `kubectl apply --namespace` decides.
    ///
    /// ```
    /// # use auth_metrics_rules::Kubernetes;
    /// let kubernetes = Kubernetes::new("gateway").namespace("prod");
    /// # let _ = kubernetes;
    /// ```
    pub fn namespace(mut self, namespace: impl Into<String>) -> Kubernetes {
        self.namespace = Some(namespace.into());
        self
    }

    /// Adds a label to every object. The operator ignores a rule or monitor whose labels do not match the selectors of its `Prometheus`;
    /// the Helm chart kube-prometheus-stack looks for the label `release`.
    ///
    /// ```
    /// # use auth_metrics_rules::Kubernetes;
    /// let kubernetes = Kubernetes::new("gateway").label("release", "kube-prometheus-stack");
    /// # let _ = kubernetes;
    /// ```
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Kubernetes {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// Scrapes the services or pods that have this label. Several must all match. Default: `app.kubernetes.io/name` is the name of the
    /// objects.
    ///
    /// ```
    /// # use auth_metrics_rules::Kubernetes;
    /// let kubernetes = Kubernetes::new("gateway").selector("app", "gateway").selector("tier", "edge");
    /// # let _ = kubernetes;
    /// ```
    pub fn selector(mut self, key: impl Into<String>, value: impl Into<String>) -> Kubernetes {
        self.selector.insert(key.into(), value.into());
        self
    }

    /// Chooses how the targets are found. Default: [`Monitor::Service`].
    ///
    /// ```
    /// # use auth_metrics_rules::{Kubernetes, Monitor};
    /// let kubernetes = Kubernetes::new("gateway").monitor(Monitor::Pod);
    /// # let _ = kubernetes;
    /// ```
    pub fn monitor(mut self, monitor: Monitor) -> Kubernetes {
        self.monitor = monitor;
        self
    }

    /// Sets the name of the port to scrape, of the service or of the container. Default: `metrics`.
    ///
    /// ```
    /// # use auth_metrics_rules::Kubernetes;
    /// let kubernetes = Kubernetes::new("gateway").port("http-metrics");
    /// # let _ = kubernetes;
    /// ```
    pub fn port(mut self, name: impl Into<String>) -> Kubernetes {
        self.port = name.into();
        self
    }

    /// Sets the path to scrape. Default: `/metrics`.
    ///
    /// ```
    /// # use auth_metrics_rules::Kubernetes;
    /// let kubernetes = Kubernetes::new("gateway").path("/internal/metrics");
    /// # let _ = kubernetes;
    /// ```
    pub fn path(mut self, path: impl Into<String>) -> Kubernetes {
        self.path = path.into();
        self
    }

    /// Sends the bearer token that is stored under this key of a `Secret` in the namespace of the objects. The files contain the names of
    /// both, never the token.
    ///
    /// ```
    /// # use auth_metrics_rules::Kubernetes;
    /// // kubectl create secret generic gateway-scrape --from-literal=token=…
    /// let kubernetes = Kubernetes::new("gateway").bearer_token_secret("gateway-scrape", "token");
    /// # let _ = kubernetes;
    /// ```
    pub fn bearer_token_secret(mut self, name: impl Into<String>, key: impl Into<String>) -> Kubernetes {
        self.bearer_token = Some((name.into(), key.into()));
        self
    }

    /// Stores each histogram as one native histogram with custom buckets instead of a series per bucket: the field
    /// `convertClassicHistogramsToNHCB` of the monitor. It needs version 0.82 of the operator and Prometheus 3; before Prometheus 3.8, add
    /// `native-histograms` to `enableFeatures` of the `Prometheus` object. The rules read either form. Default: `false`.
    ///
    /// ```
    /// # use auth_metrics_rules::Kubernetes;
    /// let kubernetes = Kubernetes::new("gateway").native_histograms(true);
    /// # let _ = kubernetes;
    /// ```
    pub fn native_histograms(mut self, native: bool) -> Kubernetes {
        self.native_histograms = native;
        self
    }

    /// Sets the label by which Grafana's sidecar finds the `ConfigMap` of the dashboard. Default: `grafana_dashboard: "1"`, as the
    /// sidecar of kube-prometheus-stack expects it.
    ///
    /// ```
    /// # use auth_metrics_rules::Kubernetes;
    /// let kubernetes = Kubernetes::new("gateway").grafana_label("dashboards", "auth");
    /// # let _ = kubernetes;
    /// ```
    pub fn grafana_label(mut self, key: impl Into<String>, value: impl Into<String>) -> Kubernetes {
        self.grafana_label = (key.into(), value.into());
        self
    }

    /// Returns what can't be written as Kubernetes needs it.
    pub(in super::super) fn check(&self) -> Result<(), RulesError> {
        names::domain("name", &self.name, names::LONGEST_OBJECT)?;
        self.namespace.iter().try_for_each(|namespace| names::label("namespace", namespace))?;
        let grafana = std::iter::once((&self.grafana_label.0, &self.grafana_label.1));
        for (option, labels) in [("label", &self.labels), ("selector", &self.selector)] {
            labels.iter().try_for_each(|(key, value)| names::metadata(option, key, value))?;
        }
        grafana.into_iter().try_for_each(|(key, value)| names::metadata("grafana_label", key, value))?;
        if self.selector.is_empty() {
            // It is the value of a label then.
            names::label("name", &self.name)?;
        }
        names::port(&self.port, self.monitor == Monitor::Pod)?;
        names::path(&self.path)?;
        let Some((secret, key)) = &self.bearer_token else { return Ok(()) };
        names::domain("bearer_token_secret", secret, names::LONGEST)?;
        names::key("bearer_token_secret", key)
    }

    /// Returns the labels of what is scraped.
    pub(super) fn selected(&self) -> BTreeMap<String, String> {
        if self.selector.is_empty() {
            return BTreeMap::from([(APP.to_owned(), self.name.clone())]);
        }
        self.selector.clone()
    }
}
