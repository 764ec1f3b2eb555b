//! The Alertmanager configuration names alerts that exist, and never silences the last one that speaks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use auth_metrics::Exposure;
use auth_metrics::catalogue::Catalogue;
use auth_metrics_rules::{Options, generate};
use yaml_serde::Value;

use crate::catalogue::{builder, catalogue};
use crate::yaml::{list, text, texts};

/// Alerts on attackers, and on doors that stand open.
const ATTACKS: [&str; 20] = [
    "AuthAttackStorm",
    "AuthAuditFileReplaced",
    "AuthAuditSequenceFell",
    "AuthAuditTornTail",
    "AuthCompromiseSuspected",
    "AuthCredentialCompromised",
    "AuthDetection",
    "AuthFailOpen",
    "AuthFailOpenSustained",
    "AuthForgedTokens",
    "AuthLockoutStorm",
    "AuthMfaDenialStorm",
    "AuthRejectionShareRising",
    "AuthRejectionSurge",
    "AuthRejectionsElevated",
    "AuthSessionFromNewPeer",
    "AuthSuccessAfterFailures",
    "AuthTokenReplay",
    "AuthTokenWithoutLogin",
    "AuthUnknownKeys",
];

/// An inhibition, with the alerts that its matchers match.
#[derive(Debug)]
struct Inhibition {
    by: Vec<String>,
    silenced: Vec<String>,
    equal: Vec<String>,
}

fn configuration(catalogue: &Catalogue, options: &Options) -> Value {
    let files = generate(catalogue, options).unwrap();
    yaml_serde::from_str(files.get("alertmanager.yml").unwrap()).unwrap()
}

/// The alerts of the rules, with their severities.
fn alerts(catalogue: &Catalogue, options: &Options) -> BTreeMap<String, String> {
    let files = generate(catalogue, options).unwrap();
    let rules: Value = yaml_serde::from_str(files.get("rules.yml").unwrap()).unwrap();
    let rules = list(&rules["groups"]).iter().flat_map(|group| list(&group["rules"])).collect::<Vec<_>>();
    let alerts = rules.into_iter().filter(|rule| rule["alert"].is_string());
    alerts.map(|rule| (text(&rule["alert"]), text(&rule["labels"]["severity"]))).collect()
}

/// The names in `alertname="A"` or `alertname=~"A|B"`.
fn named(matchers: &Value) -> Vec<String> {
    let matchers = texts(matchers);
    let names = matchers.iter().find_map(|matcher| matcher.strip_prefix("alertname="));
    let names = names.unwrap_or_else(|| panic!("{matchers:?} match no alert by name"));
    names.trim_start_matches('~').trim_matches('"').split('|').map(str::to_owned).collect()
}

fn inhibitions(configuration: &Value) -> Vec<Inhibition> {
    let rules = list(&configuration["inhibit_rules"]).iter();
    let read = |rule: &Value| Inhibition {
        by: named(&rule["source_matchers"]),
        silenced: named(&rule["target_matchers"]),
        equal: texts(&rule["equal"]),
    };
    rules.map(read).collect()
}

/// Which alerts each alert silences.
fn silences(inhibitions: &[Inhibition]) -> BTreeMap<String, BTreeSet<String>> {
    let mut silences = BTreeMap::<String, BTreeSet<String>>::new();
    for inhibition in inhibitions {
        for by in &inhibition.by {
            silences.entry(by.clone()).or_default().extend(inhibition.silenced.iter().cloned());
        }
    }
    silences
}

/// Removes alerts that nothing left silences, until none is left or a circle is.
fn circle(silences: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut left: BTreeSet<String> =
        silences.iter().flat_map(|(by, of)| of.iter().chain([by])).cloned().collect();
    loop {
        let is_silenced =
            |name: &String| left.iter().any(|by| silences.get(by).is_some_and(|of| of.contains(name)));
        let next: BTreeSet<String> = left.iter().filter(|name| is_silenced(name)).cloned().collect();
        if next.len() == left.len() {
            return left;
        }
        left = next;
    }
}

fn of(name: &str) -> BTreeSet<String> {
    silences(&inhibitions(&configuration(&catalogue(), &Options::new()))).remove(name).unwrap_or_default()
}

#[test]
fn no_alerts_silence_each_other() {
    let silences = silences(&inhibitions(&configuration(&catalogue(), &Options::new())));
    assert_eq!(circle(&silences), BTreeSet::new());
    let both = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d")];
    let both =
        both.map(|(by, of)| Inhibition { by: vec![by.into()], silenced: vec![of.into()], equal: vec![] });
    assert!(circle(&self::silences(&both)).contains("a"), "a circle that is there is found");
}

#[test]
fn no_alert_on_attacks_silences_one_on_outages_or_the_other_way_round() {
    let is_attack = |name: &str| ATTACKS.contains(&name);
    for (by, silenced) in silences(&inhibitions(&configuration(&catalogue(), &Options::new()))) {
        for silenced in silenced {
            assert_eq!(is_attack(&by), is_attack(&silenced), "{by} silences {silenced}");
        }
    }
}

#[test]
fn no_ticket_silences_a_page() {
    let severities = alerts(&catalogue(), &Options::new());
    for (by, silenced) in silences(&inhibitions(&configuration(&catalogue(), &Options::new()))) {
        for silenced in silenced {
            let hides = (severities[&by].as_str(), severities[&silenced].as_str());
            assert_ne!(hides, ("ticket", "page"), "{by} silences {silenced}");
        }
    }
}

