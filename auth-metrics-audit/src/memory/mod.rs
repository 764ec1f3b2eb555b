//! `Memory`: what the trail remembers of subjects and sessions for a while, so that a line can say what came before it. It keeps keyed
//! hashes and networks, no names, and its size has a bound.

mod recent;
mod sessions;
mod subjects;
#[cfg(test)]
mod tests;

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use auth_metrics::events::Event;
use auth_metrics::{OperationKind, Outcome};

use crate::record::{Kind, Previous, Sequences};
use crate::show::network;
use recent::Recent;
use sessions::Session;
use subjects::{SUBJECT_LIFE, Subject};

/// How many subjects, and how many sessions, are remembered at least.
const REMEMBERED: usize = 10_000;
/// For how long a session is remembered after its last event, in milliseconds: an hour.
const SESSION_LIFE: u64 = 60 * 60 * 1_000;
/// So many failures before a success are a pattern.
const MANY_FAILURES: u32 = 5;

/// A pattern over several attempts: the values of the label `pattern` of `auth_correlations_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// A subject was authenticated after at least five rejected attempts within ten minutes.
    SuccessAfterFailures,
    /// A session came from a network that it had not come from before.
    SessionFromNewPeer,
    /// A token of a session was accepted, and nobody logged in to that session.
    TokenWithoutLogin,
}

impl Pattern {
    /// Every label, in the order of the variants.
    pub(crate) const LABELS: [&'static str; 3] =
        ["success_after_failures", "session_from_new_peer", "token_without_login"];
}

/// What came before an event.
#[derive(Debug, Default)]
pub(crate) struct Before {
    pub(crate) failures: Option<u32>,
    pub(crate) new_peer: bool,
    pub(crate) previous: Option<Previous>,
    pub(crate) sequences: Option<Arc<Sequences>>,
    pub(crate) patterns: [bool; Pattern::LABELS.len()],
    /// Whether it is put on the record: because the policy wants it, or because there is a pattern in it.
    pub(crate) is_recorded: bool,
}

/// What is remembered.
pub(crate) struct Memory {
    hashes: RandomState,
    sinks: usize,
    subjects: Recent<Subject>,
    sessions: Recent<Session>,
    /// Whether a login ever said to which session it led. If none does, no token can be without one.
    knows_logins: bool,
}

impl Memory {
    /// Remembers nothing yet. The places of events are kept for this many sinks.
    pub(crate) fn new(sinks: usize) -> Memory {
        Memory {
            hashes: RandomState::new(),
            sinks,
            subjects: Recent::new(REMEMBERED, SUBJECT_LIFE),
            sessions: Recent::new(REMEMBERED, SESSION_LIFE),
            knows_logins: false,
        }
    }

    /// Returns what came before an event, and remembers it. What the policy does not want is put on the record all the same if there is
    /// a pattern in it.
    pub(crate) fn note(&mut self, event: &Event, is_wanted: bool) -> Before {
        self.note_at(event, is_wanted, millis(event.ended()))
    }

    /// As [`note`](Memory::note), of an event that ended at this time.
    fn note_at(&mut self, event: &Event, is_wanted: bool, now: u64) -> Before {
        let peer = event.peer().map(network);
        let mut before = Before { is_recorded: is_wanted, ..Before::default() };
        if let Kind::Attempt(kind) = Kind::of(event.kind()) {
            // One login is one login, however many layers of it are metered. Which session it led to, often the outermost alone knows.
            if !event.is_told_inside() {
                self.subject(event, kind, peer, now, &mut before);
            }
            self.session(event, kind, peer, now, &mut before);
        }
        before
    }

    fn subject(
        &mut self,
        event: &Event,
        kind: OperationKind,
        peer: Option<IpAddr>,
        now: u64,
        before: &mut Before,
    ) {
        let Some(subject) = event.subject() else { return };
        let subject = self.subjects.get(self.hashes.hash_one(subject), now);
        before.new_peer = subject.is_new_peer(peer);
        if kind != OperationKind::Authentication {
            return;
        }
        match event.outcome() {
            Outcome::Success => {
                let failures = subject.succeed(peer, now);
                before.failures = (failures > 0).then_some(failures);
                before.flag(Pattern::SuccessAfterFailures, failures >= MANY_FAILURES);
            }
            outcome if outcome.label() == "rejected" => subject.fail(now),
            Outcome::Failure(_) => {}
        }
    }

    fn session(
        &mut self,
        event: &Event,
        kind: OperationKind,
        peer: Option<IpAddr>,
        now: u64,
        before: &mut Before,
    ) {
        let Some(session) = event.session() else { return };
        let session = self.sessions.get(self.hashes.hash_one(session), now);
        let is_success = event.outcome() == Outcome::Success;
        let is_login = is_success && kind == OperationKind::Authentication;
        let is_first_token = is_success && kind == OperationKind::Token && !session.is_known();
        before.flag(Pattern::SessionFromNewPeer, session.comes_from(peer));
        before.flag(Pattern::TokenWithoutLogin, is_first_token && self.knows_logins);
        self.knows_logins |= is_login;
        let may_make_one =
            matches!(kind, OperationKind::Authentication | OperationKind::Token | OperationKind::Session);
        if is_success && may_make_one {
            session.know();
        }
        if before.is_recorded {
            let sequences = Sequences::new(self.sinks);
            before.previous = session.follow(Arc::clone(&sequences));
            before.sequences = Some(sequences);
        }
    }
}

impl Before {
    /// Returns the labels of the patterns.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &'static str> + '_ {
        Pattern::LABELS.into_iter().zip(self.patterns).filter_map(|(label, is_seen)| is_seen.then_some(label))
    }

    fn flag(&mut self, pattern: Pattern, is_seen: bool) {
        self.patterns[pattern as usize] |= is_seen;
        self.is_recorded |= is_seen;
    }
}

/// Milliseconds since 1970; before that, zero.
fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
