//! What the obvious implementation can't go below: two `Instant`s and three locked additions on shared cells.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use super::{BOUNDS, Contender, Counted, Login, body, drive};

#[derive(Default)]
pub struct Floor {
    /// Success, then each reason.
    outcomes: [AtomicU64; 4],
    buckets: [AtomicU64; BOUNDS.len() + 1],
    nanos: AtomicU64,
}

/// The cell of an outcome.
pub fn outcome(login: &Login) -> usize {
    login.map_or_else(|error| 1 + error as usize, |_| 0)
}

/// The bucket of a duration.
#[inline(always)]
pub fn bucket(nanos: u64) -> usize {
    BOUNDS.iter().position(|bound| nanos <= (bound * 1e9) as u64).unwrap_or(BOUNDS.len())
}

impl Floor {
    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        let nanos = start.elapsed().as_nanos() as u64;
        self.outcomes[outcome(&login)].fetch_add(1, Relaxed);
        self.buckets[bucket(nanos)].fetch_add(1, Relaxed);
        self.nanos.fetch_add(nanos, Relaxed);
        login
    }
}

impl Contender for Floor {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn note(&self) -> &'static str {
        "2 × `Instant::now`, 3 locked additions on shared cells"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        let [succeeded, failed @ ..] = &self.outcomes;
        Some(Counted {
            succeeded: succeeded.load(Relaxed),
            failed: failed.iter().map(|cell| cell.load(Relaxed)).sum(),
            observed: self.buckets.iter().map(|cell| cell.load(Relaxed)).sum(),
        })
    }
}
