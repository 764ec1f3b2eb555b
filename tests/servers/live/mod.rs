//! The generated rules in front of the real parts: three replicas of the example service under a crowd, Prometheus, Alertmanager
//! and a webhook. Ignored by plain `cargo test`, run by `./check`.

mod history;
pub(crate) mod webhook;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::stack::{alertmanager, eventually, folder, prometheus, query, service, victoria_metrics};
use history::{backfill, import};
use webhook::Webhook;

/// What the crowd's attack has to be told by.
const EXPECTED: [&str; 6] = [
    "AuthAttackStorm",
    "AuthDetection",
    "AuthForgedTokens",
    "AuthLockoutStorm",
    "AuthTokenReplay",
    "AuthUnknownKeys",
];
/// What may come with it: the partner is in trouble, the storm fills the limit of logins, the replica that it meets does worse, and rejections
/// become a surge if the test lasts long enough for a service of this size. An intruder may get in, and users who mistype in the first minute
/// look like a regression.
const ALLOWED: [&str; 9] = [
    "AuthCompromiseSuspected",
    "AuthDetectionNotice",
    "AuthErrorBudgetBurnFast",
    "AuthErrorBudgetBurnSlow",
    "AuthHang",
    "AuthRateLimitNearExhaustion",
    "AuthRejectionSurge",
    "AuthRejectionsElevated",
    "AuthReplicaSick",
];

/// True where other programs take the processors: the attempts are slow then.
const SLOW_MACHINE: &str = "AuthLatencyHigh";

/// The generated rules, with a minute of waiting for each alert cut to six seconds. Expressions and windows are as they are.
fn rules() -> String {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../observability/rules.yml");
    let line = |line: &str| {
        let seconds = line.strip_prefix("    for: ").and_then(|hold| match hold.split_at(hold.len() - 1) {
            (minutes, "m") => Some(minutes.parse::<u32>().unwrap() * 6),
            _ => None,
        });
        seconds.map_or_else(|| format!("{line}\n"), |seconds| format!("    for: {seconds}s\n"))
    };
    let rules = fs::read_to_string(rules).unwrap();
    // Each group as often as the others: the test takes minutes.
    rules.lines().filter(|line| !line.starts_with("  interval: ")).map(line).collect()
}

/// Panels that may be empty: nothing of the kind has happened, or too little time has passed for a habit.
const MAY_BE_EMPTY: [&str; 8] = [
    "Firing alerts",
    "Rejections, share of the limit",
    "Successes, share of the usual",
    "Cancelled, share of the usual",
    "Attacks, times the usual",
    "95th percentile of the usual",
    "Rotations",
    "Credential events",
];

/// What the example's detector has nothing to say about in some minutes, and what is there only in trouble.
const OF_DETECTION: [&str; 15] = [
    "Detections in force",
    "New detections",
    "Detections by operation",
    "Threat prior",
    "Unfamiliar attempts",
    "Distinct within an hour",
    "Most failures that are usual",
    "Timing gap",
    "Time to exhaustion",
    "Detectors down",
    "Detection lag",
    "Attempts not seen",
    "Forgotten suspects",
    "Detector errors",
    "Still learning",
];

/// What is there only in trouble, or where an audit trail runs.
const OF_AUDIT: [&str; 13] = [
    "Audit records by sink",
    "Attempts by decision",
    "Correlations",
    "Records lost",
    "Never captured",
    "Missing in the trail",
    "Missing at a sink",
    "Lines cut off",
    "Sinks stopped",
    "Audit queue",
    "Write time, 95th percentile",
    "Write time heatmap",
    "Audit sinks",
];

/// What is there only where a service pushes its metrics; the example is scraped.
const OF_PUSHES: [&str; 3] = ["Pushes by result", "Pushes stopped", "Points lost"];

fn may_be_empty() -> impl Iterator<Item = &'static str> {
    MAY_BE_EMPTY.into_iter().chain(OF_DETECTION).chain(OF_AUDIT).chain(OF_PUSHES)
}

/// The queries of the generated dashboard with its variables filled in, those of collapsed rows too. A panel needs one that answers.
fn dashboard_queries() -> Vec<Vec<String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../observability/dashboard.json");
    let dashboard: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let array = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let open = array(&dashboard["panels"]);
    let panels = open.iter().flat_map(|panel| [vec![panel.clone()], array(&panel["panels"])].concat());
    let variables = [
        ("$__rate_interval", "15s"),
        ("$__range", "5m"),
        ("$job", ".*"),
        ("$service", ".*"),
        ("$operation", ".*"),
        ("$instance", ".*"),
    ];
    let filled = |target: &serde_json::Value| {
        let expr = target["expr"].as_str().unwrap().to_owned();
        variables.iter().fold(expr, |expr, (name, value)| expr.replace(name, value))
    };
    let is_full = |panel: &serde_json::Value| may_be_empty().all(|title| panel["title"] != title);
    let full = panels.filter(is_full);
    let queries = full.map(|panel| array(&panel["targets"]).iter().map(filled).collect::<Vec<_>>());
    let queries: Vec<_> = queries.filter(|queries| !queries.is_empty()).collect();
    assert!(queries.len() > 35, "{}", queries.len());
    queries
}

/// Waits until each panel has a query that answers.
fn expect_full_panels(api: std::net::SocketAddr) {
    for queries in dashboard_queries() {
        eventually(&queries[0], || {
            for query in &queries {
                if !crate::stack::query(api, query)?.is_empty() {
                    return Ok(());
                }
            }
            Err("the panel is empty".to_owned())
        });
    }
}

