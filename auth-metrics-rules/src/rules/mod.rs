//! Rules, alerts and their tests, in the format of Prometheus and promtool.

mod alert;
mod credentials;
mod health;
mod limits;
mod recording;
mod slo;
mod threat;
mod written;

use super::RulesError;
use super::document::generated;
use super::query::Subject;
use alert::Alert;
use written::{Group, Rules, Tests};

/// The name of the file of rules.
pub(super) const RULES: &str = "rules.yml";
const RECORDING: &str = "auth-recording";
/// Tests that run minute by minute, and tests over days that run by the half hour.
const TESTS: [(&str, &str); 2] = [("rules.test.yml", "1m"), ("rules.days.test.yml", "30m")];

/// The rules and their tests.
pub(super) fn files(subject: Subject<'_>) -> Result<Vec<(String, String)>, RulesError> {
    let alerts = [
        ("auth-slo", slo::alerts(subject)),
        ("auth-threat", threat::alerts(subject)),
        ("auth-credentials", credentials::alerts(subject)),
        ("auth-limits", limits::alerts(subject)),
        ("auth-health", health::alerts(subject)),
    ];
    let each = || alerts.iter().flat_map(|(_, alerts)| alerts).flat_map(|alert| alert.tests(subject));
    let mut files = Vec::new();
    for ((name, evaluation_interval), of_days) in TESTS.into_iter().zip([false, true]) {
        let tests = each().filter(|test| test.takes_days() == of_days).collect();
        let group_eval_order = [RECORDING].into_iter().chain(alerts.iter().map(|(name, _)| *name)).collect();
        let tests = Tests { rule_files: [RULES], evaluation_interval, group_eval_order, tests };
        files.push((name.to_owned(), generated(name, &tests)?));
    }
    let recorded = Group { name: RECORDING, rules: recording::rules(subject) };
    let alerting = alerts.into_iter().map(|(name, alerts)| Group {
        name,
        rules: alerts.into_iter().map(|alert: Alert| alert.into_rule(subject)).collect(),
    });
    let rules = Rules { groups: std::iter::once(recorded).chain(alerting).collect() };
    files.push((RULES.to_owned(), generated(RULES, &rules)?));
    Ok(files)
}
