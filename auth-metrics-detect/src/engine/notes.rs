//! What is noted beside the evidence about a source, a network or an account: eight bytes each.

/// Seconds of a tick of these notes; they wrap after three days.
const TICK: f64 = 4.0;

/// Beside the walk of a source. Counts are of the time since its walk was last at zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct SourceNote {
    /// Failed first contacts: different accounts.
    pub(crate) contacts: u8,
    /// Those of them with names without an account.
    pub(crate) probes: u8,
    /// Which of eight groups of known users succeeded there.
    pub(crate) familiar: u8,
    pub(crate) failures: u8,
    pub(crate) burst: Recent,
    pub(crate) forged: u8,
}

/// Beside the walk of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct NetNote {
    /// Which of 16 groups of sources failed there.
    pub(crate) sources: u16,
    pub(crate) contacts: u16,
    pub(crate) familiar: u8,
    pub(crate) spare: [u8; 3],
}

/// Beside the walk of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct SubjectNote {
    /// Unfamiliar sources that failed.
    pub(crate) sources: u8,
    pub(crate) spare: u8,
    pub(crate) fatigue: Recent,
    pub(crate) codes: Recent,
}

/// A count within a time that begins with its first one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Recent {
    since: u16,
    pub(crate) count: u8,
}

impl Recent {
    /// Counts one more; how many there were within so many seconds. Half of those from before are kept when the time is over, so that
    /// what lies across its end is not missed.
    pub(crate) fn count(&mut self, now: f64, seconds: f64) -> u8 {
        let tick = tick(now);
        let passed = f64::from(tick.wrapping_sub(self.since)) * TICK;
        if self.count == 0 || passed > 2.0 * seconds {
            *self = Recent { since: tick, count: 0 };
        } else if passed > seconds {
            *self = Recent { since: tick, count: self.count / 2 };
        }
        self.count = self.count.saturating_add(1);
        self.count
    }
}

fn tick(now: f64) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it wraps")]
    let tick = (now / TICK) as u64 as u16;
    tick
}

/// The share of hashes that falls into one of `groups`, as a bit.
pub(crate) fn group(hash: u64, groups: u32) -> u64 {
    1 << ((u128::from(hash) * u128::from(groups)) >> 64)
}
