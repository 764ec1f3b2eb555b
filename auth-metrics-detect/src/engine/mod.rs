//! The engine: its state, how an attempt changes it, and what may be read of it from other threads.

mod contact;
mod finding;
mod fleet;
mod misuse;
mod notes;
mod operation;
mod operations;
mod options;
mod pairs;
mod proxy;
mod recents;
mod risk;
mod seen;
mod shared;
mod state;
mod success;
mod trusted;
mod verdicts;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use finding::{Convicted, Finding};
use notes::SourceNote;
pub use options::Part;
use options::Options;
pub use risk::{Risk, Why};
use shared::Shared;
use state::State;
use trusted::Trusted;

use crate::attempt::{Attempt, Peer};
use crate::detection::Detection;
use crate::detectors::Source;
use crate::error::Error;
use crate::evidence::logit;
use crate::keys::{Keys, SourceHash, SubjectHash};

/// Finds attacks in attempts. Clones share everything.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    shared: Shared,
    keys: Keys,
}

/// The options of an [`Engine`].
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct EngineBuilder {
    options: Options,
    trusted: Trusted,
    key: Option<[u8; 16]>,
}

impl EngineBuilder {
    /// Sets the size of all tables, in bytes. From 256 KiB to 64 MiB; default: 512 KiB, which is enough for some thousand attackers at a
    /// time and 130,000 pairs of a user and a place.
    pub fn memory(mut self, bytes: usize) -> EngineBuilder {
        self.options.memory = bytes;
        self
    }

    /// Sets how fast evidence fades: the time after which half of it is left. Default: 30 hours.
    pub fn half_life(mut self, half_life: Duration) -> EngineBuilder {
        self.options.half_life = half_life.as_secs_f64();
        self
    }

    /// Sets the probability from which a source is convicted, between 0.5 and 1. Default: 0.999.
    pub fn target_precision(mut self, probability: f32) -> EngineBuilder {
        self.options.target = logit(probability);
        self
    }

    /// Uses a fixed threshold instead of one that follows the share of bad strangers: slower, and never wrong because of that share.
    pub fn conservative(mut self) -> EngineBuilder {
        self.options.is_conservative = true;
        self
    }

    /// Leaves a part out, to see what it is worth.
    pub fn without(mut self, part: Part) -> EngineBuilder {
        self.options.without.push(part);
        self
    }

    /// Sets the key of the hashes, which replicas that share their state must have in common. It is a secret. Default: a random one.
    pub fn key(mut self, key: [u8; 16]) -> EngineBuilder {
        self.key = Some(key);
        self
    }

    /// Makes the engine.
    ///
    /// # Errors
    ///
    /// [`Error`] names the option that is wrong, or says that the system gave no random numbers.
    pub fn build(self) -> Result<Engine, Error> {
        if !(0.0..f32::INFINITY).contains(&self.options.target) {
            return Err(Error::InvalidPrecision);
        }
        if !(Options::LEAST_MEMORY..=Options::MOST_MEMORY).contains(&self.options.memory) {
            return Err(Error::InvalidMemory);
        }
        if !(60.0..=Options::LONGEST_HALF_LIFE.as_secs_f64()).contains(&self.options.half_life) {
            return Err(Error::InvalidHalfLife);
        }
        let key = match self.key {
            Some(key) => key,
            None => {
                let mut key = [0; 16];
                getrandom::fill(&mut key).map_err(|error| Error::NoRandomness(error.into()))?;
                key
            }
        };
        let keys = Keys::new(key);
        let state = State::new(self.options, keys.clone(), self.trusted);
        let shared = state.shared.clone();
        Ok(Engine { inner: Arc::new(Inner { state: Mutex::new(state), shared, keys }) })
    }
}

impl Engine {
    /// Returns a builder with the default options.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Takes an attempt in, and tells what begins with it or ended before it. The same attempts in the same order give the same
    /// detections.
    pub fn feed(&self, attempt: &Attempt<'_>, told: &mut dyn FnMut(&Detection)) {
        self.state().feed(attempt, told);
    }

    /// Says how likely it is that an attempt is hostile, before anything is checked. It waits for nobody, and takes the same time
    /// whatever the answer.
    pub fn assess(&self, subject: &str, peer: impl Into<Option<std::net::IpAddr>>) -> Risk {
        let peer = peer.into().map(Peer::Address);
        self.inner.shared.assess(Some(subject), peer.as_ref(), None)
    }

    /// The same for an attempt with all that is known of it.
    pub fn assess_attempt(&self, attempt: &Attempt<'_>) -> Risk {
        self.inner.shared.assess(attempt.subject, attempt.peer.as_ref(), attempt.device)
    }

    /// Returns the hash of an account, as detections have it.
    pub fn subject_hash(&self, subject: &str) -> SubjectHash {
        self.inner.keys.subject(subject)
    }

    /// Returns the hash of a source, as detections have it.
    pub fn source_hash(&self, peer: &Peer<'_>) -> SourceHash {
        self.inner.keys.source(peer).0
    }

    /// Returns the size of all tables, in bytes.
    pub fn bytes(&self) -> usize {
        self.state().bytes()
    }

    /// Returns the share of bad ones among the strangers of each operation: its service, its name, and the share.
    pub fn priors(&self) -> Vec<(Arc<str>, Arc<str>, f32)> {
        let state = self.state();
        let now = state.clock.now;
        let prior = |operation: &operation::Operation| {
            (operation.service.clone(), operation.name.clone(), operation.share_of_bad(now))
        };
        state.operations.iter().map(prior).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// What detectors read of a source.
fn detectors_of((hash, is_known): (u64, bool), walk: f32, prior: Option<f32>, target: f32, note: &SourceNote) -> Source {
    Source {
        hash,
        is_known,
        walk,
        prior,
        target,
        contacts: note.contacts,
        probes: note.probes,
        failures: note.failures,
        forged: note.forged,
        burst: note.burst.count,
        familiar: note.familiar.count_ones(),
        strays: note.strays,
        entered: note.entered,
        gap: 0.0,
    }
}
