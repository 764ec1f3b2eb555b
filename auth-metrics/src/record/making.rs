//! A plain function that makes a future: what it does before is part of the attempt, which starts with the first poll.

use super::Later;
use super::attempt::Running;
use super::call::Begin;
use super::target::Target;
use crate::storage::{Clock, Ticks};
use crate::terms::{Ended, Outcome, Reason, ReasonSet};

/// An attempt whose future is made but not polled.
pub struct Pending {
    pub(super) later: Later,
    /// The nanoseconds that the function took.
    pub(super) spent: u64,
}

impl Begin for Pending {
    fn into_target(self, reasons: &'static ReasonSet) -> Option<(Target, u64)> {
        Some((self.later.target(reasons)?, self.spent))
    }
}

/// A function that is making its future. If it unwinds, that was the attempt; if it returns without an end, what it returns
/// carries no attempt, and none has started.
pub struct Making {
    pending: Option<Later>,
    reasons: &'static ReasonSet,
    clock: Clock,
    started: Ticks,
}

impl Making {
    pub(super) fn start(pending: Later, reasons: &'static ReasonSet) -> Making {
        let clock = pending.clock();
        let started = clock.now();
        Making { pending: Some(pending), reasons, clock, started }
    }

    /// The nanoseconds since the function was called.
    fn spent(&self) -> u64 {
        self.clock.nanos_since(self.started)
    }

    /// The function has made its future.
    pub fn end(mut self) -> Option<Pending> {
        let later = self.pending.take()?;
        Some(Pending { later, spent: self.spent() })
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        if !std::thread::panicking() {
            return;
        }
        if let Some(target) = pending.target(self.reasons) {
            let panicked = Ended::with(Outcome::Failure(Reason::Panicked));
            Running::start(target, self.spent()).end(panicked);
        }
    }
}
