//! `Distinct`: about how many different hashes there were (`HyperLogLog`, Flajolet et al. 2007).

/// 2^10 registers: 3 % standard error in 1 KiB.
const BITS: u32 = 10;
const REGISTERS: usize = 1 << BITS;
const SIZE: f64 = 1024.0;

/// A counter of different hashes, in a kibibyte.
pub(crate) struct Distinct {
    registers: Box<[u8; REGISTERS]>,
}

impl Distinct {
    pub(crate) const BYTES: usize = REGISTERS;

    pub(crate) fn new() -> Distinct {
        Distinct { registers: Box::new([0; REGISTERS]) }
    }

    #[inline]
    pub(crate) fn add(&mut self, hash: u64) {
        // A bit below the rest, so that it never seems longer than it is.
        let rank = (hash << BITS | 1 << (BITS - 1)).leading_zeros() + 1;
        let known = &mut self.registers[(hash >> (64 - BITS)) as usize];
        *known = (*known).max(u8::try_from(rank).unwrap_or(u8::MAX));
    }

    /// Adds what another one has counted.
    pub(crate) fn merge(&mut self, other: &Distinct) {
        for (known, other) in self.registers.iter_mut().zip(&*other.registers) {
            *known = (*known).max(*other);
        }
    }

    /// The estimate; for small numbers it counts empty registers instead.
    pub(crate) fn estimate(&self) -> f64 {
        let mut ranks = [0_u32; 65];
        self.registers.iter().for_each(|rank| ranks[usize::from(*rank).min(64)] += 1);
        let sum: f64 = (0..).zip(ranks).map(|(rank, count)| f64::from(count) * half_to(rank)).sum();
        let raw = 0.7213 / (1.0 + 1.079 / SIZE) * SIZE * SIZE / sum;
        if raw <= 2.5 * SIZE && ranks[0] > 0 { SIZE * (SIZE / f64::from(ranks[0])).ln() } else { raw }
    }

    pub(crate) fn clear(&mut self) {
        self.registers.fill(0);
    }
}

/// A half to the power of a rank, which is at most 64.
fn half_to(rank: u32) -> f64 {
    f64::from_bits(u64::from(1023 - rank) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::mix;

    #[test]
    fn estimates_are_within_a_tenth() {
        for count in [1_u64, 10, 100, 1_000, 3_000, 30_000, 1_000_000] {
            let mut distinct = Distinct::new();
            // Twice: repeats do not count.
            (0..2 * count).for_each(|number| distinct.add(mix(number % count, 0x9e37_79b9_7f4a_7c15)));
            let estimate = distinct.estimate();
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let off = (estimate - count as f64).abs() / count as f64;
            assert!(off < 0.1, "{count}: {estimate}");
        }
    }
}
