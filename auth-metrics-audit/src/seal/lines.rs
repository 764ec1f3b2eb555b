//! Lines for tests: opened as `Format::append` promises to, but without a record.

use super::{Chain, Seal, Tail, hex};
use crate::format::Format;

/// Both formats.
pub(crate) const FORMATS: [Format; 2] = [Format::Ecs, Format::Ocsf];

/// The id of the chain.
pub(crate) const CHAIN: &str = "00c0ffee00c0ffee";

/// Makes one line after the other.
pub(crate) struct Lines {
    pub(crate) format: Format,
    pub(crate) chain: Chain,
}

impl Lines {
    pub(crate) fn new(format: Format, seal: Seal, tail: Option<Tail>) -> Lines {
        Lines::of_chain(CHAIN, format, seal, tail)
    }

    pub(crate) fn of_chain(id: &str, format: Format, seal: Seal, tail: Option<Tail>) -> Lines {
        Lines { format, chain: Chain::new(id.to_owned(), seal, tail) }
    }

    /// Returns the next line, and goes on after it: a rejected attempt of this subject.
    pub(crate) fn next(&mut self, subject: &str) -> Vec<u8> {
        let (line, tail) = self.peek(subject);
        self.chain.advance(tail);
        line
    }

    /// Returns the next line without going on after it.
    pub(crate) fn peek(&self, subject: &str) -> (Vec<u8>, Tail) {
        let subject = serde_json::to_string(subject).unwrap();
        match self.format {
            Format::Ecs => {
                let who = format!(
                    r#""@timestamp":"2026-01-02T03:04:05.678Z","event.action":"login","user.id":{subject}"#
                );
                self.close(&who, r#""auth.kind":"authentication","auth.outcome":"rejected","#)
            }
            Format::Ocsf => {
                let who = format!(r#""class_uid":3002,"time":1767323045678,"user":{{"uid":{subject}}}"#);
                self.close(&who, r#""kind":"authentication","operation":"login","outcome":"rejected","#)
            }
        }
    }

    /// Returns the next line, and goes on after it: what the trail says of itself.
    pub(crate) fn own(&mut self, name: &str) -> Vec<u8> {
        let (line, tail) = match self.format {
            Format::Ecs => self.close(&format!(r#""event.code":"audit.{name}""#), r#""auth.kind":"audit","#),
            Format::Ocsf => self.close(
                &format!(r#""class_uid":6002,"metadata":{{"event_code":"audit.{name}"}}"#),
                r#""kind":"audit","#,
            ),
        };
        self.chain.advance(tail);
        line
    }

    fn close(&self, members: &str, ours: &str) -> (Vec<u8>, Tail) {
        let tail = self.chain.tail();
        let (id, sequence, prev) = (self.chain.id(), tail.sequence + 1, hex::text(&tail.hash));
        let open = match self.format {
            Format::Ecs => format!(
                r#"{{{members},{ours}"auth.chain":"{id}","event.sequence":{sequence},"auth.prev":"{prev}""#
            ),
            Format::Ocsf => format!(
                r#"{{{members},"unmapped":{{{ours}"chain":"{id}","sequence":{sequence},"prev":"{prev}""#
            ),
        };
        let mut line = open.into_bytes();
        let tail = self.chain.close(self.format, &mut line);
        (line, tail)
    }
}
