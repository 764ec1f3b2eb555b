//! Rules, alerts and their tests, in the format of Prometheus and promtool.

mod alert;
mod audit;
mod credentials;
mod detection;
mod detector;
mod expected;
mod health;
mod latency;
mod limits;
mod links;
mod objectives;
mod outages;
mod policies;
mod pushes;
mod recording;
mod replica;
mod samples;
mod spelled;
mod storms;
mod surges;
mod targets;
mod written;

use std::collections::BTreeMap;

use super::RulesError;
use super::document::generated;
use super::query::Subject;
use crate::Part;
use alert::Alert;
use written::{Group, Rules, Test, Tests};

/// The name of the file of rules.
pub(super) const RULES: &str = "rules.yml";
/// Where the tests find it.
const RULES_OF_TESTS: &str = "../rules.yml";

/// The groups of recording rules; each reads those before it.
fn recorded(subject: Subject<'_>) -> [Group; 4] {
    let group = |name, rules| Group { name, interval: None, rules };
    let week = std::iter::once(recording::budget(subject)).chain(expected::week(subject));
    [
        group("auth-rates", recording::rates(subject)),
        group("auth-windows", recording::windows(subject)),
        // What reads a week or more changes slowly. Within Prometheus' lookback of five minutes, so that it is always there.
        Group { interval: Some("4m"), ..group("auth-week", week.collect()) },
        group("auth-expected", expected::rules(subject)),
    ]
}

/// The groups of alerts.
fn alerts(subject: Subject<'_>) -> Vec<(&'static str, Vec<Alert>)> {
    let mut groups = vec![
        ("auth-objectives", both(objectives::alerts(subject), latency::alerts(subject))),
        ("auth-outages", outages::alerts(subject)),
        ("auth-threats", both(surges::alerts(subject), storms::alerts(subject))),
        ("auth-health", both(health::alerts(subject), targets::alerts(subject))),
    ];
    if subject.has(Part::Detection) {
        groups.push(("auth-detection", both(detection::alerts(subject), detector::alerts(subject))));
    }
    if subject.has(Part::Audit) {
        groups.push(("auth-audit", audit::alerts(subject)));
    }
    if subject.has(Part::Push) {
        groups.push(("auth-push", pushes::alerts(subject)));
    }
    if subject.has(Part::Policies) {
        groups.push(("auth-policies", policies::alerts(subject)));
    }
    if subject.has(Part::Credentials) || subject.has(Part::Keys) {
        groups.push(("auth-credentials", credentials::alerts(subject)));
    }
    if subject.has(Part::RateLimits) {
        groups.push(("auth-limits", limits::alerts(subject)));
    }
    groups
}

/// The names of the alerts.
pub(super) fn names(subject: Subject<'_>) -> Vec<&'static str> {
    alerts(subject).iter().flat_map(|(_, alerts)| alerts).map(|alert| alert.name).collect()
}

fn both(mut one: Vec<Alert>, other: Vec<Alert>) -> Vec<Alert> {
    one.extend(other);
    one
}

/// The rules, and the tests of each alert.
pub(super) fn files(subject: Subject<'_>) -> Result<Vec<(String, String)>, RulesError> {
    let (recorded, alerts) = (recorded(subject), alerts(subject));
    let names = || recorded.iter().map(|group| group.name).chain(alerts.iter().map(|(name, _)| *name));
    // Alerts of one name are tested together, and apart by how often the rules are evaluated.
    let mut tests: BTreeMap<(&str, &str), Vec<Test>> = BTreeMap::new();
    for alert in alerts.iter().flat_map(|(_, alerts)| alerts) {
        tests.entry((alert.name, alert.every)).or_default().extend(alert.tests(subject));
    }
    let mut files = Vec::new();
    for ((alert, evaluation_interval), tests) in tests {
        let days = if evaluation_interval.ends_with('h') { ".days" } else { "" };
        let group_eval_order = names().collect();
        let tests = Tests { rule_files: [RULES_OF_TESTS], evaluation_interval, group_eval_order, tests };
        files.push((format!("tests/{alert}{days}.test.yml"), generated("a test", &tests)?));
    }
    let alerting = alerts.into_iter().map(|(name, alerts)| Group {
        name,
        interval: None,
        rules: alerts.into_iter().map(|alert| alert.into_rule(subject)).collect(),
    });
    let rules = Rules { groups: recorded.into_iter().chain(alerting).collect() };
    files.push((RULES.to_owned(), generated(RULES, &rules)?));
    Ok(files)
}
