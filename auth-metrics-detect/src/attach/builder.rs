//! `EngineBuilder`: the options of an engine, which are checked here.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::{Engine, Listeners};
use crate::detection::Detection;
use crate::engine::{Options, Part, Places, Resolver, State, Trusted};
use crate::error::Error;
use crate::evidence::logit;
use crate::keys::Keys;
use crate::place::Place;

/// The options of an [`Engine`].
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct EngineBuilder {
    options: Options,
    trusted: Vec<String>,
    key: Option<[u8; 16]>,
    saved: Option<Vec<u8>>,
    listeners: Listeners,
    resolve: Option<Resolver>,
    #[cfg(feature = "redis")]
    redis: Option<crate::redis::Redis>,
}

impl Engine {
    /// Returns a builder with the default options.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }
}

impl EngineBuilder {
    /// Sets the size of all tables, in bytes. From 256 KiB to 64 MiB; default: 512 KiB, which is enough for some thousand attackers at a
    /// time and 130,000 pairs of a user and a place.
    pub fn memory(mut self, bytes: usize) -> EngineBuilder {
        self.options.memory = bytes;
        self
    }

    /// Sets how fast evidence fades: the time after which half of it is left. From a minute to 60 days; default: 30 hours.
    pub fn half_life(mut self, half_life: Duration) -> EngineBuilder {
        self.options.half_life = half_life.as_secs_f64();
        self
    }

    /// Sets the probability from which a source is convicted, at least 0.5 and below 1. Default: 0.999.
    pub fn target_precision(mut self, probability: f32) -> EngineBuilder {
        self.options.target = logit(probability);
        self
    }

    /// Uses a fixed threshold instead of one that follows the share of bad strangers: slower, and never wrong because of that share.
    pub fn conservative(mut self) -> EngineBuilder {
        self.options.is_conservative = true;
        self
    }

