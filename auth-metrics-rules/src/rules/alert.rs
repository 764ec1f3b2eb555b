//! One alert: its rule, what must fire it, and what must not.

use std::collections::BTreeMap;

use super::super::matcher::{Matcher, escaped};
use super::super::query::Subject;
use super::super::runbooks::QueryLink;
use super::links;
use super::written::{AlertTest, Expected, InputSeries, Rule, Test};
use auth_metrics::Family;

const QUERY_URL: &str = "query_url";

/// How soon somebody has to look at it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// Now.
    Page,
    /// In working hours.
    Ticket,
}

impl Severity {
    pub(super) fn label(self) -> &'static str {
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
    pub(super) hold: String,
    pub(super) expr: String,
    /// Labels beside the severity and those of the team.
    pub(super) labels: Vec<(&'static str, String)>,
    /// What is happening and to whom; `{value}` is what the expression gives.
    pub(super) summary: String,
    pub(super) description: String,
    /// How `{value}` is written: a template of Prometheus.
    pub(super) value: &'static str,
    /// Series that fire it.
    pub(super) fires: Vec<Firing>,
    /// Series that do not, and when.
    pub(super) quiet: Vec<(&'static str, Vec<Sample>)>,
    /// The labels that the alert takes from its series.
    pub(super) found: Vec<(&'static str, String)>,
    /// How often its tests evaluate the rules.
    pub(super) every: &'static str,
}

/// Series that fire an alert, when, and the value as it is written then.
pub(super) struct Firing {
    pub(super) at: &'static str,
    pub(super) samples: Vec<Sample>,
    pub(super) value: String,
    /// When the same series do not fire it yet.
    pub(super) not_before: Option<&'static str>,
    /// Other alerts of the same name that fire too, and their values.
    pub(super) beside: Vec<(Alert, String)>,
}

impl Firing {
    pub(super) fn new(at: &'static str, value: impl Into<String>, samples: Vec<Sample>) -> Firing {
        Firing { at, samples, value: value.into(), not_before: None, beside: Vec::new() }
    }

    /// Says when the same series do not fire it yet.
    pub(super) fn not_before(self, at: &'static str) -> Firing {
        Firing { not_before: Some(at), ..self }
    }
}

/// How a value is written.
pub(super) const PERCENT: &str = "{{ $value | humanizePercentage }}";
pub(super) const NUMBER: &str = "{{ printf \"%.0f\" $value }}";
pub(super) const DURATION: &str = "{{ $value | humanizeDuration }}";

/// A series of a test: one value a minute.
#[derive(Clone)]
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
        Sample::named(subject, &format!("{}{suffix}", subject.name(family)), labels, values)
    }

    /// Labels replace those of the target, and those that the options select by.
    pub(super) fn named(subject: Subject<'_>, name: &str, labels: &[(&str, &str)], values: &str) -> Sample {
        let mut all = BTreeMap::from([("job", "auth"), ("instance", "one")]);
        all.extend(labels.iter().copied());
        // What the options select by: labels of a family only where the series has them.
        let fits = |matcher: &&Matcher| !matcher.is_of_family() || all.contains_key(&*matcher.label);
        let fitting: Vec<&Matcher> = subject.options.matchers.iter().filter(fits).collect();
        all.extend(fitting.into_iter().map(Matcher::example));
        let pair = |(key, value): (&&str, &&str)| format!("{key}=\"{}\"", escaped(value));
        let pairs: Vec<String> = all.iter().map(pair).collect();
        Sample { series: format!("{name}{{{}}}", pairs.join(",")), values: values.to_owned() }
    }
}

impl Alert {
    pub(super) fn into_rule(self, subject: Subject<'_>) -> Rule {
        let (labels, annotations) = (self.all_labels(subject), self.annotations(subject));
        let annotations =
            annotations.into_iter().map(|(key, text)| (key, text.replace("{value}", self.value)));
        Rule::Alerting {
            alert: self.name,
            expr: self.expr,
            hold: self.hold,
            labels,
            annotations: annotations.collect(),
        }
    }

    /// Tests in which it fires, and those in which it stays quiet.
    pub(super) fn tests(&self, subject: Subject<'_>) -> Vec<Test> {
        let firing = self.fires.iter().map(|firing| {
            let others = firing.beside.iter().map(|(alert, value)| alert.expected(subject, value));
            let expected = std::iter::once(self.expected(subject, &firing.value)).chain(others);
            let quiet = firing.not_before.map(|at| (at, Vec::new()));
            let looks = quiet.into_iter().chain([(firing.at, expected.collect())]);
            self.test("fires", &firing.samples, looks)
        });
        let quiet =
            self.quiet.iter().map(|(at, samples)| self.test("stays quiet", samples, [(*at, Vec::new())]));
        firing.chain(quiet).collect()
    }

    /// What promtool sees when it fires with this value.
    fn expected(&self, subject: Subject<'_>, value: &str) -> Expected {
        let mut labels = self.all_labels(subject);
        labels.extend(self.found.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        for (key, value) in subject.options.matchers.iter().map(Matcher::example) {
            labels.entry(key.to_owned()).and_modify(|found| value.clone_into(found));
        }
        if self.found.is_empty() {
            // What is absent has the labels that it was selected by.
            let selected = subject.equal_on_targets();
            labels.extend(selected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        }
        let filled = self
            .annotations(subject)
            .into_iter()
            .map(|(key, text)| (key, links::filled_in(text.replace("{value}", value), &labels)));
        let mut exp_annotations: BTreeMap<_, _> = filled.collect();
        exp_annotations.extend(self.query(subject).map(|link| (QUERY_URL, link.rendered(&labels))));
        Expected { exp_annotations, exp_labels: labels }
    }

    fn test(
        &self,
        what: &str,
        samples: &[Sample],
        looks: impl IntoIterator<Item = (&'static str, Vec<Expected>)>,
    ) -> Test {
        let look = |(eval_time, exp_alerts)| AlertTest { eval_time, alertname: self.name, exp_alerts };
        let series = samples
            .iter()
            .map(|sample| InputSeries { series: sample.series.clone(), values: sample.values.clone() });
        Test {
            name: format!("{} {what}", self.name),
            interval: "1m",
            input_series: series.collect(),
            alert_rule_test: looks.into_iter().map(look).collect(),
        }
    }

    fn all_labels(&self, subject: Subject<'_>) -> BTreeMap<String, String> {
        let mut labels = subject.options.team_labels.clone();
        labels.insert("severity".to_owned(), self.severity.label().to_owned());
        labels.extend(self.labels.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        labels
    }

    fn annotations(&self, subject: Subject<'_>) -> BTreeMap<&'static str, String> {
        let anchor = self.name.to_ascii_lowercase();
        let mut annotations = BTreeMap::from([
            ("summary", self.summary.clone()),
            ("description", self.description.clone()),
            ("runbook_url", format!("{}#{anchor}", subject.options.runbook_url)),
        ]);
        let labels = self.found.iter().map(|(label, _)| *label);
        annotations.extend(links::dashboard(subject, labels).map(|url| ("dashboard_url", url)));
        annotations.extend(self.query(subject).map(|link| (QUERY_URL, link.annotation())));
        annotations
    }

    /// The first query of the runbook, for this alert.
    fn query(&self, subject: Subject<'_>) -> Option<QueryLink> {
        let labels: Vec<&str> = self.found.iter().map(|(label, _)| *label).collect();
        QueryLink::new(subject, self.name, &labels)
    }
}
