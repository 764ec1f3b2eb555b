//! When the next rotation is due, and how long to wait after one that failed.

use std::time::{Duration, SystemTime};

use super::random;
use crate::credentials::TrackedCredential;

/// No longer is waited without a look at the clock.
pub(super) const LOOK: Duration = Duration::from_secs(3_600);

const DAY: Duration = Duration::from_secs(86_400);

/// How a rotator plans.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    /// How long before `not_after`; none for a third of the credential's life, at most 30 days.
    pub(super) lead: Option<Duration>,
    /// The part of the wait that may be left out.
    pub(super) jitter: f64,
    pub(super) first_backoff: Duration,
    pub(super) most_backoff: Duration,
}

impl Default for Schedule {
    fn default() -> Schedule {
        let (first_backoff, most_backoff) = (Duration::from_secs(1), Duration::from_secs(300));
        Schedule { lead: None, jitter: 0.1, first_backoff, most_backoff }
    }
}

impl Schedule {
    /// When the credential is to be rotated, if ever; `now` if it should have been already.
    pub(super) fn due(&self, credential: &TrackedCredential, now: SystemTime) -> Option<SystemTime> {
        let last = credential.since();
        let by_interval = credential.rotation_interval().and_then(|interval| last.checked_add(interval));
        let by_end = credential.not_after().map(|end| {
            let life = end.duration_since(last).unwrap_or_default();
            let lead = self.lead.unwrap_or((life / 3).min(30 * DAY));
            end.checked_sub(lead).unwrap_or(now)
        });
        let due = [by_interval, by_end].into_iter().flatten().min()?;
        let wait = due.duration_since(last).unwrap_or_default();
        let early = wait.mul_f64(self.jitter * random::fraction());
        Some(due.checked_sub(early).unwrap_or(due).max(now))
    }

    /// How long to wait after as many failures in a row: doubled each time up to the cap, then between a half and the whole
    /// of that.
    pub(super) fn backoff(&self, failures: u32) -> Duration {
        let doubled = 2_u32.checked_pow(failures.saturating_sub(1));
        let most =
            doubled.and_then(|times| self.first_backoff.checked_mul(times)).unwrap_or(self.most_backoff);
        most.min(self.most_backoff).mul_f64(0.5 + random::fraction() / 2.0)
    }
}
