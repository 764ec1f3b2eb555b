//! The lines that come out.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use auth_metrics::Outcome;

use super::columns::Row;
use super::error::Error;
use super::json::Object;
use super::recents::Recents;
use super::summary::Summary;
use crate::{Attempt, Detection, Engine, Evidence, Peer, Scope};

/// The output, and what is needed to name whom a detection is about.
pub(super) struct Lines<O> {
    pub(super) engine: Engine,
    recents: Recents,
    out: O,
    line: String,
}

/// Whom a detection is about, as far as it can be named.
#[derive(Debug, Default, PartialEq)]
struct Names {
    source: Option<String>,
    net: Option<String>,
    subject: Option<String>,
    origin: Option<String>,
}

impl<O: Write> Lines<O> {
    pub(super) fn new(engine: Engine, out: O) -> Lines<O> {
        Lines { engine, recents: Recents::default(), out, line: String::new() }
    }

    /// Keeps the names of a success.
    pub(super) fn remember(&mut self, row: &Row<'_>) {
        if let (Outcome::Success, Some(subject), Some(peer)) = (row.outcome, row.subject, row.peer) {
            let (subject_hash, source_hash) =
                (self.engine.subject_hash(subject), self.engine.source_hash(&peer));
            self.recents.push((subject_hash, subject), (source_hash, peer));
        }
    }

    /// Writes the risk of an attempt.
    pub(super) fn assess(&mut self, at: f64, attempt: &Attempt<'_>) -> Result<(), Error> {
        let risk = self.engine.assess_attempt(attempt);
        let mut object = Object::begin(&mut self.line);
        object.number("t", at);
        let mut assess = object.object("assess");
        assess.number("probability", risk.probability);
        assess.text("action", risk.action.label());
        assess.end();
        object.end();
        self.flush()
    }

    /// Writes what began or ended with an attempt.
    pub(super) fn detection(&mut self, detection: &Detection, row: &Row<'_>) -> Result<(), Error> {
        let names = self.names(detection.scope(), row);
        let mut object = Object::begin(&mut self.line);
        object.number("t", detection.until().unwrap_or(detection.began()));
        object.text("event", if detection.until().is_some() { "ended" } else { "began" });
        object.plain("id", detection.id());
        object.text("detector", detection.detector().label());
        if detection.until().is_none() {
            began(&mut object, detection, &names);
        }
        object.end();
        self.flush()
    }

    /// Writes the last line.
    pub(super) fn summary(&mut self, summary: &Summary) -> Result<(), Error> {
        let mut object = Object::begin(&mut self.line);
        let mut inner = object.object("summary");
        inner.plain("events", summary.events);
        inner.plain("malformed", summary.malformed);
        let mut detections = inner.object("detections");
        for (detector, count) in &summary.detections {
            detections.plain(detector.label(), count);
        }
        detections.end();
        let mut priors = inner.object("prior");
        for (operation, prior) in &summary.priors {
            priors.number(operation, *prior);
        }
        priors.end();
        inner.plain("bytes", summary.bytes);
        let nanoseconds = summary.feeding.as_nanos() / u128::from(summary.events.max(1));
        inner.plain("nanoseconds_per_event", nanoseconds);
        let mut faults = inner.object("faults");
        faults.plain("peer_looks_like_proxy", summary.faults.peers_like_proxies);
        faults.plain("clock_jumped", summary.faults.clock_jumps);
        faults.plain("evicted", summary.faults.evicted);
        faults.plain("refused", summary.faults.refused);
        faults.end();
        inner.end();
        object.end();
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes()).and_then(|()| self.out.flush()).map_err(Error::Write)?;
        self.line.clear();
        Ok(())
    }

    fn names(&self, scope: Scope, row: &Row<'_>) -> Names {
        let origin = row.peer.map(source_text);
        match scope {
            Scope::Source(hash) => {
                let own = row.peer.filter(|peer| self.engine.source_hash(peer) == hash);
                let peer = own.or_else(|| self.recents.of_source(hash).map(|recent| recent.source.peer()));
                Names { source: peer.map(source_text), ..Names::default() }
            }
            Scope::Net(_) => Names { net: row.peer.and_then(net_text), origin, ..Names::default() },
            Scope::Subject(hash) => {
                if let Some(own) = row.subject.filter(|subject| self.engine.subject_hash(subject) == hash) {
                    return Names { subject: Some(own.to_owned()), origin, ..Names::default() };
                }
                let recent = self.recents.of_subject(hash);
                Names {
                    subject: recent.map(|recent| recent.subject.clone()),
                    origin: recent.map(|recent| source_text(recent.source.peer())).or(origin),
                    ..Names::default()
                }
            }
            Scope::Operation => Names { origin, ..Names::default() },
        }
    }
}

