//! A rate limit, as far as it was told, or as its limiter tells when it is read.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::handle::unwinding_stops;
use crate::storage::Level;

/// How full a limit is, how much fits, and of how many keys it keeps count.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LimitLevels {
    pub(crate) usage: Option<f64>,
    pub(crate) capacity: Option<f64>,
    pub(crate) keys: Option<f64>,
}

/// A limiter that is asked by whoever reads.
pub(crate) trait LimitSampler: Send + Sync {
    fn sample(&self) -> LimitLevels;
}

pub(crate) struct Limit {
    pub(crate) usage: Level,
    pub(crate) capacity: Level,
    pub(crate) keys: Level,
    /// Gone with its limiter.
    sampler: Mutex<Option<Weak<dyn LimitSampler>>>,
}

impl Limit {
    pub(crate) fn new() -> Limit {
        let (usage, capacity, keys) = (Level::absent(), Level::absent(), Level::absent());
        Limit { usage, capacity, keys, sampler: Mutex::new(None) }
    }

    #[cfg(feature = "governor010")]
    pub(crate) fn ask(&self, sampler: &Arc<dyn LimitSampler>) {
        *self.sampler.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::downgrade(sampler));
    }

    /// What is known now: what the limiter says wins.
    pub(crate) fn read(&self) -> LimitLevels {
        let told =
            LimitLevels { usage: self.usage.get(), capacity: self.capacity.get(), keys: self.keys.get() };
        let sampler =
            self.sampler.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(Weak::upgrade);
        let Some(asked) =
            sampler.and_then(|sampler: Arc<dyn LimitSampler>| unwinding_stops(|| sampler.sample()))
        else {
            return told;
        };
        LimitLevels {
            usage: asked.usage.or(told.usage),
            capacity: asked.capacity.or(told.capacity),
            keys: asked.keys.or(told.keys),
        }
    }
}
