//! The Kubernetes objects say what the files and the options say.

use auth_metrics_rules::{GeneratedFiles, Kubernetes, Monitor, Options, RulesError, generate};
use std::time::Duration;
use yaml_serde::Value;

use crate::catalogue::catalogue;
use crate::yaml::{list, text};

/// What Kubernetes accepts as one object.
const MOST: usize = 1024 * 1024;

fn generated(kubernetes: Kubernetes) -> GeneratedFiles {
    generate(&catalogue(), &Options::new().kubernetes(kubernetes)).unwrap()
}

fn object(files: &GeneratedFiles, file: &str) -> Value {
    yaml_serde::from_str(files.get(file).unwrap()).unwrap()
}

fn monitor(kubernetes: Kubernetes) -> Value {
    object(&generated(kubernetes), "kubernetes/monitor.yaml")
}

fn refused(kubernetes: Kubernetes) -> String {
    let refused = generate(&catalogue(), &Options::new().kubernetes(kubernetes)).unwrap_err();
    assert!(matches!(refused, RulesError::Kubernetes { .. }), "{refused:?}");
    refused.to_string()
}

fn yaml(text: &str) -> Value {
    yaml_serde::from_str(text).unwrap()
}

#[test]
fn the_rules_of_the_object_are_those_of_the_file() {
    let files = generated(Kubernetes::new("gateway"));
    let rules = object(&files, "rules.yml");
    assert!(list(&rules["groups"]).len() > 4);
    assert_eq!(object(&files, "kubernetes/rules.yaml")["spec"], rules);
}

#[test]
fn the_dashboard_of_the_object_is_the_file_and_fits() {
    let files = generated(Kubernetes::new("gateway"));
    let config_map = object(&files, "kubernetes/dashboard.yaml");
    assert_eq!(text(&config_map["data"]["dashboard.json"]), files.get("dashboard.json").unwrap());
    assert!(files.get("kubernetes/dashboard.yaml").unwrap().len() < MOST);
}

#[test]
fn without_the_option_there_are_no_objects() {
    let files = generate(&catalogue(), &Options::new()).unwrap();
    assert!(files.iter().all(|(name, _)| !name.starts_with("kubernetes/")));
}

#[test]
fn every_object_has_its_name_namespace_and_labels() {
    let kubernetes = Kubernetes::new("gateway").namespace("prod").label("release", "stack");
    let files = generated(kubernetes.grafana_label("dashboards", "auth"));
    let metadata = |file: &str| object(&files, file)["metadata"].clone();
    let both = yaml("{name: gateway, namespace: prod, labels: {release: stack}}");
    assert_eq!(metadata("kubernetes/rules.yaml"), both);
    assert_eq!(metadata("kubernetes/monitor.yaml"), both);
    let of_grafana =
        yaml("{name: gateway-dashboard, namespace: prod, labels: {release: stack, dashboards: auth}}");
    assert_eq!(metadata("kubernetes/dashboard.yaml"), of_grafana);
}

#[test]
fn a_service_monitor_is_the_default() {
    let found = monitor(Kubernetes::new("gateway"));
    assert_eq!(text(&found["kind"]), "ServiceMonitor");
    let spec = yaml(
        "{selector: {matchLabels: {app.kubernetes.io/name: gateway}},
          endpoints: [{port: metrics, path: /metrics, interval: 15s}]}",
    );
    assert_eq!(found["spec"], spec);
}

#[test]
fn a_pod_monitor_says_all_that_the_options_say() {
    let kubernetes = Kubernetes::new("gateway")
        .monitor(Monitor::Pod)
        .selector("app", "gateway")
        .selector("tier", "edge")
        .port("admin")
        .path("/internal")
        .native_histograms(true)
        .bearer_token_secret("scrape", "token");
    let options = Options::new().scrape_interval(Duration::from_millis(1_500)).kubernetes(kubernetes);
    let found = object(&generate(&catalogue(), &options).unwrap(), "kubernetes/monitor.yaml");
    assert_eq!(text(&found["kind"]), "PodMonitor");
    let spec = yaml(
        "{selector: {matchLabels: {app: gateway, tier: edge}}, convertClassicHistogramsToNHCB: true,
          podMetricsEndpoints: [{port: admin, path: /internal, interval: 1s500ms,
            authorization: {type: Bearer, credentials: {name: scrape, key: token}}}]}",
    );
    assert_eq!(found["spec"], spec);
}

#[test]
fn names_that_kubernetes_refuses_are_refused_here() {
    let gateway = || Kubernetes::new("gateway");
    let long = "x".repeat(64);
    for kubernetes in [
        Kubernetes::new(""),
        Kubernetes::new("Gateway"),
        Kubernetes::new("gate_way"),
        Kubernetes::new("-gateway"),
        Kubernetes::new("gate..way"),
        Kubernetes::new("x".repeat(244)).selector("app", "x"),
        gateway().namespace("prod.eu"),
        gateway().namespace(""),
        gateway().namespace(&long),
        gateway().label("release", "kube prometheus"),
        gateway().label("", "x"),
        gateway().label("a/b/c", "x"),
        gateway().label("/name", "x"),
        gateway().label(&long, "x"),
        gateway().selector("app", "-"),
        gateway().grafana_label("grafana dashboard", "1"),
        gateway().port("8080/tcp"),
        gateway().port(&long),
        gateway().monitor(Monitor::Pod).port("metrics-of-the-gateway"),
        gateway().monitor(Monitor::Pod).port("8080"),
        gateway().path("metrics"),
        gateway().path("/metrics?all=1"),
        gateway().bearer_token_secret("Scrape", "token"),
        gateway().bearer_token_secret("scrape", "to ken"),
        gateway().bearer_token_secret("scrape", ".."),
    ] {
        refused(kubernetes);
    }
    let message = refused(Kubernetes::new("Gateway"));
    assert_eq!(
        message,
        "\"Gateway\" can't be the name of Kubernetes objects: write lower-case letters, digits, - and ., such as gateway"
    );
}

#[test]
fn names_that_kubernetes_accepts_are_accepted_here() {
    for kubernetes in [
        Kubernetes::new("gateway.v2").selector("app", "x"),
        Kubernetes::new("1-gateway"),
        Kubernetes::new("gateway").label("example.com/team", "Identity_1.x").label("empty", ""),
        Kubernetes::new("gateway").port("a-service-may-have-such-a-long-name"),
        Kubernetes::new("gateway").monitor(Monitor::Pod).port("m8080"),
        Kubernetes::new("gateway").bearer_token_secret("scrape.tokens", "TOKEN_1"),
    ] {
        generated(kubernetes);
    }
}
