//! The rules, and the queries of the documentation, as promtool reads them. It is in Debian's package prometheus.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use auth_metrics::Exposure;
use auth_metrics::catalogue::Catalogue;
use auth_metrics_rules::{Options, generate};

use catalogue::{builder, catalogue};

#[path = "../api/observability/catalogue.rs"]
pub(crate) mod catalogue;

fn promtool(folder: &Path, arguments: &[&str]) {
    let output = Command::new("promtool").args(arguments).current_dir(folder).output();
    let output =
        output.unwrap_or_else(|error| panic!("promtool: {error}: it is in Debian's package prometheus"));
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "promtool {arguments:?}:\n{out}\n{errors}");
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("promtool").join(name)
}

/// Checks the rules, and runs the tests of these alerts; of all, if none is named.
fn assert_tried(name: &str, catalogue: &Catalogue, options: &Options, alerts: &[&str]) {
    let folder = folder(name);
    let pack = generate(catalogue, options).unwrap();
    pack.write_to(&folder).unwrap();
    promtool(&folder, &["check", "rules", "--lint-fatal", "rules.yml"]);
    let is_test = |file: &str| {
        let alert = file.strip_prefix("tests/").and_then(|file| file.split('.').next());
        alert.is_some_and(|alert| alerts.is_empty() || alerts.contains(&alert))
    };
    let tests: Vec<&str> = pack.iter().map(|(name, _)| name).filter(|name| is_test(name)).collect();
    assert!(tests.len() >= alerts.len().max(1), "{tests:?}");
    promtool(&folder, &[&["test", "rules"], &*tests].concat());
}

#[test]
#[ignore = "needs promtool"]
fn every_alert_fires_when_it_must_and_only_then() {
    assert_tried("default", &catalogue(), &Options::new(), &[]);
}

#[test]
#[ignore = "needs promtool"]
fn latency_objective_may_be_any_bound() {
    let bounds = [0.000_01, 0.000_025, 1.0, 100.0, 1e6];
    let catalogue = builder().buckets(bounds).build().unwrap().catalogue();
    for bound in bounds {
        let options = Options::new().latency(Duration::from_secs_f64(bound), 0.95);
        assert_tried(&format!("latency_{bound}"), &catalogue, &options, &["AuthLatencyHigh"]);
    }
}

#[test]
#[ignore = "needs promtool"]
fn other_options_are_as_right() {
    let hour = Duration::from_secs(3_600);
    let options = Options::new()
        .slo_target(0.95)
        .slo_window(7 * 24 * hour)
        .latency(Duration::from_secs(1), 0.5)
        .operation_latency("verify", Duration::from_millis(5), 0.99)
        .min_bad_events(1)
        .surge(2.0)
        .lockouts(1)
        .mfa_denials(0)
        .token_replays(1)
        .forged_tokens(0)
        .attacks(0)
        .guessing_sources(1)
        .correlations(0)
        .expiry_warning(hour)
        .key_age(hour)
        .scrape_interval(Duration::from_secs(60))
        .runbook_url("https://runbooks.example/auth")
        .dashboard_url("https://grafana.example")
        .team_label("team", "identity")
        .exclude("login");
    let strict = builder().namespace("acme").exposure(Exposure::Strict).build().unwrap().catalogue();
    assert_tried("other", &strict, &options, &[]);
}

/// One alert of each kind, for each way to select: by a label that recorded series keep, and by one that they lose.
#[test]
#[ignore = "needs promtool"]
fn selected_series_fire_the_alerts() {
    let alerts = [
        "AuthNoSuccess",
        "AuthLockoutStorm",
        "AuthTargetDown",
        "AuthMetricsAbsent",
        "AuthReplicaSick",
        "AuthKeysStale",
        "AuthAuditIncomplete",
        "AuthAuditSequenceFell",
        "AuthPushFailing",
        "AuthFailuresSwallowed",
    ];
    for (name, options) in [
        ("job", Options::new().select("job", "identity")),
        ("quoted", Options::new().select("job", "a \"quoted\" \\ {job}")),
        ("service", Options::new().select("service_id", "login")),
        ("cluster", Options::new().select("cluster", "eu-1")),
        ("pattern", Options::new().select_regex("cluster", "eu-.*", "eu-1")),
        ("loose", Options::new().slo_target(0.9)),
    ] {
        let alerts = if name == "loose" {
            &["AuthErrorBudgetBurnFast", "AuthErrorBudgetBurnSlow"][..]
        } else {
            &alerts
        };
        assert_tried(&format!("select_{name}"), &catalogue(), &options, alerts);
    }
}

