//! Prints lines for people, in columns. Nothing that a line says reaches a terminal unescaped.

use std::fmt::Write as _;

use crate::stored::{Said, Sort};

/// Which lines are shown; all that is given must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) operation: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) outcome: Option<String>,
    /// Any of these: a name, and its pseudonym.
    pub(super) subjects: Vec<String>,
    pub(super) sessions: Vec<String>,
}

impl Filter {
    pub(super) fn takes(&self, said: &Said) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        is(&self.operation, said.operation())
            && is(&self.reason, said.reason())
            && is(&self.outcome, said.outcome())
            && any(&self.subjects, said.subjects())
            && any(&self.sessions, said.sessions())
    }
}

fn any<'a>(wanted: &[String], mut found: impl Iterator<Item = &'a str>) -> bool {
    wanted.is_empty() || found.any(|text| wanted.iter().any(|wanted| wanted == text))
}

/// The names of the columns.
pub(super) const HEADER: &str = "SEQUENCE  TIME                      OPERATION             OUTCOME               REASON                   SERVICE       SUBJECT          PEER             MORE";

/// Returns one line as columns.
pub(super) fn columns(sequence: u64, said: &Said) -> String {
    let mut out = format!("{sequence:>8}  ");
    column(&mut out, said.time().as_deref(), 24);
    if let Some(own) = said.own() {
        let _ = write!(out, "({})  {}", escaped(own), own_details(said));
        return out.trim_end().to_owned();
    }
    column(&mut out, said.operation(), 20);
    column(&mut out, said.outcome(), 20);
    column(&mut out, said.reason(), 23);
    column(&mut out, said.service(), 12);
    column(&mut out, said.subjects().next().map(short), 15);
    column(&mut out, said.peer().map(short), 15);
    out.push_str(&details(said));
    out.trim_end().to_owned()
}

/// Returns a text without what a terminal would act on: escapes, controls, and marks that turn the direction of the text.
pub(super) fn escaped(text: &str) -> String {
    let is_plain = |letter: char| {
        !letter.is_control()
            && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        if is_plain(letter) {
            out.push(letter);
        } else {
            out.extend(letter.escape_unicode());
        }
        out
    })
}

/// A pseudonym has more digits than people compare.
fn short(text: &str) -> &str {
    match text.rsplit_once(':') {
        Some((id, digits)) if digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            text.get(..id.len() + 13).unwrap_or(text)
        }
        _ => text,
    }
}

fn column(out: &mut String, text: Option<&str>, width: usize) {
    let text = escaped(text.unwrap_or("-"));
    let _ = write!(out, "{text:<width$}  ");
}

fn details(said: &Said) -> String {
    let mut out = Vec::new();
    match said.sort() {
        Sort::Step => out.push("step".to_owned()),
        Sort::Decision => out.push("not enforced".to_owned()),
        _ => {}
    }
    for (key, word) in [
        ("resource", "of"),
        ("method", "by"),
        ("failures_before", "failures before:"),
        ("previous", "after line"),
    ] {
        if let Some(value) = said.ours(key) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            out.push(format!("{word} {}", escaped(&text)));
        }
    }
    if said.ours("new_peer").is_some() {
        out.push("from a new peer".to_owned());
    }
    if let Some(patterns) = said.ours("patterns").and_then(serde_json::Value::as_array) {
        let patterns = patterns.iter().filter_map(serde_json::Value::as_str);
        out.extend(patterns.map(|pattern| format!("pattern {}", escaped(pattern))));
    }
    if let Some(session) = said.sessions().next() {
        out.push(format!("session {}", escaped(short(session))));
    }
    out.join(", ")
}

fn own_details(said: &Said) -> String {
    let keys = [
        "version", "clean", "sealed", "cause", "before", "attempts", "steps", "bytes", "moved_to", "started",
        "ended", "captured", "written", "dropped",
    ];
    let told = keys.iter().filter_map(|key| {
        let value = said.ours(key)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{key}={}", escaped(&text)))
    });
    told.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Said {
        Said::of(line.as_bytes()).unwrap()
    }

    const ECS: &str = r#"{"@timestamp":"2026-01-02T03:04:05.678901234Z","event.action":"login","auth.kind":"authentication","auth.outcome":"rejected","event.reason":"invalid_credentials","service.name":"gateway","user.hash":"k1:0123456789abcdef0123456789abcdef","auth.session":"s1"}"#;
    const OCSF: &str = r#"{"time":1767323045678,"class_uid":3002,"status_code":"invalid_credentials","service":{"name":"gateway"},"user":{"uid":"k1:0123456789abcdef0123456789abcdef"},"session":{"uid":"s1"},"unmapped":{"kind":"authentication","operation":"login","outcome":"rejected"}}"#;

    #[test]
    fn both_formats_show_the_same() {
        let shown = columns(7, &said(ECS));
        assert_eq!(shown, columns(7, &said(OCSF)));
        for part in [
            "       7  2026-01-02T03:04:05.678Z",
            "login",
            "rejected",
            "invalid_credentials",
            "gateway",
            "k1:0123456789ab ",
            "session s1",
        ] {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
    }

    #[test]
    fn filters_hold_together() {
        let wanted = |text: &str| Some(text.to_owned());
        for line in [ECS, OCSF] {
            let all = Filter {
                operation: wanted("login"),
                reason: wanted("invalid_credentials"),
                outcome: wanted("rejected"),
                subjects: vec!["alice".to_owned(), "k1:0123456789abcdef0123456789abcdef".to_owned()],
                sessions: vec!["s1".to_owned()],
            };
            assert!(all.takes(&said(line)));
            assert!(Filter::default().takes(&said(line)));
            assert!(!Filter { operation: wanted("logout"), ..all.clone() }.takes(&said(line)));
            assert!(!Filter { reason: wanted("locked"), ..all.clone() }.takes(&said(line)));
            assert!(!Filter { outcome: wanted("success"), ..all.clone() }.takes(&said(line)));
            assert!(!Filter { subjects: vec!["alice".to_owned()], ..all.clone() }.takes(&said(line)));
            assert!(!Filter { sessions: vec!["s2".to_owned()], ..all }.takes(&said(line)));
        }
    }

    #[test]
    fn terminal_gets_no_escapes() {
        let hostile = "\u{1b}[2J\u{9b}31m\r\n\u{202e}\u{2028}\u{feff}\u{0}";
        let line = serde_json::json!({"event.action": hostile, "user.id": hostile, "auth.session": hostile, "service.name": hostile, "@timestamp": hostile, "event.reason": hostile, "auth.resource": hostile, "auth.outcome": hostile, "source.ip": hostile});
        let shown = columns(1, &said(&line.to_string()));
        assert!(shown.chars().all(|letter| (' '..='~').contains(&letter)), "{shown:?}");
        assert!(shown.contains("\\u{1b}[2J\\u{9b}31m"));
        let own = serde_json::json!({"event.code": format!("audit.{hostile}"), "auth.kind": "audit", "auth.cause": hostile});
        let shown = columns(1, &said(&own.to_string()));
        assert!(shown.chars().all(|letter| (' '..='~').contains(&letter)), "{shown:?}");
    }
}
