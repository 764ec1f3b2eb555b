//! How long attempts take: most around a median, a few much longer.

use auth_metrics_random::Random;

/// Spread of the logarithm around the median.
const SPREAD: f64 = 0.45;
/// A few attempts take several times as long: a collection of garbage, a lock, a lost packet.
const TAIL: f64 = 0.004;
const TAIL_TIMES: f64 = 6.0;

/// The latencies of an operation in a minute.
#[derive(Clone, Copy, Debug)]
pub struct Latency<'a> {
    /// In seconds.
    pub median: f64,
    pub bounds: &'a [f64],
}

impl Latency<'_> {
    /// Draws so many latencies: how many are within each bound and within any, and their sum in seconds.
    pub fn draw(self, count: u64, random: &mut Random) -> (Vec<u64>, f64) {
        let mut within = Vec::with_capacity(self.bounds.len() + 1);
        let (mut ended, mut probable) = (0, 0.0);
        for &bound in self.bounds {
            let at = self.probability(bound);
            // Of those that are not yet within a bound.
            let next = if probable < 1.0 { (at - probable) / (1.0 - probable) } else { 1.0 };
            ended += random.binomial(count - ended, next);
            probable = at;
            within.push(ended);
        }
        within.push(count);
        let mean = self.median * (SPREAD * SPREAD / 2.0).exp() * (1.0 + TAIL * (TAIL_TIMES - 1.0));
        (within, count as f64 * mean)
    }

    fn probability(self, bound: f64) -> f64 {
        let of = |median: f64| normal((bound / median).ln() / SPREAD);
        (1.0 - TAIL) * of(self.median) + TAIL * of(self.median * TAIL_TIMES)
    }
}

/// The normal distribution, by the approximation of Abramowitz and Stegun, 26.2.17: good to seven digits.
fn normal(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let series = t
        * (0.319_381_530
            + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt() * series;
    if x >= 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_ever_more_and_half_is_within_the_median() {
        let mut random = Random::new(3, "latency");
        let latency = Latency { median: 0.1, bounds: &[0.025, 0.05, 0.1, 0.25, 0.5, 1.0] };
        let (within, seconds) = latency.draw(100_000, &mut random);
        assert!(within.is_sorted());
        assert_eq!(within.last(), Some(&100_000));
        assert!((49_000..51_000).contains(&within[2]), "{within:?}");
        assert!((10_000.0..13_000.0).contains(&seconds), "{seconds}");
    }
}
