//! `Engine`: the handle of an engine, and what is asked of it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::owner::TOLD_AT_ONCE;
use super::{Listeners, Owner, Subscription};
use crate::attempt::{Attempt, Peer};
use crate::detection::Detection;
use crate::engine::{Risk, Shared, State};
use crate::keys::{Keys, SourceHash, SubjectHash};

/// Finds attacks in attempts. Clones share everything.
///
/// Make one with [`Engine::builder`], give it to the handle's builder with
/// [`observe`](auth_metrics::AuthMetricsBuilder::observe), then [`install`](Engine::install) it. To read a log instead, [`feed`](Engine::feed)
/// it attempts.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

/// What went wrong inside or around an engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Faults {
    /// Sources that look like a proxy of the service itself: `peer` is not the client's address. They are never convicted.
    pub peers_like_proxies: u64,
    /// How often the times of attempts went back for good.
    pub clock_jumps: u64,
    /// Entries with little evidence that made room for others.
    pub evicted: u64,
    /// Sources, networks and accounts that found no room, since all others of their place have much evidence: the tables are too small.
    pub refused: u64,
}

pub(crate) struct Inner {
    owner: Mutex<Owner>,
    shared: Shared,
    keys: Keys,
    listeners: Listeners,
    /// Whether a state was given to restore, and could not be.
    is_rejected: bool,
}

impl Engine {
    /// Feeds an attempt, and calls `told` with each detection that begins with it or ended before it. The same attempts in the same order
    /// give the same detections under the same key. An engine that observes a handle is fed by it.
    ///
    /// # Examples
    ///
    /// ```
    /// use auth_metrics::{Outcome, Reason};
    /// use auth_metrics_detect::{Attempt, Engine, Peer};
    ///
    /// # fn main() -> Result<(), auth_metrics_detect::Error> {
    /// let engine = Engine::builder().build()?;
    /// let attempt = Attempt::new(0.0, "login", Outcome::Failure(Reason::InvalidCredentials))
    ///     .peer(Peer::Address([203, 0, 113, 7].into()))
    ///     .subject("user-001");
    /// engine.feed(&attempt, &mut |detection| println!("{}", detection.evidence()));
    /// # Ok(()) }
    /// ```
    pub fn feed(&self, attempt: &Attempt<'_>, told: &mut dyn FnMut(&Detection)) {
        // What ends while time passes may be more than there is room for.
        let mut passes = false;
        loop {
            let feed = |state: &mut State, tell: &mut dyn FnMut(&Detection)| {
                passes |= state.is_behind(attempt.at);
                let is_in_time = !passes || state.pass_until(attempt.at, TOLD_AT_ONCE, tell);
                if is_in_time {
                    state.feed(attempt, tell);
                }
                is_in_time
            };
            if self.told_of(feed, told) {
                return;
            }
        }
    }

    /// Does something with the state, and tells what it told. Whoever is told may call the engine, so that waits until the lock is gone.
    fn told_of<T>(
        &self,
        work: impl FnOnce(&mut State, &mut dyn FnMut(&Detection)) -> T,
        told: &mut dyn FnMut(&Detection),
    ) -> T {
        let mut owner = self.owner();
        let mut detections = std::mem::take(&mut owner.telling);
        let done = work(&mut owner.state, &mut |detection| detections.push(detection.clone()));
        if detections.is_empty() {
            owner.telling = detections;
            return done;
        }
        drop(owner);
        for detection in &detections {
            told(detection);
        }
        detections.clear();
        self.owner().telling = detections;
        done
    }

