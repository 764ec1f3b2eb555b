//! `Distinct`: about how many different hashes there were (`HyperLogLog`, Flajolet et al. 2007).

/// 2^10 registers: 3 % standard error in 1 KiB.
const BITS: u32 = 10;
const REGISTERS: usize = 1 << BITS;

/// A counter of different hashes, in a kibibyte.
pub(crate) struct Distinct {
    registers: Box<[u8; REGISTERS]>,
}

impl Distinct {
    pub(crate) fn new() -> Distinct {
        Distinct { registers: Box::new([0; REGISTERS]) }
    }

    pub(crate) const BYTES: usize = REGISTERS;

    #[inline]
    pub(crate) fn add(&mut self, hash: u64) {
        let register = (hash >> (64 - BITS)) as usize;
        // A bit below the rest, so that it never seems longer than it is.
        let rank = (hash << BITS | 1 << (BITS - 1)).leading_zeros() + 1;
        let known = &mut self.registers[register];
        *known = (*known).max(u8::try_from(rank).unwrap_or(u8::MAX));
    }

    /// The estimate; for small numbers it counts empty registers instead.
    pub(crate) fn estimate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "1024")]
        let registers = REGISTERS as f64;
        let sum: f64 = self.registers.iter().map(|rank| (-f64::from(*rank)).exp2()).sum();
        let raw = 0.7213 / (1.0 + 1.079 / registers) * registers * registers / sum;
        #[expect(clippy::cast_precision_loss, reason = "at most 1024")]
        let empty = self.registers.iter().filter(|rank| **rank == 0).count() as f64;
        if raw <= 2.5 * registers && empty > 0.0 { registers * (registers / empty).ln() } else { raw }
    }

    pub(crate) fn clear(&mut self) {
        self.registers.fill(0);
    }
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
