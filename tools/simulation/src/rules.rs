//! Reads `rules.yml`, and finds which recorded series must be there before which.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// All rules, sorted by what they are.
#[derive(Debug)]
pub struct Rules {
    /// Levels of recording rules: each reads only what the levels before it record.
    pub levels: Vec<Vec<Record>>,
    pub alerts: Vec<Alert>,
}

/// A recording rule.
#[derive(Clone, Debug)]
pub struct Record {
    pub name: String,
    pub expression: String,
    pub labels: BTreeMap<String, String>,
}

/// An alerting rule.
#[derive(Clone, Debug)]
pub struct Alert {
    pub name: String,
    pub expression: String,
    /// How many minutes it must hold before it fires.
    pub hold: i64,
    pub severity: String,
    pub labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct File {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    record: Option<String>,
    alert: Option<String>,
    expr: Expression,
    #[serde(rename = "for", default)]
    hold: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

/// A number is an expression, too, and YAML reads it as one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expression {
    Text(String),
    Number(f64),
}

impl Rules {
    /// Reads the text of a `rules.yml`.
    ///
    /// # Errors
    ///
    /// If it is no file of rules, or recording rules read each other in a circle.
    pub fn read(text: &str) -> Result<Rules, String> {
        let file: File = yaml_serde::from_str(text).map_err(|error| format!("rules: {error}"))?;
        let (mut records, mut alerts) = (Vec::new(), Vec::new());
        for rule in file.groups.into_iter().flat_map(|group| group.rules) {
            let expression = match rule.expr {
                Expression::Text(text) => text,
                Expression::Number(number) => number.to_string(),
            };
            match (rule.record, rule.alert) {
                (Some(name), _) => records.push(Record { name, expression, labels: rule.labels }),
                (None, Some(name)) => {
                    let severity = rule.labels.get("severity").cloned().unwrap_or_default();
                    let hold = minutes(&rule.hold)?;
                    alerts.push(Alert { name, expression, hold, severity, labels: rule.labels });
                }
                (None, None) => return Err("a rule neither records nor alerts".to_owned()),
            }
        }
        let levels = levels(records)?;
        Ok(Rules { levels, alerts })
    }

    pub fn records(&self) -> usize {
        self.levels.iter().map(Vec::len).sum()
    }
}

fn levels(mut records: Vec<Record>) -> Result<Vec<Vec<Record>>, String> {
    let mut levels = Vec::new();
    while !records.is_empty() {
        let open: BTreeSet<String> = records.iter().map(|record| record.name.clone()).collect();
        let waits = |record: &Record| words(&record.expression).any(|word| open.contains(word));
        let (later, now): (Vec<_>, Vec<_>) = records.into_iter().partition(waits);
        if now.is_empty() {
            let names: Vec<_> = open.into_iter().collect();
            return Err(format!("recording rules read each other in a circle: {}", names.join(", ")));
        }
        levels.push(now);
        records = later;
    }
    Ok(levels)
}

/// Names and keywords of an expression.
fn words(expression: &str) -> impl Iterator<Item = &str> {
    expression.split(|found: char| !(found.is_ascii_alphanumeric() || found == '_' || found == ':'))
}

/// Minutes of a duration as Prometheus spells it, such as `1h30m`; less than one is one evaluation.
fn minutes(spelled: &str) -> Result<i64, String> {
    let wrong = || format!("not a duration: {spelled}");
    let mut seconds = 0.0;
    let mut rest = spelled;
    while !rest.is_empty() && rest != "0" {
        let digits = rest.find(|found: char| !found.is_ascii_digit()).ok_or_else(wrong)?;
        let number: f64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit =
            rest[digits..].find(|found: char| found.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
        seconds += number
            * match &rest[digits..unit] {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3_600.0,
                "d" => 86_400.0,
                "w" => 604_800.0,
                "y" => 31_536_000.0,
                _ => return Err(wrong()),
            };
        rest = &rest[unit..];
    }
    Ok((seconds / 60.0).ceil() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
groups:
- name: one
  interval: 1m
  rules:
  - record: b:rate
    expr: avg_over_time(a:rate[1h])
  - record: a:rate
    expr: rate(x[5m])
  - alert: Loud
    expr: b:rate > 2
    for: 1h30m
    labels: {severity: page}
  - record: c:limit
    expr: 5
";

    #[test]
    fn a_record_comes_after_those_that_it_reads() {
        let rules = Rules::read(TEXT).unwrap();
        let names: Vec<Vec<&str>> =
            rules.levels.iter().map(|level| level.iter().map(|record| &*record.name).collect()).collect();
        assert_eq!(names, [vec!["a:rate", "c:limit"], vec!["b:rate"]]);
        assert_eq!((rules.alerts[0].hold, &*rules.alerts[0].severity), (90, "page"));
    }

    #[test]
    fn a_circle_is_refused() {
        let text = TEXT.replace("rate(x[5m])", "b:rate * 2");
        assert!(Rules::read(&text).unwrap_err().contains("circle"));
    }

    #[test]
    fn durations_are_rounded_up_to_minutes() {
        for (spelled, expected) in [("", 0), ("0s", 0), ("30s", 1), ("2m", 2), ("1h", 60), ("1d", 1_440)] {
            assert_eq!(minutes(spelled), Ok(expected), "{spelled}");
        }
        assert!(minutes("soon").is_err());
    }
}
