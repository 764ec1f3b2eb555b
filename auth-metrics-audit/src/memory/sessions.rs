//! `Session`: what is remembered of one session.

use std::net::IpAddr;
use std::sync::Arc;

use super::subjects::Peers;
use crate::record::{Previous, Sequences};

/// What is remembered of one session.
#[derive(Default)]
pub(super) struct Session {
    peers: Peers,
    last: Option<Arc<Sequences>>,
    is_known: bool,
}

impl Session {
    /// Returns whether a login led to it, or a token of it was accepted before.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }

    pub(super) fn know(&mut self) {
        self.is_known = true;
    }

    /// Remembers a network, and returns whether it is a new one while others are known.
    pub(super) fn comes_from(&mut self, peer: Option<IpAddr>) -> bool {
        let Some(peer) = peer else { return false };
        let is_new = self.peers.is_new(peer);
        self.peers.add(peer);
        is_new
    }

    /// Remembers its latest event, and returns the one before.
    pub(super) fn follow(&mut self, sequences: Arc<Sequences>) -> Option<Previous> {
        self.last.replace(sequences)
    }
}
