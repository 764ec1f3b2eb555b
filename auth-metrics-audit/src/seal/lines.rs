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

    /// Returns the next line, and goes on after it: an attempt of this subject.
    pub(crate) fn next(&mut self, subject: &str) -> Vec<u8> {
        let (line, tail) = self.peek(&attempt(self.format, subject));
        self.chain.advance(tail);
        line
    }

    /// Returns the next line, and goes on after it: what the trail says of itself.
    pub(crate) fn own(&mut self, name: &str) -> Vec<u8> {
        let members = match self.format {
            Format::Ecs => format!("\"event.action\":\"{name}\",\"auth.kind\":\"trail\""),
            Format::Ocsf => format!("\"class_uid\":6002,\"metadata\":{{\"event_code\":\"{name}\"}}"),
        };
        let (line, tail) = self.peek(&members);
        self.chain.advance(tail);
        line
    }

    /// Returns the next line without going on after it.
    pub(crate) fn peek(&self, members: &str) -> (Vec<u8>, Tail) {
        let tail = self.chain.tail();
        let (id, sequence, prev) = (self.chain.id(), tail.sequence + 1, hex::text(&tail.hash));
        let open = match self.format {
            Format::Ecs => format!(
                "{{{members},\"auth.chain\":\"{id}\",\"event.sequence\":{sequence},\"auth.prev\":\"{prev}\""
            ),
            Format::Ocsf => format!(
                "{{{members},\"unmapped\":{{\"chain\":\"{id}\",\"sequence\":{sequence},\"prev\":\"{prev}\""
            ),
        };
        let mut line = open.into_bytes();
        let tail = self.chain.close(self.format, &mut line);
        (line, tail)
    }
}

fn attempt(format: Format, subject: &str) -> String {
    let subject = serde_json::to_string(subject).unwrap();
    match format {
        Format::Ecs => format!(
            "\"@timestamp\":\"2026-01-02T03:04:05.678Z\",\"event.action\":\"login\",\"auth.kind\":\"authentication\",\"event.outcome\":\"failure\",\"auth.outcome\":\"rejected\",\"event.reason\":\"invalid_credentials\",\"user.id\":{subject}"
        ),
        Format::Ocsf => format!(
            "\"class_uid\":3002,\"time\":1767323045678,\"metadata\":{{\"event_code\":\"login.rejected\"}},\"status_id\":2,\"status_code\":\"invalid_credentials\",\"user\":{{\"uid\":{subject}}}"
        ),
    }
}
