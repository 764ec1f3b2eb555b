//! `Subject`: what is remembered of one subject.

use std::collections::VecDeque;
use std::net::IpAddr;

/// For how long a subject is remembered after its last event, in milliseconds: a day.
pub(super) const SUBJECT_LIFE: u64 = 24 * 60 * 60 * 1_000;
/// For how long a failure counts, in milliseconds: ten minutes.
pub(super) const FAILURE_LIFE: u64 = 10 * 60 * 1_000;
/// Failures that are remembered of a subject; more count as so many.
const MOST_FAILURES: usize = 64;
/// Networks that are remembered of a subject or of a session.
pub(super) const MOST_PEERS: usize = 4;

/// The networks that somebody came from, the latest last.
#[derive(Default)]
pub(super) struct Peers(Vec<IpAddr>);

impl Peers {
    /// Whether some are known and this is none of them.
    pub(super) fn is_new(&self, peer: IpAddr) -> bool {
        !self.0.is_empty() && !self.0.contains(&peer)
    }

    pub(super) fn add(&mut self, peer: IpAddr) {
        self.0.retain(|known| *known != peer);
        if self.0.len() >= MOST_PEERS {
            self.0.remove(0);
        }
        self.0.push(peer);
    }
}

/// What is remembered of one subject.
#[derive(Default)]
pub(super) struct Subject {
    /// When it was rejected since its last success, in milliseconds, the latest last.
    failures: VecDeque<u64>,
    /// Where it succeeded from.
    peers: Peers,
}

impl Subject {
    /// Returns whether it succeeded before, and never from there.
    pub(super) fn is_new_peer(&self, peer: Option<IpAddr>) -> bool {
        peer.is_some_and(|peer| self.peers.is_new(peer))
    }

    pub(super) fn fail(&mut self, now: u64) {
        if self.failures.len() >= MOST_FAILURES {
            self.failures.pop_front();
        }
        self.failures.push_back(now);
    }

    /// Returns how many failures of the last ten minutes came before this success, and forgets them.
    pub(super) fn succeed(&mut self, peer: Option<IpAddr>, now: u64) -> u32 {
        if let Some(peer) = peer {
            self.peers.add(peer);
        }
        let failures = std::mem::take(&mut self.failures);
        let recent = failures.iter().filter(|at| now.saturating_sub(**at) <= FAILURE_LIFE).count();
        u32::try_from(recent).unwrap_or(u32::MAX)
    }
}
