//! The settings of a rotator, and the checks of them.

use std::time::Duration;

use super::RotatorError;
use super::hooks::{Hook, Retiring, Rotated, RotationContext};
use super::id::Id;
use super::schedule::{Backoff, Lead, Schedule};
use super::time_of_day::TimeOfDay;

/// Before the tracker counts a credential as `expiring`, at a third: that event means that a rotation is late.
const LEAD: f64 = 0.4;

/// Between these a lease can be renewed in time, and is another's soon after its holder died.
const SHORTEST_LEASE: Duration = Duration::from_millis(100);
const LONGEST_LEASE: Duration = Duration::from_secs(86_400);

#[derive(Debug)]
pub(super) struct Options {
    pub(super) schedule: Schedule,
    pub(super) backoff: Backoff,
    pub(super) timeout: Duration,
    pub(super) grace: Duration,
    pub(super) overlap: Option<Duration>,
    pub(super) lease_ttl: Duration,
    pub(super) time_of_day: TimeOfDay,
    /// Of the credential that is in use at the start.
    pub(super) id: Option<Id>,
    pub(super) rotate: Hook<RotationContext, Rotated>,
    pub(super) refresh: Option<Hook<RotationContext, Option<Rotated>>>,
    pub(super) retire: Option<Hook<Retiring, ()>>,
}

impl Options {
    pub(super) fn new(time_of_day: TimeOfDay, rotate: Hook<RotationContext, Rotated>) -> Options {
        Options {
            schedule: Schedule { lead: Lead::Fraction(LEAD), jitter: 0.0 },
            backoff: Backoff { initial: Duration::from_secs(10), cap: Duration::from_secs(3_600) },
            timeout: Duration::from_secs(60),
            grace: Duration::from_secs(5),
            overlap: None,
            lease_ttl: Duration::from_secs(30),
            time_of_day,
            id: None,
            rotate,
            refresh: None,
            retire: None,
        }
    }

    pub(super) fn check(&self, is_leased: bool) -> Result<(), RotatorError> {
        self.schedule.check()?;
        self.backoff.check()?;
        if self.timeout.is_zero() {
            return Err(RotatorError::InvalidTimeout);
        }
        if !(SHORTEST_LEASE..=LONGEST_LEASE).contains(&self.lease_ttl) {
            return Err(RotatorError::InvalidLeaseTtl);
        }
        if self.retire.is_some() && self.id.is_none() {
            return Err(RotatorError::UnknownId);
        }
        if is_leased && self.retire.is_some() && self.refresh.is_none() {
            return Err(RotatorError::NoRefresh);
        }
        Ok(())
    }
}
