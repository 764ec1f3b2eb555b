//! The Kubernetes objects against the schemas and types of the Prometheus operator and of Kubernetes, by `tools/kubernetes`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use auth_metrics_rules::{Kubernetes, Monitor, Options, generate};

use crate::promtool::catalogue::catalogue;
use crate::stack::folder;

/// What the validator says; an error if it finds a fault.
fn validated(files: &[PathBuf]) -> Result<String, String> {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/kubernetes/validate.mjs");
    let output = Command::new("node").arg(tool).args(files).output();
    let output =
        output.expect("node is needed, and `npm ci --prefix tools/kubernetes`: run ./check kubernetes");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// Objects with everything that the options can say.
fn full() -> Kubernetes {
    Kubernetes::new("gateway")
        .namespace("prod")
        .label("release", "kube-prometheus-stack")
        .selector("app", "gateway")
        .bearer_token_secret("scrape", "token")
        .native_histograms(true)
        .grafana_label("dashboards", "auth")
}

fn written(name: &str, options: &Options) -> Vec<PathBuf> {
    let folder = folder(name);
    generate(&catalogue(), options).unwrap().write_to(&folder).unwrap();
    ["rules", "monitor", "dashboard"].map(|file| folder.join(format!("kubernetes/{file}.yaml"))).into()
}

#[test]
#[ignore = "needs node and the packages of tools/kubernetes; ./check runs it"]
fn objects_are_valid_with_any_options() {
    let short = Options::new().scrape_interval(Duration::from_millis(1_500));
    let files = [
        written("kubernetes_plain", &Options::new().kubernetes(Kubernetes::new("gateway"))),
        written("kubernetes_service", &short.kubernetes(full())),
        written("kubernetes_pod", &Options::new().kubernetes(full().monitor(Monitor::Pod))),
    ];
    let said = validated(&files.concat()).unwrap();
    assert_eq!(said.matches(".yaml").count(), 9, "{said}");
}

/// File, what is there, what is put in its place.
const MUTATIONS: [(&str, &str, &str); 14] = [
    ("rules", "kind: PrometheusRule", "kind: PrometheusRules"),
    ("rules", "\nspec:", "\nspecs:"),
    ("rules", "    for: 2m", "    for: two minutes"),
    ("rules", "    expr: ", "    expression: "),
    ("rules", "    labels:", "    label:"),
    ("monitor", "interval: 15s", "interval: 15 s"),
    ("monitor", "port: metrics", "port: 8080"),
    ("monitor", "matchLabels:", "matchlabels:"),
    ("monitor", "convertClassicHistogramsToNHCB: true", "convertClassicHistogramsToNHCB: always"),
    ("monitor", "convertClassicHistogramsToNHCB:", "convertClassicHistogramToNHCB:"),
    ("monitor", "credentials:", "credential:"),
    ("monitor", "key: token", "keys: token"),
    ("monitor", "\n  endpoints:", "\n  podMetricsEndpoints:"),
    ("dashboard", "\ndata:", "\ncontent:"),
];

#[test]
#[ignore = "needs node and the packages of tools/kubernetes; ./check runs it"]
fn validator_finds_each_mutation() {
    let files = written("kubernetes_mutated", &Options::new().kubernetes(full()));
    let mutated = MUTATIONS.iter().enumerate().map(|(number, (file, there, other))| {
        let path = files.iter().find(|path| path.ends_with(format!("{file}.yaml"))).unwrap();
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(there), "{file} has no {there}");
        let path = path.with_file_name(format!("mutation-{number}.yaml"));
        fs::write(&path, text.replacen(there, other, 1)).unwrap();
        path
    });
    let mutated: Vec<PathBuf> = mutated.collect();
    let said = validated(&mutated).unwrap_err();
    for (path, mutation) in mutated.iter().zip(MUTATIONS) {
        assert!(said.contains(&format!("{}: ", path.display())), "{mutation:?} is not found:\n{said}");
    }
}
