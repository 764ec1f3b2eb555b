//! The worst recent usage, over the present period and the one before it. Reads no clock: the caller passes the time since the
//! start.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Two periods, each with its number and the worst usage in it.
pub(super) struct Worst {
    period: Duration,
    /// Each has its number in the upper half and the usage in the lower, and is found by the last bit of its number.
    slots: [AtomicU64; 2],
}

const USAGE: u64 = u32::MAX as u64;

impl Worst {
    pub(super) fn new(period: Duration) -> Worst {
        let period = period.clamp(Duration::from_secs(1), Duration::from_secs(3_600));
        Worst { period, slots: [const { AtomicU64::new(0) }; 2] }
    }

    pub(super) fn note(&self, elapsed: Duration, usage: u32) {
        let (now, usage) = (self.number(elapsed), u64::from(usage));
        let slot = &self.slots[usize::from(now & 1 == 1)];
        let worse = |noted: u64| {
            let is_of_now = noted >> 32 == now;
            let worst = if is_of_now { usage.max(noted & USAGE) } else { usage };
            (!is_of_now || worst > noted & USAGE).then_some(now << 32 | worst)
        };
        // Where it is no worse than what was noted, nothing is to be done.
        let _ = slot.fetch_update(Ordering::Relaxed, Ordering::Relaxed, worse);
    }

    pub(super) fn read(&self, elapsed: Duration) -> u32 {
        let now = self.number(elapsed);
        let noted = self.slots.iter().map(|slot| slot.load(Ordering::Relaxed));
        let of_late = noted.filter(|noted| now.saturating_sub(noted >> 32) <= 1).map(|noted| noted & USAGE);
        u32::try_from(of_late.max().unwrap_or(0)).unwrap_or(u32::MAX)
    }

    /// Returns the number of the period at this time. The first is 1.
    fn number(&self, elapsed: Duration) -> u64 {
        let periods = elapsed.as_nanos() / self.period.as_nanos();
        u64::try_from(periods).unwrap_or(0).saturating_add(1) & USAGE
    }
}