#[test]
#[ignore = "needs promtool"]
fn queries_of_the_documentation_are_understood() {
    assert_understood("hover", include_str!("../docs/hover.promql").lines());
}

#[test]
#[ignore = "needs promtool"]
fn queries_of_the_runbooks_are_understood() {
    let named = builder().namespace("acme").build().unwrap().catalogue();
    let selected = Options::new()
        .select("job", "a \"quoted\" {job}")
        .exclude("login")
        .scrape_interval(Duration::from_secs(120))
        .slo_window(Duration::from_secs(7 * 86_400));
    for (name, catalogue, options) in
        [("runbooks", catalogue(), Options::new()), ("runbooks_named", named, selected)]
    {
        let pack = generate(&catalogue, &options).unwrap();
        let blocks = pack.get("runbooks.md").unwrap().split("```promql").skip(1);
        let queries = blocks.flat_map(|block| block.split("```").next().unwrap().trim().lines());
        assert_understood(name, queries.map(str::trim));
    }
}

/// Fails if a query is none.
fn assert_understood<'a>(name: &str, queries: impl Iterator<Item = &'a str>) {
    let rule = |(number, query)| format!("      - record: a:b:c{number}\n        expr: {query:?}\n");
    let rules: String = queries.enumerate().map(rule).collect();
    assert!(!rules.is_empty());
    let folder = folder(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("queries.yml"), format!("groups:\n  - name: queries\n    rules:\n{rules}"))
        .unwrap();
    promtool(&folder, &["check", "rules", "--lint-fatal", "queries.yml"]);
}

/// The value that Prometheus makes of the annotation, for labels that need quotes, escapes and the encoding of an address.
const LINK: &str = "https://prometheus.example/p/graph?g0.tab=0&g0.range_input=6h&g0.expr=\
    sum+by+%28job%2C+service_id%2C+operation%29+%28increase%28auth_operation_failures_total%7B\
    failure_reason%3D%22account_locked%22%2Cjob%3D%22a%5C%22b%22%2Cservice_id%3D%22c%5C%5Cd%26%25%2B%22%2Coperation%3D%22%C3%A9%22\
    %7D%5B10m%5D%29%29";

#[test]
#[ignore = "needs promtool"]
fn link_of_an_alert_survives_any_label() {
    let pack = generate(&catalogue(), &Options::new()).unwrap();
    let rule = pack.get("rules.yml").unwrap().split("- alert: AuthLockoutStorm\n").nth(1).unwrap();
    let annotation = rule.lines().find(|line| line.trim().starts_with("query_url: ")).unwrap().trim();
    let folder = folder("link");
    fs::create_dir_all(&folder).unwrap();
    let rules = format!(
        "groups:\n- name: link\n  rules:\n  - alert: Link\n    expr: one > 0\n    annotations:\n      {annotation}\n"
    );
    fs::write(folder.join("link.yml"), rules).unwrap();
    let labels = [("job", r#"a"b"#), ("service_id", r"c\d&%+"), ("operation", "é")];
    let series: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    let expected: Vec<String> = labels.iter().map(|(name, value)| format!("{name}: '{value}'")).collect();
    let test = format!(
        "rule_files: [link.yml]\ntests:\n- external_url: https://prometheus.example/p\n  input_series:\n  - series: 'one{{{}}}'\n    \
         values: '1'\n  alert_rule_test:\n  - eval_time: 0\n    alertname: Link\n    exp_alerts:\n    - exp_labels: {{{}}}\n      \
         exp_annotations: {{query_url: '{LINK}'}}\n",
        series.join(","),
        expected.join(", ")
    );
    fs::write(folder.join("link.test.yml"), test).unwrap();
    promtool(&folder, &["check", "rules", "--lint-fatal", "link.yml"]);
    promtool(&folder, &["test", "rules", "link.test.yml"]);
}
