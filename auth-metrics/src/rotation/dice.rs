//! Chance for waits: spread, not secrecy.

use std::hash::{BuildHasher, RandomState};

/// Numbers that differ from process to process.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new() -> Dice {
        Dice(random())
    }

    /// The next number from zero up to, but not including, one.
    pub(super) fn roll(&mut self) -> f64 {
        // Weyl's sequence, hashed: every state is a good one, zero too.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // The upper 32 bits fill a double exactly.
        f64::from((mixed >> 32) as u32) / 4_294_967_296.0
    }
}

/// A number that the system's random source decides.
pub(super) fn random() -> u64 {
    RandomState::new().hash_one(0)
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn rolls_stay_below_one_and_fill_the_range() {
        let mut dice = Dice(0);
        let rolls: Vec<f64> = (0..10_000).map(|_| dice.roll()).collect();
        assert!(rolls.iter().all(|roll| (0.0..1.0).contains(roll)));
        for tenth in (0..10).map(|tenth| f64::from(tenth) / 10.0) {
            let inside = rolls.iter().filter(|roll| (tenth..tenth + 0.1).contains(*roll)).count();
            assert!((900..1_100).contains(&inside), "{inside} from {tenth} on");
        }
    }
}
