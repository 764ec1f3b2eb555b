//! One alert: its rule, what must fire it, and what must not.

use std::collections::BTreeMap;

use super::super::query::Subject;
use super::written::{AlertTest, Expected, InputSeries, Rule, Test};
use auth_metrics::Family;

/// How soon somebody has to look at it.
#[derive(Clone, Copy)]
pub(super) enum Severity {
    /// Now.
    Page,
    /// In working hours.
    Ticket,
}

impl Severity {
    fn label(self) -> &'static str {
        match self {
            Severity::Page => "page",
            Severity::Ticket => "ticket",
        }
    }
}

pub(super) struct Alert {
    pub(super) name: &'static str,
    pub(super) severity: Severity,
    /// For how long the expression has to hold.
    pub(super) hold: &'static str,
    pub(super) expr: String,
    pub(super) summary: String,
    pub(super) description: String,
    /// Series that fire it, and when.
    pub(super) fires: Vec<(&'static str, Vec<Sample>)>,
    /// Series that do not.
    pub(super) quiet: (&'static str, Vec<Sample>),
    /// The labels that the alert takes from its series.
    pub(super) found: Vec<(&'static str, String)>,
}

/// A series of a test: one value a minute.
pub(super) struct Sample {
    series: String,
    values: String,
}

impl Sample {
    /// A series of a family, with the labels of a target.
    pub(super) fn of(subject: Subject<'_>, family: &Family, labels: &[(&str, &str)], values: &str) -> Sample {
        Sample::suffixed(subject, family, "", labels, values)
    }

    pub(super) fn suffixed(
        subject: Subject<'_>,
        family: &Family,
        suffix: &str,
        labels: &[(&str, &str)],
        values: &str,
    ) -> Sample {
        Sample::named(&format!("{}{suffix}", subject.name(family)), labels, values)
    }

    pub(super) fn named(name: &str, labels: &[(&str, &str)], values: &str) -> Sample {
        let mut all = vec![("job", "auth"), ("instance", "one")];
        all.extend(labels);
        let pairs: Vec<String> = all.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
        Sample { series: format!("{name}{{{}}}", pairs.join(",")), values: values.to_owned() }
    }
}

impl Alert {
    pub(super) fn into_rule(self, subject: Subject<'_>) -> Rule {
        let (labels, annotations) = (self.all_labels(subject), self.annotations(subject));
        Rule::Alerting { alert: self.name, expr: self.expr, hold: self.hold, labels, annotations }
    }

    /// Tests in which it fires, and one in which it stays quiet.
    pub(super) fn tests(&self, subject: Subject<'_>) -> Vec<Test> {
        let mut labels = self.all_labels(subject);
        labels.extend(self.found.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        let filled = self.annotations(subject).into_iter().map(|(key, text)| (key, filled_in(text, &labels)));
        let expected = Expected { exp_annotations: filled.collect(), exp_labels: labels };
        let firing =
            self.fires.iter().map(|(at, samples)| self.test("fires", at, samples, vec![expected.clone()]));
        let (at, samples) = &self.quiet;
        firing.chain([self.test("stays quiet", at, samples, Vec::new())]).collect()
    }

    fn test(&self, what: &str, at: &'static str, samples: &[Sample], exp_alerts: Vec<Expected>) -> Test {
        let series = samples
            .iter()
            .map(|sample| InputSeries { series: sample.series.clone(), values: sample.values.clone() });
        Test {
            name: format!("{} {what}", self.name),
            interval: "1m",
            input_series: series.collect(),
            alert_rule_test: [AlertTest { eval_time: at, alertname: self.name, exp_alerts }],
        }
    }

    fn all_labels(&self, subject: Subject<'_>) -> BTreeMap<String, String> {
        let mut labels = subject.options.team_labels.clone();
        labels.insert("severity".to_owned(), self.severity.label().to_owned());
        labels
    }

    fn annotations(&self, subject: Subject<'_>) -> BTreeMap<&'static str, String> {
        let anchor = self.name.to_ascii_lowercase();
        BTreeMap::from([
            ("summary", self.summary.clone()),
            ("description", self.description.clone()),
            ("runbook_url", format!("{}#{anchor}", subject.options.runbook_url)),
        ])
    }
}

/// Replaces `{{ $labels.name }}` as Prometheus does.
fn filled_in(text: String, labels: &BTreeMap<String, String>) -> String {
    labels.iter().fold(text, |text, (key, value)| text.replace(&format!("{{{{ $labels.{key} }}}}"), value))
}
