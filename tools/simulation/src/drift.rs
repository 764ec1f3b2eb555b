//! `Drift`: how busy a service is beside what is usual.

use auth_metrics_random::Random;

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