/// Draws it in a browser with Grafana's own components; an empty panel or a word on the console fails.
fn draw_dashboard(prometheus: std::net::SocketAddr) {
    let (root, pictures) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), folder("dashboard"));
    for (picture, theme) in [("dashboard.png", None), ("dashboard-light.png", Some("--light"))] {
        let mut command = Command::new("node");
        command.arg(root.join("tools/dashview/render.mjs")).arg(root.join("observability/dashboard.json"));
        command.arg(format!("http://{prometheus}")).arg(pictures.join(picture)).args(["90", "15"]);
        command.args(may_be_empty().flat_map(|title| ["--may-be-empty", title])).args(theme);
        let output =
            command.output().expect("node is needed, and `npm ci --prefix tools/dashview`: run ./check");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The recorded series that need no hours of history.
fn recorded(rules: &str) -> Vec<&str> {
    let soon = ["rate5m", "rate30m", "rate1h", "p50_5m", "p95_5m", "p99_5m", "count"];
    let names = rules.lines().filter_map(|line| line.trim_start().strip_prefix("- record: "));
    names.filter(|name| name.rsplit(':').next().is_some_and(|how| soon.contains(&how))).collect()
}

#[test]
#[ignore = "needs Debian's prometheus and prometheus-alertmanager, and the built example; ./check runs it"]
fn an_attack_is_told_and_a_calm_crowd_is_not() {
    let (folder, rules) = (folder("live"), rules());
    let mut attacked = service(&["--traffic", "calm:60,attack"]);
    let mut replicas = vec![service(&["--traffic", "calm"]), service(&["--traffic", "calm"])];
    let webhook = Webhook::start();
    fs::write(folder.join("rules.yml"), &rules).unwrap();
    backfill(&folder);
    fs::write(
        folder.join("alertmanager.yml"),
        format!(
            "route: {{receiver: hook, group_by: [alertname, job], group_wait: 1s, group_interval: 2s}}\n\
             receivers: [{{name: hook, webhook_configs: [{{url: 'http://{}/'}}]}}]\n",
            webhook.address
        ),
    )
    .unwrap();
    let (_alertmanager, alerts) = alertmanager(&folder);
    let targets: Vec<String> =
        replicas.iter().chain([&attacked]).map(|replica| format!("'{}'", replica.metrics)).collect();
    fs::write(
        folder.join("prometheus.yml"),
        format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n\
             rule_files: [rules.yml]\n\
             alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alerts}']}}]}}]}}\n\
             scrape_configs: [{{job_name: auth, static_configs: [{{targets: [{}]}}]}}]\n",
            targets.join(", ")
        ),
    )
    .unwrap();
    let (_prometheus, api) = prometheus(&folder);
    let (_victoria, victoria) = victoria_metrics(&folder, alerts);
    import(victoria);
    eventually("three replicas that are up", || match query(api, "sum(up)")? {
        up if up == ["3"] => Ok(()),
        up => Err(format!("{up:?}")),
    });

    let attack = attacked.lines.by_ref().map(Result::unwrap).find(|line| line == "traffic: attack");
    assert_eq!(attack.as_deref(), Some("traffic: attack"));
    let mut calm = webhook.fired();
    calm.remove(SLOW_MACHINE);
    assert_eq!(calm, BTreeSet::new(), "a calm crowd is nothing to tell");
    for record in recorded(&rules) {
        eventually(record, || {
            let values = query(api, record)?;
            if values.is_empty() { Err("it has no value".to_owned()) } else { Ok(()) }
        });
    }
    assert!(recorded(&rules).len() > 15);

    eventually("alerts of the attack", || {
        let fired = webhook.fired();
        if EXPECTED.iter().all(|name| fired.contains(*name)) {
            Ok(())
        } else {
            {
                let surge = |what| {
                    query(api, &format!("job_service_operation:{what}{{operation=\"second_factor\"}}"))
                };
                let (now, all) = (surge("auth_rejections:rate5m")?, surge("auth_events:rate5m")?);
                Err(format!("{fired:?} fired; rejections {now:?} of {all:?}"))
            }
        }
    });

    expect_full_panels(api);
    draw_dashboard(api);

    // The same files on another engine.
    for name in EXPECTED {
        let firing = format!("ALERTS{{alertname=\"{name}\",alertstate=\"firing\"}}");
        eventually(&firing, || match query(victoria, &firing)? {
            values if values.is_empty() => Err("vmalert is silent".to_owned()),
            _ => Ok(()),
        });
    }
    let events = "job_service_operation:auth_events:rate5m{operation=\"login\"} > 10";
    assert_eq!(query(victoria, events).unwrap().len(), 1, "vmalert records the sum of all replicas");

    // One replica dies: its target is told, and the sums of the others go on.
    let killed = replicas.remove(0);
    let address = killed.metrics;
    drop(killed.running);
    eventually("alert of the killed replica", || {
        let down = query(
            api,
            &format!("ALERTS{{alertname=\"AuthTargetDown\",alertstate=\"firing\",instance=\"{address}\"}}"),
        )?;
        if down.len() == 1 { Ok(()) } else { Err(format!("{down:?}")) }
    });
    let negative = "job_service_operation:auth_events:rate5m < 0";
    assert_eq!(query(api, negative).unwrap(), Vec::<String>::new());
    let going_on = query(api, "job_service_operation:auth_events:rate5m{operation=\"login\"} > 10").unwrap();
    assert_eq!(going_on.len(), 1, "the attempts of all replicas are one series");

    let known: BTreeSet<String> = EXPECTED
        .iter()
        .chain(&ALLOWED)
        .chain(&["AuthTargetDown", SLOW_MACHINE])
        .map(ToString::to_string)
        .collect();
    let strange: Vec<String> = webhook.fired().difference(&known).cloned().collect();
    assert_eq!(strange, Vec::<String>::new());
    // The crowds end with their services.
    drop(thread::spawn(move || drop((attacked, replicas))).join());
}
