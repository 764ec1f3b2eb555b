//! Verdicts as the replay program prints them.

use serde_json::Value;

use crate::address::{Net, Unit};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Notice,
    Attack,
    Critical,
}

#[derive(Clone, Debug)]
pub struct Verdict {
    pub id: u64,
    pub t: f64,
    /// Infinite as long as it is in force.
    pub ended: f64,
    pub detector: String,
    pub severity: Severity,
    /// Empty if it is about all operations.
    pub operation: String,
    pub source: Option<Unit>,
    pub net: Option<Net>,
    pub subject: Option<String>,
}

impl Verdict {
    pub fn is_attack(&self) -> bool {
        self.severity >= Severity::Attack
    }

    /// An attack that names nobody: a verdict about the operation.
    pub fn is_campaign(&self) -> bool {
        self.is_attack() && self.source.is_none() && self.net.is_none() && self.subject.is_none()
    }
}

/// What a line says.
#[derive(Clone, Debug)]
pub enum Line {
    Began(Verdict),
    Ended { id: u64, t: f64 },
    Assessed(f64),
    Summary(Summary),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    pub events: f64,
    pub malformed: f64,
    pub bytes: f64,
    pub nanoseconds: f64,
    /// Sources that the program takes for a proxy which hides its clients.
    pub proxies: f64,
}

/// Reads a line.
///
/// # Errors
///
/// If it is none that section 6 of the interface knows.
pub fn read(line: &str) -> Result<Line, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
    if let Some(assess) = value.get("assess") {
        return number(assess, "probability").map(Line::Assessed);
    }
    if let Some(summary) = value.get("summary") {
        return Ok(Line::Summary(Summary {
            events: number(summary, "events")?,
            malformed: number(summary, "malformed")?,
            bytes: number(summary, "bytes")?,
            nanoseconds: number(summary, "nanoseconds_per_event")?,
            proxies: number(summary.get("faults").unwrap_or(&Value::Null), "peer_looks_like_proxy")?,
        }));
    }
    match text(&value, "event").as_str() {
        "began" => began(&value).map(Line::Began),
        "ended" => Ok(Line::Ended { id: number(&value, "id")? as u64, t: number(&value, "t")? }),
        _ => Err(format!("neither verdict nor summary: {line}")),
    }
}

fn began(value: &Value) -> Result<Verdict, String> {
    let severity = match text(value, "severity").as_str() {
        "notice" => Severity::Notice,
        "attack" => Severity::Attack,
        "critical" => Severity::Critical,
        other => return Err(format!("unknown severity: {other}")),
    };
    let given = |key: &str| value.get(key).and_then(Value::as_str);
    let net = match given("net") {
        Some(net) => Some(Net::read(net).ok_or_else(|| format!("not a network: {net}"))?),
        None => None,
    };
    Ok(Verdict {
        id: number(value, "id")? as u64,
        t: number(value, "t")?,
        ended: f64::INFINITY,
        detector: text(value, "detector"),
        severity,
        operation: text(value, "operation"),
        source: given("source").map(Unit::read),
        net,
        subject: given("subject").map(str::to_owned),
    })
}

fn number(value: &Value, key: &str) -> Result<f64, String> {
    value.get(key).and_then(Value::as_f64).ok_or_else(|| format!("no number {key} in {value}"))
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_names_whom_it_convicts() {
        let line = r#"{"t":5.5,"event":"began","id":7,"detector":"source_guessing","severity":"attack",
            "action":"block","operation":"login","source":"2001:db8::/64","shared":false,"probability":0.9993,
            "evidence":{},"why":"-"}"#;
        let Line::Began(verdict) = read(line).expect("a verdict") else { panic!("no verdict") };
        assert_eq!(verdict.source, Some(Unit::read("2001:db8::7")));
        assert!(verdict.is_attack() && !verdict.is_campaign());
    }

    #[test]
    fn other_lines_are_read_and_nonsense_is_refused() {
        assert!(matches!(
            read(r#"{"t":1,"event":"ended","id":7,"detector":"x"}"#),
            Ok(Line::Ended { id: 7, .. })
        ));
        assert!(matches!(
            read(r#"{"t":1,"assess":{"probability":0.5,"action":"slow"}}"#),
            Ok(Line::Assessed(_))
        ));
        let summary = r#"{"summary":{"events":3,"malformed":0,"detections":{},"prior":{},"bytes":9,
            "nanoseconds_per_event":80.5,"faults":{"peer_looks_like_proxy":2,"clock_jumped":0}}}"#;
        let Ok(Line::Summary(summary)) = read(summary) else { panic!("no summary") };
        assert!((summary.proxies - 2.0).abs() < 1e-9);
        assert!(read("{}").is_err() && read("hello").is_err());
    }
}
