//! What can happen to a deployment for some time, be it noise or an incident.

use crate::calendar::Minute;

/// An effect, and how long it holds.
#[derive(Clone, Debug)]
pub struct Episode {
    pub from: Minute,
    pub to: Minute,
    pub effect: Effect,
}

impl Episode {
    pub fn holds(&self, minute: Minute) -> bool {
        (self.from..self.to).contains(&minute)
    }
}

/// Which replica is meant, counted from 0. All of them if there is none.
pub type Replica = Option<usize>;

/// What is other than usual.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Attempts come on top, and all fail with a reason.
    Extra { operation: &'static str, reason: &'static str, per_second: f64 },
    /// A share of the usual attempts fails with a reason.
    Fail { operation: &'static str, reason: &'static str, share: f64, replica: Replica },
    /// The reason comes so many times as often as usual, at the expense of successes.
    Times { operation: &'static str, reason: &'static str, times: f64 },
    /// A share of the attempts of every operation ends with the reason `dependency_unavailable`.
    Away { share: f64 },
    /// A share of the attempts waits until the callers give up.
    Hang { share: f64, replica: Replica },
    /// The attempts are multiplied.
    Traffic { times: f64 },
    /// The latency of an operation, or of all, is multiplied.
    Latency { operation: Option<&'static str>, times: f64 },
    /// Attempts start and never end.
    Leak { operation: &'static str, per_minute: f64, replica: usize },
    /// The replica can't be scraped, `up` is 0. It is not asked either.
    Down { replica: usize },
    /// The replica, or the whole job, is not in the service discovery.
    Gone { replica: Replica },
    /// Fetches of the key set fail.
    KeyFetchesFail { replica: Replica },
    /// The fetches just stop, and nothing counts an error.
    KeyFetchesStop { replica: usize },
    /// The clock of a replica is off by so many seconds.
    Clock { replica: usize, off: f64 },
    /// The certificate of a replica has so many seconds left at the start of the episode.
    Certificate { replica: Replica, left: f64 },
    /// Rotations of the client secret fail every few minutes.
    RotationsFail { every: Minute },
    /// The event is counted once a minute.
    CredentialEvent { event: &'static str, per_minute: f64 },
    /// Tokens name a key that is retired.
    RetiredKey { per_second: f64 },
    /// Requests are let in since the policy can't be asked.
    FailOpen { per_second: f64 },
    /// The usage of the global limit is above a share of its capacity, and rises to it.
    Limit { share: f64, to: f64 },
}
