//! Says when the next rotation is due, and how long to wait after a failed one. Draws no random numbers: it gets them.

use std::time::{Duration, SystemTime};

use super::RotatorError;
use super::current::Current;

/// Says how long before its end a credential is rotated: a [`Duration`], or a fraction of its life.
///
/// ```
/// use std::time::Duration;
///
/// use auth_metrics_credentials::rotation::Lead;
///
/// let (two_days, quarter) = (Lead::from(Duration::from_secs(2 * 86_400)), Lead::from(0.25));
/// assert_ne!(two_days, quarter);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Lead {
    /// This long before `not_after`.
    Fixed(Duration),
    /// When this fraction of the time from the last rotation to `not_after` is left: over 0 and under 1.
    Fraction(f64),
}

impl From<Duration> for Lead {
    fn from(lead: Duration) -> Lead {
        Lead::Fixed(lead)
    }
}

impl From<f64> for Lead {
    fn from(fraction: f64) -> Lead {
        Lead::Fraction(fraction)
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) lead: Lead,
    pub(super) jitter: f64,
}

impl Schedule {
    pub(super) fn check(&self) -> Result<(), RotatorError> {
        if let Lead::Fraction(fraction) = self.lead
            && !(fraction > 0.0 && fraction < 1.0)
        {
            return Err(RotatorError::InvalidBeforeExpiry);
        }
        if !(0.0..1.0).contains(&self.jitter) {
            return Err(RotatorError::InvalidJitter);
        }
        Ok(())
    }

    /// How long until the earlier of what the interval and the end ask for, pulled forward by chance: up to `jitter` of the
    /// whole wait since the last rotation. None where there is neither.
    pub(super) fn wait(&self, current: &Current, now: SystemTime, chance: f64) -> Option<Duration> {
        let pulled = |whole: Duration| whole.mul_f64(self.jitter * chance);
        let by_interval =
            current.interval.map(|whole| whole.saturating_sub(pulled(whole)).saturating_sub(current.age()));
        let by_end = current.left(now).map(|(left, life)| {
            let lead = self.lead_of(life);
            // Under one, so that it can't overflow.
            left.saturating_sub(lead).saturating_sub(pulled(life.saturating_sub(lead)))
        });
        match (by_interval, by_end) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Whether a credential of this life is due within so short a time.
    pub(super) fn is_due_within(&self, wait: Duration, life: Duration) -> bool {
        life.saturating_sub(self.lead_of(life)) < wait
    }

    fn lead_of(&self, life: Duration) -> Duration {
        match self.lead {
            Lead::Fixed(lead) => lead,
            Lead::Fraction(fraction) => life.mul_f64(fraction),
        }
    }
}

/// Exponential, with full jitter: any time up to the limit, which doubles with each failure until the cap. Never under a
/// tenth of the first limit, so that no chance makes a hot loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    pub(super) initial: Duration,
    pub(super) cap: Duration,
}

impl Backoff {
    pub(super) fn check(&self) -> Result<(), RotatorError> {
        if self.initial < Duration::from_millis(10) || self.cap < self.initial {
            return Err(RotatorError::InvalidBackoff);
        }
        Ok(())
    }

    /// The wait after this many failures in a row.
    pub(super) fn wait(&self, failures: u32, chance: f64) -> Duration {
        let doubled = 2_u32.checked_pow(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        let limit = self.initial.saturating_mul(doubled).min(self.cap);
        limit.mul_f64(chance).max(self.initial / 10)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Backoff, Current, Lead, Schedule};

    const DAY: Duration = Duration::from_secs(86_400);

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    /// One that was just made.
    fn current(interval: Option<Duration>, life: Option<Duration>) -> Current {
        Current::at_start(None, (Some(NOW), life.map(|life| NOW + life)), interval, NOW)
    }

    fn days(schedule: Schedule, current: &Current, chance: f64) -> Option<f64> {
        let wait = schedule.wait(current, NOW, chance)?;
        Some((wait.as_secs_f64() / 86_400.0 * 100.0).round() / 100.0)
    }

    #[test]
    fn earlier_of_interval_and_end_wins() {
        let by = |lead| Schedule { lead, jitter: 0.0 };
        let two_days = Lead::Fixed(2 * DAY);
        assert_eq!(days(by(two_days), &current(Some(7 * DAY), Some(30 * DAY)), 0.9), Some(7.0));
        assert_eq!(days(by(two_days), &current(Some(29 * DAY), Some(30 * DAY)), 0.9), Some(28.0));
        assert_eq!(days(by(Lead::Fraction(0.25)), &current(None, Some(40 * DAY)), 0.9), Some(30.0));
        assert_eq!(days(by(two_days), &current(Some(7 * DAY), None), 0.9), Some(7.0));
        assert_eq!(days(by(two_days), &current(None, None), 0.9), None);
    }

    #[test]
    fn lead_over_the_whole_life_is_due_at_once() {
        let schedule = Schedule { lead: Lead::Fixed(60 * DAY), jitter: 0.5 };
        assert_eq!(days(schedule, &current(None, Some(30 * DAY)), 0.9), Some(0.0));
    }

    #[test]
    fn jitter_only_pulls_forward() {
        let schedule = Schedule { lead: Lead::Fixed(DAY), jitter: 0.2 };
        let current = current(Some(10 * DAY), None);
        assert_eq!(days(schedule, &current, 0.0), Some(10.0));
        assert_eq!(days(schedule, &current, 0.5), Some(9.0));
    }

    #[test]
    fn endless_intervals_and_ends_are_waited_for() {
        let schedule = Schedule { lead: Lead::Fixed(Duration::MAX), jitter: 0.999 };
        let wait = schedule.wait(&current(Some(Duration::MAX), None), NOW, 0.999);
        assert!(wait > Some(DAY), "{wait:?}");
    }

    #[test]
    fn backoff_doubles_to_its_cap_and_never_vanishes() {
        let backoff = Backoff { initial: Duration::from_secs(1), cap: Duration::from_secs(60) };
        let limits: Vec<u64> = (1..=8).map(|failures| backoff.wait(failures, 1.0).as_secs()).collect();
        assert_eq!(limits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff.wait(u32::MAX, 1.0).as_secs(), 60);
        assert_eq!(backoff.wait(5, 0.0), Duration::from_millis(100));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (lead, jitter) in
            [(0.0, 0.1), (1.0, 0.1), (f64::NAN, 0.1), (0.5, 1.0), (0.5, -0.1), (0.5, f64::NAN)]
        {
            assert!(Schedule { lead: Lead::Fraction(lead), jitter }.check().is_err(), "{lead} {jitter}");
        }
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        assert!(Backoff { initial: Duration::ZERO, cap: minute }.check().is_err());
        assert!(Backoff { initial: minute, cap: second }.check().is_err());
    }
}
