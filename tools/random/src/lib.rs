//! Random numbers that a seed repeats for ever: `SplitMix64`, and the distributions that simulated worlds are drawn from. It knows nothing of
//! these worlds.
//!
//! What is drawn here never changes: reports compare the worlds of a seed with those of years ago.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts the stream of a seed and of a purpose. Streams of different purposes don't disturb each other.
    pub fn new(seed: u64, purpose: &str) -> Random {
        let mixed = purpose.bytes().fold(seed, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
        });
        let mut random = Random(mixed);
        random.bits();
        random
    }

    /// Draws 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Draws from [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws evenly between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Draws a whole number, both ends included.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low + 1) as f64) as i64
    }

    /// Draws a count, both ends included.
    pub fn count(&mut self, least: u64, most: u64) -> u64 {
        self.whole(least as i64, most as i64) as u64
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

    /// Puts a list in random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
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

    /// Draws from the Poisson distribution; zero if the mean is not above zero.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean <= 0.0 {
            return 0;
        }
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

    /// Draws how many of `n` have a property that each has with a probability.
    pub fn binomial(&mut self, n: u64, probability: f64) -> u64 {
        if n == 0 || probability <= 0.0 {
            return 0;
        }
        if probability >= 1.0 {
            return n;
        }
        if probability > 0.5 {
            return n - self.binomial(n, 1.0 - probability);
        }
        if n <= 16 {
            return (0..n).filter(|_| self.chance(probability)).count() as u64;
        }
        let mean = n as f64 * probability;
        if mean < 12.0 {
            return self.poisson(mean).min(n);
        }
        let deviation = (mean * (1.0 - probability)).sqrt();
        ((mean + deviation * self.normal()).round().max(0.0) as u64).min(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: usize = 20_000;

    /// Mean and variance of many draws.
    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let all: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
        let mean = all.iter().sum::<f64>() / DRAWS as f64;
        (mean, all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / DRAWS as f64)
    }

    /// Within six standard errors.
    fn near(found: f64, expected: f64, variance: f64) -> bool {
        (found - expected).abs() <= 6.0 * (variance / DRAWS as f64).sqrt()
    }

    #[test]
    fn poisson_has_its_mean_as_its_variance_at_every_size() {
        let mut random = Random::new(7, "poisson");
        for expected in [0.01, 0.5, 5.0, 39.0, 41.0, 900.0, 300_000.0] {
            let (mean, variance) = moments(|| random.poisson(expected) as f64);
            assert!(near(mean, expected, expected), "{expected}: {mean}");
            assert!((0.8..1.2).contains(&(variance / expected)), "{expected}: {variance}");
        }
        assert_eq!(random.poisson(0.0), 0);
    }

    #[test]
    fn binomial_never_exceeds_its_count_and_has_its_moments() {
        let mut random = Random::new(7, "binomial");
        for (n, p) in [(1, 0.3), (16, 0.9), (17, 0.02), (500, 0.4), (500, 0.995), (1_000_000, 0.07)] {
            let (mean, variance) = moments(|| {
                let drawn = random.binomial(n, p);
                assert!(drawn <= n);
                drawn as f64
            });
            let (expected, spread) = (n as f64 * p, n as f64 * p * (1.0 - p));
            assert!(near(mean, expected, spread), "{n}, {p}: {mean}");
            assert!((0.8..1.2).contains(&(variance / spread)), "{n}, {p}: {variance}");
        }
        assert_eq!((random.binomial(9, 0.0), random.binomial(9, 1.0)), (0, 9));
    }

    #[test]
    fn a_seed_repeats_its_numbers_and_purposes_do_not_share_them() {
        let draw = |seed, purpose| {
            let mut random = Random::new(seed, purpose);
            (0..8).map(|_| random.whole(0, 1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
    }

    #[test]
    fn whole_numbers_reach_both_ends_evenly() {
        let mut random = Random::new(7, "whole");
        let mut counts = [0; 5];
        for _ in 0..DRAWS {
            counts[(random.whole(-2, 2) + 2) as usize] += 1;
        }
        assert!(counts.iter().all(|&count| count > DRAWS / 6), "{counts:?}");
    }

    #[test]
    fn a_seed_repeats_its_numbers_for_ever() {
        let mut random = Random::new(1, "pinned");
        let drawn: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(drawn, PINNED);
    }

    const PINNED: [u64; 3] =
        [1_461_813_510_657_070_880, 12_525_315_949_408_402_711, 9_693_203_879_590_370_725];

    #[test]
    fn waiting_times_repeats_and_counts_have_their_means() {
        let mut random = Random::new(7, "means");
        let mut mean =
            |draw: fn(&mut Random) -> f64| (0..DRAWS).map(|_| draw(&mut random)).sum::<f64>() / DRAWS as f64;
        assert!((mean(|random| random.exponential(5.0)) - 5.0).abs() < 0.2);
        assert!((mean(|random| random.repeats(0.5, 50) as f64) - 1.0).abs() < 0.05);
        assert!((mean(|random| random.count(1, 5) as f64) - 3.0).abs() < 0.05);
        assert!((mean(|random| random.below(5) as f64) - 2.0).abs() < 0.05);
    }
}