    /// Returns how likely it is that an attempt is hostile, before anything is checked. It waits for nobody, changes nothing, and does
    /// the same work whatever the answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::net::IpAddr;
    ///
    /// use auth_metrics_detect::{Action, Engine};
    ///
    /// # fn main() -> Result<(), auth_metrics_detect::Error> {
    /// let engine = Engine::builder().build()?;
    /// let risk = engine.assess("user-001", IpAddr::from([192, 0, 2, 1]));
    /// assert_eq!(risk.action, Action::Allow); // nothing is known about anybody yet
    /// # Ok(()) }
    /// ```
    pub fn assess(&self, subject: &str, peer: impl Into<Option<std::net::IpAddr>>) -> Risk {
        let peer = peer.into().map(Peer::Address);
        self.inner.shared.assess(Some(subject), peer.as_ref(), None)
    }

    /// Returns the same for an attempt with all that is known of it, such as a [`device`](Attempt::device). Its outcome does not matter.
    pub fn assess_attempt(&self, attempt: &Attempt<'_>) -> Risk {
        self.inner.shared.assess(attempt.subject, attempt.peer.as_ref(), attempt.device)
    }

    /// Returns the hash of an account, as detections have it.
    pub fn subject_hash(&self, subject: &str) -> SubjectHash {
        self.inner.keys.subject(subject)
    }

    /// Returns the hash of a source, as detections have it.
    pub fn source_hash(&self, peer: &Peer<'_>) -> SourceHash {
        self.inner.keys.source(peer)
    }

    /// Returns the size of all tables, in bytes.
    pub fn bytes(&self) -> usize {
        self.owner().bytes()
    }

    /// Returns what went wrong inside or around the engine so far.
    pub fn faults(&self) -> Faults {
        let owner = self.owner();
        let counts = owner.state.counts;
        Faults {
            peers_like_proxies: counts.proxies,
            clock_jumps: owner.state.clock.jumps,
            evicted: counts.evicted.iter().sum(),
            refused: counts.refused.iter().sum(),
        }
    }

    /// Returns the share of bad ones among the strangers of each operation: its service, its name, and the share.
    pub fn priors(&self) -> Vec<(Arc<str>, Arc<str>, f32)> {
        let owner = self.owner();
        let state = &owner.state;
        let now = state.clock.now;
        let prior = |operation: &crate::engine::Operation| {
            (operation.service.clone(), operation.name.clone(), operation.share_of_bad(now))
        };
        state.operations.iter().map(prior).collect()
    }

    /// Subscribes to detections. The subscription holds at most `capacity` of them.
    pub fn subscribe(&self, capacity: usize) -> Subscription {
        self.inner.listeners.subscribe(capacity)
    }

    /// Returns the state, to be restored by [`EngineBuilder::restore`](crate::EngineBuilder::restore) after a restart: familiar pairs, evidence, verdicts and what was
    /// learned. The key of the hashes is in it, so it is a secret: write it to a file that only the service can read (mode 0600).
    pub fn snapshot(&self) -> Vec<u8> {
        self.owner().state.save()
    }

    /// Forgets what is known of an account: its evidence, its verdicts and its recent successes. That it got in from somewhere stays in a
    /// filter from which nothing can be taken, for 30 days at most.
    pub fn forget(&self, subject: &str) {
        self.owner().state.forget(self.inner.keys.subject(subject));
    }

    pub(super) fn of(state: State, listeners: Listeners, is_rejected: bool) -> Engine {
        let (shared, keys) = (state.shared.clone(), state.keys.clone());
        let owner = Mutex::new(Owner::new(state));
        Engine { inner: Arc::new(Inner { owner, shared, keys, listeners, is_rejected }) }
    }

    pub(crate) fn owner(&self) -> MutexGuard<'_, Owner> {
        self.inner.owner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        &self.inner.listeners
    }

    pub(crate) fn is_rejected(&self) -> bool {
        self.inner.is_rejected
    }

    pub(crate) fn downgrade(&self) -> Weak<Inner> {
        Arc::downgrade(&self.inner)
    }

    pub(crate) fn upgrade(inner: &Weak<Inner>) -> Option<Engine> {
        Some(Engine { inner: inner.upgrade()? })
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Engine").finish_non_exhaustive()
    }
}
