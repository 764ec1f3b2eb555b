//! `Backoff`: how long a server that is away is left alone.

use std::time::Duration;

/// Waits twice as long each time, up to a minute, and never as long as another replica does.
pub(super) struct Backoff {
    failures: u32,
    state: u64,
}

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// The longest that a server may ask for: it could ask for ever.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

impl Backoff {
    pub(super) fn new(seed: u64) -> Backoff {
        Backoff { failures: 0, state: seed }
    }

    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// How long to wait, at least what the server asks for.
    pub(super) fn next(&mut self, asked: Option<Duration>) -> Duration {
        let doubled = FIRST.saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX)).min(LONGEST);
        self.failures = self.failures.saturating_add(1).min(31);
        let share = self.share();
        let own = doubled.mul_f64(0.5 + share / 2.0);
        // Those who were all told the same don't come back at once.
        let asked = asked.unwrap_or_default().min(LONGEST_ASKED).mul_f64(1.0 + share / 10.0);
        own.max(asked)
    }

    /// The next random number below 1, by `SplitMix64`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a double has")]
    fn share(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ self.state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
