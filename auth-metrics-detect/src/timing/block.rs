//! A block of consecutive attempts, and the rank test inside it.

#![expect(clippy::cast_precision_loss, reason = "positions in a block")]

/// How many attempts are compared with each other. Longer blocks see more drift, shorter ones have too few unknown subjects.
pub(super) const BLOCK: usize = 32;

/// The degree of the drift that is taken out: a wave as short as a block.
const DEGREE: usize = 3;

/// Attempts in the order in which they came, until there are [`BLOCK`] of them.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) seconds: [f32; BLOCK],
    /// Bit i: the i-th named an unknown subject.
    pub(super) unknown: u32,
    pub(super) filled: u32,
}

/// What a block says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stratum {
    /// The rank sum of unknown subjects less what is expected, over the length of a block and one: the weight of van Elteren.
    pub(super) statistic: f32,
    /// Its variance if the ranks were dealt at random, ties counted.
    pub(super) variance: f32,
    /// The median latency.
    pub(super) median: f32,
}

impl Block {
    pub(super) fn new() -> Block {
        Block { seconds: [0.0; BLOCK], unknown: 0, filled: 0 }
    }

    /// Adds an attempt. Returns `true` if the block is full.
    pub(super) fn push(&mut self, unknown: bool, seconds: f32) -> bool {
        if let Some(slot) = self.seconds.get_mut(self.filled as usize) {
            *slot = seconds;
            self.unknown |= u32::from(unknown) << self.filled;
            self.filled += 1;
        }
        self.filled as usize == BLOCK
    }

    /// Returns `true` if there is something to compare.
    pub(super) fn has_both(&self) -> bool {
        self.unknown != 0 && self.unknown != u32::MAX
    }

    /// Tells every difference between an unknown subject and a known one.
    pub(super) fn differences(&self, mut told: impl FnMut(f32)) {
        for (unknown, _) in self.attempts().filter(|&(_, is_unknown)| is_unknown) {
            for (known, _) in self.attempts().filter(|&(_, is_unknown)| !is_unknown) {
                told(unknown - known);
            }
        }
    }

    fn attempts(&self) -> impl Iterator<Item = (f32, bool)> {
        self.seconds.iter().enumerate().map(|(at, &seconds)| (seconds, self.unknown >> at & 1 == 1))
    }

    /// The rank sum of unknown subjects, with the part of "is unknown" that a smooth drift over the block could explain taken out. Without
    /// that part this is the test of Mann and Whitney: permutations deal the ranks, so the variance is exact, and ties are in it.
    pub(super) fn stratum(&self) -> Stratum {
        let (ranks, median) = self.ranks();
        let weights =
            without_drift(std::array::from_fn(|at| f32::from(u8::from(self.unknown >> at & 1 == 1))));
        let spread = dot(&ranks, &ranks) / (BLOCK - 1) as f32;
        Stratum { statistic: dot(&ranks, &weights), variance: spread * dot(&weights, &weights), median }
    }

    /// The ranks about their mean, in units of `BLOCK + 1`, those of equal latencies shared, and the median latency.
    fn ranks(&self) -> ([f32; BLOCK], f32) {
        let mut order: [usize; BLOCK] = std::array::from_fn(|at| at);
        order.sort_unstable_by(|&a, &b| self.seconds[a].total_cmp(&self.seconds[b]));
        let mut ranks = [0.0; BLOCK];
        let mut from = 0;
        while from < BLOCK {
            let same = |at: usize| self.seconds[at].total_cmp(&self.seconds[order[from]]).is_eq();
            let ties = order[from..].iter().take_while(|&&at| same(at)).count();
            let rank = (2 * from + ties) as f32 / 2.0 - BLOCK as f32 / 2.0;
            for &at in &order[from..from + ties] {
                ranks[at] = rank / (BLOCK + 1) as f32;
            }
            from += ties;
        }
        let median = f32::midpoint(self.seconds[order[BLOCK / 2 - 1]], self.seconds[order[BLOCK / 2]]);
        (ranks, median)
    }
}

/// Takes a polynomial of [`DEGREE`] over the block out of `values`, by least squares.
fn without_drift(mut values: [f32; BLOCK]) -> [f32; BLOCK] {
    let middle = (BLOCK - 1) as f32 / 2.0;
    let (mut before, mut current) = ([0.0; BLOCK], [1.0; BLOCK]);
    let mut norm_before = 1.0;
    for _ in 0..=DEGREE {
        let norm = dot(&current, &current);
        let share = dot(&values, &current) / norm;
        // The next polynomial that is orthogonal to all before; on points that are symmetric, the two last are enough.
        let next = std::array::from_fn(|at| {
            (at as f32 - middle) / middle * current[at] - norm / norm_before * before[at]
        });
        for (value, part) in values.iter_mut().zip(&current) {
            *value -= share * part;
        }
        (before, current, norm_before) = (current, next, norm);
    }
    values
}

fn dot(a: &[f32; BLOCK], b: &[f32; BLOCK]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions in a block")]
mod tests {
    use super::super::simulation::Dice;
    use super::*;

    fn block(unknown: u32, seconds: impl FnMut(usize) -> f32) -> Block {
        Block { seconds: std::array::from_fn(seconds), unknown, filled: 32 }
    }

    #[test]
    fn variance_is_the_one_of_permutations_with_ties() {
        let mut dice = Dice::new(1);
        let unknown = 0b1000_0010_0000_0000_0100_0001_1100_0010;
        let mut seconds: [f32; BLOCK] = std::array::from_fn(|at| (at / 5) as f32);
        let expected = block(unknown, |at| seconds[at]).stratum().variance;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..20_000 {
            for at in (1..BLOCK).rev() {
                seconds.swap(at, (dice.uniform() * (at + 1) as f64) as usize);
            }
            let statistic = block(unknown, |at| seconds[at]).stratum().statistic;
            sum += statistic;
            squares += statistic * statistic;
        }
        assert!((sum / 20_000.0).abs() < 0.03 * expected.sqrt());
        assert!((squares / 20_000.0 / expected - 1.0).abs() < 0.04, "{squares} {expected}");
    }

    #[test]
    fn smooth_drift_that_unknown_subjects_follow_is_no_evidence() {
        let half = block(0xFFFF_0000, |at| at as f32).stratum();
        assert!(half.statistic.abs() < 1e-3, "{half:?}");
        let middle = block(0x00FF_FF00, |at| -(at as f32 - 15.5).powi(2)).stratum();
        let size = middle.statistic / middle.variance.sqrt();
        assert!(size.abs() < 0.6, "{size}");
    }

    #[test]
    fn latencies_that_are_all_equal_say_nothing() {
        let Stratum { statistic, variance, median } = block(0x0F0F_0F0F, |_| 0.060).stratum();
        assert!(statistic.abs() < 1e-6 && variance.abs() < 1e-6);
        assert!((median - 0.060).abs() < 1e-6);
    }

    #[test]
    fn ties_share_their_rank() {
        let (ranks, _) = block(1, |at| if at < 16 { 1.0 } else { at as f32 }).ranks();
        assert!(ranks[..16].iter().all(|&rank| (rank + 8.0 / 33.0).abs() < 1e-6), "{ranks:?}");
        assert!(ranks.iter().sum::<f32>().abs() < 1e-5);
    }
}