    /// Never convicts the addresses in these networks, in CIDR notation: `10.0.0.0/8`. Default: the loopback
    /// interface alone, which is never convicted.
    pub fn trusted<N: Into<String>>(mut self, networks: impl IntoIterator<Item = N>) -> EngineBuilder {
        self.trusted = networks.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the probability from which [`Engine::assess`] proposes to slow an attempt down. Default: 0.5.
    ///
    /// The probabilities of [`slow_from`](EngineBuilder::slow_from), [`challenge_from`](EngineBuilder::challenge_from),
    /// [`step_up_from`](EngineBuilder::step_up_from) and [`block_from`](EngineBuilder::block_from) must not fall in this order. From 2.0
    /// is never.
    pub fn slow_from(mut self, probability: f32) -> EngineBuilder {
        self.options.thresholds.slow = probability;
        self
    }

    /// Sets the probability from which [`Engine::assess`] proposes to challenge an attempt. Default: 0.9.
    pub fn challenge_from(mut self, probability: f32) -> EngineBuilder {
        self.options.thresholds.challenge = probability;
        self
    }

    /// Sets the probability from which [`Engine::assess`] proposes to ask for another factor. Default: 0.99.
    pub fn step_up_from(mut self, probability: f32) -> EngineBuilder {
        self.options.thresholds.step_up = probability;
        self
    }

    /// Sets the probability from which [`Engine::assess`] proposes to block an attempt. Default: 2.0, which is never.
    pub fn block_from(mut self, probability: f32) -> EngineBuilder {
        self.options.thresholds.block = probability;
        self
    }

    /// Leaves a part out, to see on a log of your own what it is worth.
    pub fn without(mut self, part: Part) -> EngineBuilder {
        self.options.without.push(part);
        self
    }

    /// Sets the key of the hashes, which replicas that share their state must have in common. It is a secret. Default: a random one, or
    /// that of the restored state.
    pub fn key(mut self, key: [u8; 16]) -> EngineBuilder {
        self.key = Some(key);
        self
    }

    /// Begins with the state that [`Engine::snapshot`] gave before; `None` begins with nothing. What can't be restored, since it is of
    /// another version or key, or damaged, is counted as `state_rejected`, and the engine begins with nothing.
    pub fn restore(mut self, saved: impl Into<Option<Vec<u8>>>) -> EngineBuilder {
        self.saved = saved.into();
        self
    }

    /// Says whether a detection has the address of the attempt that crossed the line, for a firewall. Default: no.
    pub fn reveal_peer(mut self, reveal: bool) -> EngineBuilder {
        self.options.reveals_peer = reveal;
        self
    }

    /// Sets the function that knows where an address is, so that impossible travel is found. The last places of 4,096 users take about
    /// 130 KiB. The function is called on the thread that delivers events, for each success. Default: unknown.
    pub fn places(
        mut self,
        resolve: impl Fn(IpAddr) -> Option<Place> + Send + Sync + 'static,
    ) -> EngineBuilder {
        self.resolve = Some(Arc::new(resolve));
        self
    }

    /// Says whether each success of a user from a new source is a detection, as a notice. Default: no, since there are many.
    pub fn new_sources(mut self, tell: bool) -> EngineBuilder {
        self.options.tells_new_sources = tell;
        self
    }

    /// Calls a function with each detection that begins or ends, on the thread that delivers events. What you
    /// [`feed`](Engine::feed) yourself is told to the function that you pass there, and not here. If it panics, that is counted; while
    /// it runs, events wait.
    pub fn on_detection(mut self, call: impl Fn(&Detection) + Send + Sync + 'static) -> EngineBuilder {
        self.listeners.call(Arc::new(call));
        self
    }

    /// Shares what is known with the engines of other replicas. It takes [`key`](EngineBuilder::key), the same one at all of them, and the
    /// same [`half_life`](EngineBuilder::half_life).
    #[cfg(feature = "redis")]
    pub fn share(mut self, redis: crate::redis::Redis) -> EngineBuilder {
        self.redis = Some(redis);
        self
    }

    /// Builds the engine.
    ///
    /// # Errors
    ///
    /// [`Error`] names the option that is wrong, or says that the system gave no random numbers, or no thread.
    pub fn build(self) -> Result<Engine, Error> {
        #[cfg(feature = "redis")]
        if let Some(redis) = self.redis.clone() {
            return self.build_shared(&redis);
        }
        self.build_alone(|_| ())
    }

    /// Makes an engine that shares, and starts the thread for it.
    #[cfg(feature = "redis")]
    fn build_shared(self, redis: &crate::redis::Redis) -> Result<Engine, Error> {
        if self.key.is_none() {
            return Err(Error::SharingWithoutKey);
        }
        let mut id = [0; 8];
        getrandom::fill(&mut id).map_err(|error| Error::NoRandomness(error.into()))?;
        let id = u64::from_le_bytes(id);
        let engine = self.build_alone(State::share)?;
        engine.exchange(redis, id).map_err(Error::Thread)?;
        Ok(engine)
    }

    /// Makes an engine, with a last word to its state.
    pub(crate) fn build_alone(self, prepare: impl FnOnce(&mut State)) -> Result<Engine, Error> {
        self.options.check()?;
        let mut trusted = Trusted::default();
        for (position, network) in (1..).zip(&self.trusted) {
            trusted.add(network).ok_or(Error::InvalidNetwork { position })?;
        }
        let restored =
            self.saved.as_ref().map(|saved| State::restored(saved, &self.options, self.key, &trusted));
        let is_rejected = matches!(restored, Some(None));
        let mut state = match restored.flatten() {
            Some(state) => state,
            None => State::new(self.options, Keys::new(self.key.map_or_else(random_key, Ok)?), trusted),
        };
        state.places = self.resolve.map(Places::new);
        prepare(&mut state);
        Ok(Engine::of(state, self.listeners, is_rejected))
    }
}

fn random_key() -> Result<[u8; 16], Error> {
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(|error| Error::NoRandomness(error.into()))?;
    Ok(key)
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("EngineBuilder").field("options", &self.options).finish_non_exhaustive()
    }
}
