//! Random numbers that a seed repeats for ever: `SplitMix64`, and the distributions that the worlds are drawn from.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts the stream of a seed and of a purpose. Streams of different purposes don't disturb each other.
    pub fn new(seed: u64, purpose: &str) -> Random {
        let mixed = purpose.bytes().fold(seed ^ 0x5bd1_e995_27d4_eb2f, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
        });
        let mut random = Random(mixed);
        random.next();
        random
    }

    /// Draws 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Draws from [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws evenly between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Draws a whole number, both ends included.
    pub fn whole(&mut self, low: u64, high: u64) -> u64 {
        low + (self.unit() * (high - low + 1) as f64) as u64
    }

    /// Draws an index below a count.
    pub fn below(&mut self, count: usize) -> usize {
        (self.unit() * count as f64) as usize
    }

    /// Is true with a probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Picks one of several.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Draws from the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        // The mean of 1 - unit() is in (0, 1], so the logarithm is finite.
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Draws a waiting time of a mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Draws how often something repeats that goes on with a probability, at most `most` times.
    pub fn repeats(&mut self, probability: f64, most: u64) -> u64 {
        let mut count = 0;
        while count < most && self.chance(probability) {
            count += 1;
        }
        count
    }

    /// Draws from the Poisson distribution.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean > 40.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u64;
        }
        let (limit, mut product, mut count) = ((-mean).exp(), self.unit(), 0);
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_numbers_for_ever() {
        let mut random = Random::new(1, "pinned");
        let drawn: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(drawn, PINNED);
        assert_ne!(Random::new(2, "pinned").next(), PINNED[0]);
        assert_ne!(Random::new(1, "other").next(), PINNED[0]);
    }

    const PINNED: [u64; 3] =
        [13_207_415_974_920_593_355, 5_238_338_899_134_048_385, 6_794_036_807_018_738_867];

    #[test]
    fn counts_have_their_means() {
        let mut random = Random::new(7, "means");
        let mean = |draw: &mut dyn FnMut() -> f64| (0..20_000).map(|_| draw()).sum::<f64>() / 20_000.0;
        assert!((mean(&mut || random.poisson(3.0) as f64) - 3.0).abs() < 0.1);
        assert!((mean(&mut || random.exponential(5.0)) - 5.0).abs() < 0.2);
        assert!((mean(&mut || random.repeats(0.5, 50) as f64) - 1.0).abs() < 0.05);
        assert!((mean(&mut || random.whole(1, 5) as f64) - 3.0).abs() < 0.05);
    }
}
