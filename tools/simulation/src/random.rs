//! Random numbers that a seed repeats: `SplitMix64`, and the distributions that counts are drawn from.

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
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
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
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low + 1) as f64) as i64
    }

    /// Is true with a probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Picks one of several.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.whole(0, from.len() as i64 - 1) as usize]
    }

    /// Puts a list in random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.whole(0, last as i64) as usize);
        }
    }

    /// Draws from the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        // The mean of 1 - unit() is in (0, 1], so the logarithm is finite.
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Draws from the Poisson distribution.
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

/// A factor around 1 that drifts: what is busier than usual now is so in ten minutes, too.
#[derive(Clone, Debug)]
pub struct Drift {
    slow: f64,
    memory: f64,
    slow_spread: f64,
    fast_spread: f64,
}

impl Drift {
    /// Drifts by about `slow_spread` over `minutes`, and jumps by about `fast_spread` each minute.
    pub fn new(minutes: f64, slow_spread: f64, fast_spread: f64) -> Drift {
        Drift { slow: 0.0, memory: (-1.0 / minutes).exp(), slow_spread, fast_spread }
    }

    /// The factor of the next minute.
    pub fn next(&mut self, random: &mut Random) -> f64 {
        let fresh = (1.0 - self.memory * self.memory).sqrt();
        self.slow = self.memory * self.slow + fresh * random.normal();
        let spread = self.slow_spread.hypot(self.fast_spread);
        let at = self.slow_spread * self.slow + self.fast_spread * random.normal();
        // The mean of a log-normal factor is above its median by this.
        (at - spread * spread / 2.0).exp()
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
    fn a_drift_stays_around_one_and_remembers() {
        let mut random = Random::new(7, "drift");
        let mut drift = Drift::new(60.0, 0.2, 0.05);
        let all: Vec<f64> = (0..200_000).map(|_| drift.next(&mut random)).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        assert!((0.97..1.03).contains(&mean), "{mean}");
        let with = |lag: usize| {
            let pairs = all.iter().zip(&all[lag..]);
            pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / (all.len() - lag) as f64
        };
        assert!(with(10) > 0.6 * with(0) && with(600) < 0.2 * with(0));
    }
}