#[test]
fn only_alerts_of_the_pack_are_named() {
    let strict = builder().exposure(Exposure::Strict).build().unwrap().catalogue();
    for catalogue in [catalogue(), strict] {
        let alerts = alerts(&catalogue, &Options::new());
        let configuration = configuration(&catalogue, &Options::new());
        for Inhibition { by, silenced, .. } in inhibitions(&configuration) {
            for name in by.iter().chain(&silenced) {
                assert!(alerts.contains_key(name), "{name}");
            }
        }
        for name in named(&configuration["route"]["routes"][0]["matchers"]) {
            assert_eq!(alerts[&name], "page", "{name}");
        }
    }
}

#[test]
fn alerts_of_another_operation_cluster_or_team_are_not_silenced() {
    let options = Options::new().team_label("team", "identity");
    for Inhibition { by, equal, .. } in inhibitions(&configuration(&catalogue(), &options)) {
        assert_eq!(equal[..2], ["cluster", "team"], "{by:?}");
        let by_operation =
            ["AuthErrorBudgetBurnFast", "AuthRejectionSurge"].contains(&&*by[0]) && by.len() == 1;
        assert!(!by_operation || equal.ends_with(&["operation".to_owned()]), "{by:?}");
    }
}

/// An absent series has the labels that its selector asks for by value. Without a job, it says nothing of other packs' jobs.
#[test]
fn an_absent_job_silences_only_itself() {
    let equal = |options: &Options| {
        let inhibitions = inhibitions(&configuration(&catalogue(), options));
        inhibitions.into_iter().find(|each| each.by == ["AuthMetricsAbsent"]).map(|each| each.equal)
    };
    let cluster_and_job = Some(vec!["cluster".to_owned(), "job".to_owned()]);
    assert_eq!(equal(&Options::new()), None);
    assert_eq!(equal(&Options::new().select("job", "identity")), cluster_and_job);
    assert_eq!(equal(&Options::new().select_regex("job", "identity.*", "identity")), None);
}

#[test]
fn a_page_of_an_outage_silences_what_follows_from_it() {
    let outage = of("AuthNoSuccess");
    for follows in ["AuthErrorBudgetBurnFast", "AuthHang", "AuthLatencyHigh", "AuthKeyFetchesFailing"] {
        assert!(outage.contains(follows), "{follows}");
    }
    assert!(of("AuthKeyFetchesFailing").contains("AuthKeysStale"));
}

#[test]
fn a_burning_budget_does_not_hide_an_outage() {
    let burns = of("AuthErrorBudgetBurnFast");
    assert!(["AuthNoSuccess", "AuthHang", "AuthTrafficDrop"].iter().all(|outage| !burns.contains(*outage)));
}

/// The alerts of a column, as far as the pack has them.
fn listed(column: &str, alerts: &BTreeMap<String, String>) -> BTreeSet<String> {
    column.trim().split(", ").map(str::to_owned).filter(|name| alerts.contains_key(name)).collect()
}

#[test]
fn the_guide_lists_every_inhibition() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../auth-metrics-rules/guide/deploying.md");
    let page = fs::read_to_string(page).unwrap();
    let table = page.split("| while this fires |").nth(1).unwrap().split("\n\n").next().unwrap();
    let options = Options::new().select("job", "identity");
    let alerts = alerts(&catalogue(), &options);
    let row = |row: &str| {
        let columns: Vec<&str> = row.split('|').collect();
        (listed(columns[1], &alerts), listed(columns[2], &alerts))
    };
    let rows = table.lines().skip(2).map(row).filter(|(by, silenced)| !by.is_empty() && !silenced.is_empty());
    let inhibitions = inhibitions(&configuration(&catalogue(), &options));
    let expected = inhibitions.into_iter().map(|Inhibition { by, silenced, .. }| {
        (by.into_iter().collect::<BTreeSet<_>>(), silenced.into_iter().collect::<BTreeSet<_>>())
    });
    assert_eq!(rows.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn a_detection_silences_what_its_detector_explains_and_no_more() {
    let configuration = configuration(&catalogue(), &Options::new());
    let by_detection = list(&configuration["inhibit_rules"])
        .iter()
        .filter(|rule| named(&rule["source_matchers"]) == ["AuthDetection"])
        .map(|rule| (texts(&rule["source_matchers"])[1].clone(), named(&rule["target_matchers"])))
        .collect::<Vec<_>>();
    let expected = [
        (
            "detector=~\"campaign|enumeration\"",
            &["AuthRejectionSurge", "AuthRejectionsElevated", "AuthRejectionShareRising"][..],
        ),
        ("detector=\"token_forgery\"", &["AuthForgedTokens"]),
        ("detector=\"token_replay\"", &["AuthTokenReplay"]),
    ];
    let expected = expected.map(|(detector, silenced)| {
        (detector.to_owned(), silenced.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    });
    assert_eq!(by_detection, expected);
}

#[test]
fn routes_match_the_team_labels() {
    let options = Options::new().team_label("team", "id\"entity").team_label("tier", "1");
    let configuration = configuration(&catalogue(), &options);
    let routes = list(&configuration["route"]["routes"]);
    assert_eq!(routes.len(), 3);
    for route in routes {
        let matchers = texts(&route["matchers"]);
        assert_eq!(matchers[1..3], ["team=\"id\\\"entity\"", "tier=\"1\""]);
    }
}

#[test]
fn every_receiver_of_a_route_exists() {
    let configuration = configuration(&catalogue(), &Options::new());
    let receivers: Vec<String> =
        list(&configuration["receivers"]).iter().map(|each| text(&each["name"])).collect();
    let route = &configuration["route"];
    for route in list(&route["routes"]).iter().chain([route]) {
        assert!(receivers.contains(&text(&route["receiver"])));
    }
}
