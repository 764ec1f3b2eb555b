//! The names of who got in lately: a detection about an account may come after the attempt that it is about.

use std::net::IpAddr;

use crate::{Peer, SourceHash, SubjectHash};

const KEPT: usize = 4096;
/// Longer names are not kept, so that memory is bounded.
const LONGEST_NAME: usize = 1024;

/// The last successes, in a ring.
#[derive(Default)]
pub(super) struct Recents {
    entries: Vec<Recent>,
    next: usize,
}

/// A success.
pub(super) struct Recent {
    subject_hash: SubjectHash,
    source_hash: SourceHash,
    pub(super) subject: String,
    pub(super) source: Source,
}

/// Where an attempt came from, in a form that can be kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    Address(IpAddr),
    Name(String),
}

impl Source {
    pub(super) fn peer(&self) -> Peer<'_> {
        match self {
            Source::Address(address) => Peer::Address(*address),
            Source::Name(name) => Peer::Name(name),
        }
    }
}

impl Recents {
    pub(super) fn push(&mut self, subject: (SubjectHash, &str), source: (SourceHash, Peer<'_>)) {
        let source_kept = match source.1 {
            Peer::Address(address) => Source::Address(address),
            Peer::Name(name) if name.len() > LONGEST_NAME => return,
            Peer::Name(name) => Source::Name(name.to_owned()),
        };
        if subject.1.len() > LONGEST_NAME {
            return;
        }
        let recent = Recent {
            subject_hash: subject.0,
            source_hash: source.0,
            subject: subject.1.to_owned(),
            source: source_kept,
        };
        if self.entries.len() < KEPT {
            self.entries.push(recent);
            return;
        }
        self.entries[self.next] = recent;
        self.next = (self.next + 1) % KEPT;
    }

    /// The last success of an account.
    pub(super) fn of_subject(&self, hash: SubjectHash) -> Option<&Recent> {
        self.newest_first().find(|recent| recent.subject_hash == hash)
    }

    /// The last success from a source.
    pub(super) fn of_source(&self, hash: SourceHash) -> Option<&Recent> {
        self.newest_first().find(|recent| recent.source_hash == hash)
    }

    fn newest_first(&self) -> impl Iterator<Item = &Recent> {
        let (newer, older) = self.entries.split_at(self.next);
        newer.iter().rev().chain(older.iter().rev())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    #[test]
    fn last_success_is_found_among_many_and_forgotten_in_time() {
        let engine = Engine::builder().key([1; 16]).build().unwrap();
        let mut recents = Recents::default();
        let push = |recents: &mut Recents, subject: &str, source: &str| {
            let peer = Peer::Name(source);
            recents.push((engine.subject_hash(subject), subject), (engine.source_hash(&peer), peer));
        };
        push(&mut recents, "alice", "old");
        push(&mut recents, "alice", "new");
        push(&mut recents, &"x".repeat(1025), "long");
        let alice = engine.subject_hash("alice");
        let source = |recents: &Recents| recents.of_subject(alice).map(|recent| recent.source.clone());
        assert_eq!(source(&recents), Some(Source::Name("new".to_owned())));
        for other in 2..4096 {
            push(&mut recents, &format!("user {other}"), "place");
        }
        let old = engine.source_hash(&Peer::Name("old"));
        assert_eq!(recents.of_source(old).map(|recent| recent.subject.as_str()), Some("alice"));
        push(&mut recents, "bob", "place");
        assert!(recents.of_source(old).is_none() && source(&recents).is_some());
        push(&mut recents, "carol", "place");
        assert_eq!((source(&recents), recents.entries.len()), (None, 4096));
    }
}