fn began(object: &mut Object<'_>, detection: &Detection, names: &Names) {
    object.text("severity", detection.severity().label());
    object.text("action", detection.action().label());
    object.text("operation", detection.operation());
    let Names { source, net, subject, origin } = names;
    for (key, name) in [("source", source), ("net", net), ("subject", subject), ("origin", origin)] {
        if let Some(name) = name {
            object.text(key, name);
        }
    }
    object.plain("shared", detection.is_shared());
    let &Evidence { probability, walk, prior, count, distinct, familiar, .. } = detection.evidence();
    object.number("probability", probability);
    let mut evidence = object.object("evidence");
    evidence.number("probability", probability);
    evidence.number("walk", walk);
    evidence.number("prior", prior);
    evidence.plain("count", count);
    evidence.plain("distinct", distinct);
    evidence.plain("familiar", familiar);
    evidence.end();
    object.text("why", &detection.evidence().to_string());
}

/// A source as it came; of an IPv6 address the /64, which is the source to the engine.
fn source_text(peer: Peer<'_>) -> String {
    match peer {
        Peer::Name(name) => name.to_owned(),
        Peer::Address(IpAddr::V4(address)) => address.to_string(),
        Peer::Address(IpAddr::V6(address)) => v6_text(address, 64),
    }
}

fn net_text(peer: Peer<'_>) -> Option<String> {
    match peer {
        Peer::Name(_) => None,
        Peer::Address(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            Some(format!("{}/24", Ipv4Addr::new(a, b, c, 0)))
        }
        Peer::Address(IpAddr::V6(address)) => Some(v6_text(address, 48)),
    }
}

fn v6_text(address: Ipv6Addr, length: u32) -> String {
    format!("{}/{length}", Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - length))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_as_the_engine_takes_them() {
        let address = |text: &str| Peer::Address(text.parse().unwrap());
        let v6 = address("2001:db8:1:2:3:4:5:6");
        assert_eq!(source_text(v6), "2001:db8:1:2::/64");
        assert_eq!(net_text(v6).as_deref(), Some("2001:db8:1::/48"));
        assert_eq!(source_text(address("192.0.2.7")), "192.0.2.7");
        assert_eq!(net_text(address("192.0.2.7")).as_deref(), Some("192.0.2.0/24"));
        assert_eq!((source_text(Peer::Name("gw")).as_str(), net_text(Peer::Name("gw"))), ("gw", None));
    }

    fn row<'a>(peer: &'a str, subject: &'a str) -> Row<'a> {
        let row = Row::new(1.0, "login", Outcome::Success);
        Row { peer: Some(Peer::Name(peer)), subject: Some(subject), ..row }
    }

    #[test]
    fn whom_an_earlier_attempt_convicts_is_named() {
        let engine = Engine::builder().key([1; 16]).build().unwrap();
        let mut lines = Lines::new(engine.clone(), Vec::new());
        lines.remember(&row("cafe", "alice"));
        let now = row("office", "bob");
        let text = |name: &str| Some(name.to_owned());
        let subject = |subject| lines.names(Scope::Subject(engine.subject_hash(subject)), &now);
        let origin_of = |subject, origin| Names { subject, origin, ..Names::default() };
        assert_eq!(subject("alice"), origin_of(text("alice"), text("cafe")));
        assert_eq!(subject("bob"), origin_of(text("bob"), text("office")));
        assert_eq!(subject("carol"), origin_of(None, text("office")), "nobody else is named instead");
        let source = |source| lines.names(Scope::Source(engine.source_hash(&Peer::Name(source))), &now);
        assert_eq!(source("office"), Names { source: text("office"), ..Names::default() });
        assert_eq!(source("cafe"), Names { source: text("cafe"), ..Names::default() });
        assert_eq!(source("home"), Names::default());
        assert_eq!(lines.names(Scope::Operation, &now), Names { origin: text("office"), ..Names::default() });
    }
}
