//! Hostile records, from a seed.

use std::time::{Duration, SystemTime};

use auth_metrics::Outcome;
use auth_metrics::events::{Field, TraceContext};

use super::*;

/// Xorshift.
pub(super) struct Random(u64);

/// What somebody may type into a form to break a line, a terminal or a reader.
const PARTS: [&str; 26] = [
    "\0",
    "\n",
    "\r\n",
    "\"",
    "\\",
    "\\\"",
    "\u{1b}[31m",
    "\u{9b}2J",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{200f}",
    "\u{fffd}",
    "\u{ffff}",
    "\\ud800",
    "\u{10ffff}",
    "😀",
    "é",
    "日本",
    "\",\"event.hash\":\"",
    "}}\n{",
    "user@example.com",
    "plain-text_0123456789",
];

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn one_in(&mut self, end: usize) -> bool {
        self.below(end) == 0
    }

    pub(super) fn of<'t, T>(&mut self, choice: &'t [T]) -> &'t T {
        &choice[self.below(choice.len())]
    }

    /// A text, which may have as much as some megabytes.
    pub(super) fn text(&mut self) -> Box<str> {
        let repeats = *self.of(&[0, 1, 1, 1, 2, 5, 40, 400]);
        let mut text: String = (0..repeats).map(|_| *self.of(&PARTS)).collect();
        if self.one_in(200) {
            text = self.of(&PARTS).repeat(1 << 16);
        }
        text.into()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Random) -> T) -> Option<T> {
        if self.one_in(3) { None } else { Some(make(self)) }
    }

    fn shown(&mut self, field: Field) -> Shown {
        match self.below(4) {
            0 => Shown::Omitted,
            1 => Shown::Clear(self.text()),
            2 => match pseudonym(field, "somebody") {
                Shown::Pseudonym(name, _) => Shown::Pseudonym(name, None),
                other => other,
            },
            _ => pseudonym(field, &self.text()),
        }
    }

    fn peer(&mut self) -> ShownPeer {
        let v6 = std::net::Ipv6Addr::from(u128::from(self.next()) << 64 | u128::from(self.next())).into();
        let peer = if self.one_in(2) { v6 } else { [192, 0, 2, 255].into() };
        match self.below(4) {
            0 => ShownPeer::Omitted,
            1 => ShownPeer::Prefix(peer),
            2 => ShownPeer::Pseudonym(pseudonyms().of_peer(peer)),
            _ => ShownPeer::Clear(peer),
        }
    }

    fn time(&mut self) -> SystemTime {
        let far = Duration::new(self.next() >> self.below(64), 999_999_999);
        let base = SystemTime::UNIX_EPOCH;
        let time = if self.one_in(2) { base.checked_sub(far) } else { base.checked_add(far) };
        time.unwrap_or(base)
    }

    pub(super) fn attempt(&mut self) -> Attempt {
        let (kind, operation) = *self.of(&KINDS);
        let outcome: Outcome = *self.of(&outcomes().collect::<Vec<_>>());
        let operation = if self.one_in(3) { self.text() } else { operation.into() };
        Attempt {
            service: self.text(),
            source: self.maybe(|random| *random.of(&["password", "oidc", "other", "a\"b"])),
            started: self.time(),
            duration: Duration::new(self.next() >> self.below(64), 5),
            subject: self.shown(Field::Subject),
            session: self.shown(Field::Session),
            device: self.shown(Field::Device),
            resource: self.maybe(Random::text),
            peer: self.peer(),
            request_id: self.maybe(Random::text),
            trace: self.maybe(|_| TraceContext::new([0xff; 16], [1; 8], false)).flatten(),
            is_truncated: self.one_in(9),
            id: self.maybe(|random| format!("{:016x}-0-1", random.next()).into()),
            is_nested: self.one_in(5),
            failures_before: self.maybe(|random| u32::try_from(random.next() >> 32).unwrap()),
            new_peer: self.one_in(2),
            patterns: if self.one_in(4) { ["token_without_login"].into() } else { Box::default() },
            previous: self.maybe(|random| {
                let sequences = Sequences::new(1);
                sequences.set(0, random.next());
                sequences
            }),
            ..attempt(kind, &operation, outcome)
        }
    }

    fn own(&mut self) -> Own {
        match self.of(&owns()).clone() {
            Own::Rotated { cause, .. } => Own::Rotated { cause, before: self.text().into() },
            Own::Recovered(recovered) => {
                Own::Recovered(Recovered { bytes: self.next(), moved_to: self.text().into(), ..recovered })
            }
            Own::Checkpoint(_) => {
                let heads = self.below(40);
                Own::Checkpoint(checkpoint((0..heads).map(|_| head("sink\n", self.next())).collect()).into())
            }
            other => other,
        }
    }

    pub(super) fn record(&mut self) -> Record {
        if self.one_in(6) {
            let own = self.own();
            return Record { at: self.time(), body: Body::Own(own) };
        }
        let attempt = self.attempt();
        Record { at: self.time(), body: Body::Event(Box::new(attempt)) }
    }

    pub(super) fn origin(&mut self) -> Origin {
        Origin {
            node: self.text().into(),
            boot: "0123456789abcdef".to_owned(),
            organization: self.maybe(|random| random.text().into()),
        }
    }
}
