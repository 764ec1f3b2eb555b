//! A database that is away is one page, and an attack at the same time is another.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;

use auth_metrics_rules::{Options, generate};
use serde_json::{Value, json};

use crate::live::webhook::Webhook;
use crate::promtool::catalogue::catalogue;
use crate::stack::{alertmanager, eventually, folder, http};

/// What fires on an operation whose database is away, and with which severity.
const AWAY: [(&str, &str); 7] = [
    ("AuthErrorBudgetBurnFast", "page"),
    ("AuthErrorBudgetBurnSlow", "ticket"),
    ("AuthHang", "page"),
    ("AuthLatencyHigh", "ticket"),
    ("AuthLatencyUnusual", "ticket"),
    ("AuthNoSuccess", "page"),
    ("AuthTrafficDrop", "page"),
];

/// An alert as Prometheus posts it.
fn alert(name: &str, severity: &str, labels: &[(&str, &str)]) -> Value {
    let own = [("alertname", name), ("severity", severity), ("job", "auth"), ("service_id", "gateway")];
    let all: BTreeMap<&str, &str> = own.into_iter().chain(labels.iter().copied()).collect();
    json!({ "labels": all, "annotations": {} })
}

/// A notification: its receiver, its group, and its alerts with their operations.
#[derive(Debug, PartialEq, Eq)]
struct Notification {
    receiver: String,
    group: String,
    alerts: BTreeSet<String>,
}

fn notifications(webhook: &Webhook) -> Vec<Notification> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let read = |body: String| {
        let body: Value = serde_json::from_str(&body).unwrap();
        let alerts = body["alerts"].as_array().unwrap().iter().map(|alert| &alert["labels"]);
        let alerts = alerts.map(|of| format!("{} {}", text(&of["alertname"]), text(&of["operation"])));
        Notification {
            receiver: text(&body["receiver"]),
            group: text(&body["groupKey"]),
            alerts: alerts.collect(),
        }
    };
    webhook.bodies().into_iter().map(read).collect()
}

/// The generated configuration with its receivers filled in, and waits that a test can wait for.
fn configuration(generated: &str, webhook: SocketAddr) -> String {
    let line = |line: &str| {
        let indent = &line[..line.len() - line.trim_start().len()];
        match line.trim_start().split_once(": ") {
            Some(("group_wait", _)) => format!("{indent}group_wait: 1s\n"),
            Some(("group_interval", _)) => format!("{indent}group_interval: 2s\n"),
            Some(("- name", _)) => format!("{line}\n  webhook_configs: [{{url: 'http://{webhook}/'}}]\n"),
            _ => format!("{line}\n"),
        }
    };
    generated.lines().map(line).collect()
}

fn post(api: SocketAddr, alerts: &[Value]) {
    let answer = http(api, "POST /api/v2/alerts", &json!(alerts).to_string()).unwrap();
    assert!(answer.lines().next().unwrap().contains(" 200 "), "{answer}");
}

/// Posts an alert of another service, and waits for its notification: everything before has been sent by then.
fn wait(api: SocketAddr, webhook: &Webhook, service: &str) {
    post(api, &[alert("AuthUnmappedReasons", "ticket", &[("service_id", service), ("operation", service)])]);
    let awaited = format!("AuthUnmappedReasons {service}");
    eventually(&awaited, || {
        let notifications = notifications(webhook);
        let sent = notifications.iter().any(|each| each.alerts.contains(&awaited));
        if sent { Ok(()) } else { Err(format!("{notifications:?}")) }
    });
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
#[ignore = "needs Debian's prometheus-alertmanager; ./check runs it"]
fn database_that_is_away_is_one_page_and_an_attack_another() {
    let (folder, webhook) = (folder("outage"), Webhook::start());
    let files = generate(&catalogue(), &Options::new()).unwrap();
    let rules = files.get("rules.yml").unwrap();
    let configuration = configuration(files.get("alertmanager.yml").unwrap(), webhook.address);
    fs::write(folder.join("alertmanager.yml"), configuration).unwrap();
    let (_alertmanager, api) = alertmanager(&folder);

    let has = |name: &str| rules.contains(&format!("- alert: {name}\n"));
    let of_login = AWAY.iter().filter(|(name, _)| has(name));
    let mut alerts: Vec<Value> =
        of_login.map(|(name, severity)| alert(name, severity, &[("operation", "login")])).collect();
    assert!(alerts.len() >= 4);
    alerts.push(alert("AuthNoSuccess", "page", &[("operation", "refresh")]));
    alerts.push(alert("AuthKeyFetchesFailing", "page", &[]));
    alerts.push(alert("AuthForgedTokens", "page", &[("operation", "login")]));
    post(api, &alerts);
    wait(api, &webhook, "first");

    let pages = |alerts: &[&str]| {
        let alerts = names(alerts);
        notifications(&webhook)
            .into_iter()
            .filter(|each| each.receiver == "pager" && each.alerts == alerts)
            .count()
    };
    let outage = ["AuthNoSuccess login", "AuthNoSuccess refresh"];
    assert_eq!(pages(&outage), 1, "{:#?}", notifications(&webhook));
    assert_eq!(pages(&["AuthForgedTokens login"]), 1, "{:#?}", notifications(&webhook));
    assert_eq!(notifications(&webhook).len(), 3, "{:#?}", notifications(&webhook));

    // The outage spreads: a pager that knows the group wakes nobody again.
    let group = |notifications: &[Notification]| {
        let of_outage = |each: &&Notification| each.alerts.contains(outage[0]);
        notifications.iter().filter(of_outage).map(|each| each.group.clone()).collect::<BTreeSet<_>>()
    };
    post(api, &[alert("AuthErrorBudgetBurnFast", "page", &[("operation", "verify")])]);
    eventually("notification of what has spread", || {
        let sent = pages(&[outage[0], outage[1], "AuthErrorBudgetBurnFast verify"]);
        if sent > 0 { Ok(()) } else { Err(format!("{:?}", notifications(&webhook))) }
    });
    wait(api, &webhook, "second");
    let notifications = notifications(&webhook);
    assert_eq!(group(&notifications).len(), 1, "{notifications:#?}");
    let attacks = notifications.iter().filter(|each| each.alerts.contains("AuthForgedTokens login"));
    assert_eq!(attacks.count(), 1, "an attack is not told again");
}
