//! Made-up services: seasons, clumps, and what goes wrong.

use crate::learning::{CLASSES, Window};

pub(super) const HOUR: usize = 12;
pub(super) const DAY: usize = 288;
pub(super) const WEEK: usize = 7 * DAY;

/// Numbers that look drawn and are the same on every machine.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Poisson; large means are drawn from the normal that they are near.
    pub(super) fn count(&mut self, mean: f64) -> u32 {
        if mean > 40.0 {
            return (mean + mean.sqrt() * self.normal()).max(0.0).round() as u32;
        }
        let (mut count, mut rest) = (0, (-mean).exp());
        let mut left = self.uniform();
        while left > rest && count < 1_000 {
            left -= rest;
            count += 1;
            rest *= mean / f64::from(count);
        }
        count
    }

    /// A count whose variance is `clump` times its mean.
    pub(super) fn clumped(&mut self, mean: f64, clump: f64) -> u32 {
        // Groups that come together: geometric sizes whose mean is half of clump plus one.
        let size = f64::midpoint(clump, 1.0);
        let groups = self.count(mean / size);
        (0..groups).map(|_| 1 + (self.uniform().max(1e-12).ln() / (1.0 - 1.0 / size).ln()) as u32).sum()
    }
}

/// A service without anything special.
pub(super) struct World {
    pub(super) dice: Dice,
    /// Successes of an average window.
    pub(super) successes: f64,
    /// How clumped failures are.
    pub(super) clump: f64,
    /// How much quieter weekends are.
    weekend: f64,
    /// Shares of the classes of reasons.
    pub(super) mix: [f64; CLASSES],
    phase: f64,
}

impl World {
    pub(super) fn new(seed: u64) -> World {
        let mut dice = Dice::new(seed);
        let mut mix = [0.0; CLASSES];
        mix[..8].copy_from_slice(&[0.55, 0.2, 0.1, 0.06, 0.04, 0.02, 0.02, 0.01]);
        let (successes, clump) = (40.0 + 80.0 * dice.uniform(), 1.5 + 3.0 * dice.uniform());
        let (weekend, phase) = (0.35 + 0.4 * dice.uniform(), dice.uniform());
        World { dice, successes, clump, weekend, mix, phase }
    }

    /// How busy it is: 1 is average.
    pub(super) fn activity(&self, at: usize) -> f64 {
        let angle = ((at % DAY) as f64 / DAY as f64 + self.phase) * std::f64::consts::TAU;
        let day = 1.0 - 0.75 * angle.cos() + 0.15 * (2.0 * angle).sin();
        day * if (at / DAY) % 7 >= 5 { self.weekend } else { 1.0 }
    }

    /// The next window: `at` counts windows from a Monday.
    pub(super) fn window(&mut self, at: usize) -> Window {
        let mean = self.successes * self.activity(at);
        let dice = &mut self.dice;
        let successes = dice.clumped(mean, 1.3);
        let familiar_failures = dice.clumped(0.09 * mean, self.clump);
        let first_contact_failures = dice.clumped(0.012 * mean, 1.4);
        let probes = dice.clumped(0.004 * mean, 1.5);
        let server_faults = dice.clumped(0.002 * mean, 2.0);
        let mut window = Window {
            hour_of_week: ((at / HOUR) % 168) as u16,
            successes,
            familiar_failures,
            first_contact_failures,
            probes,
            server_faults,
            ..Window::default()
        };
        // Weekends have another mix than working days, and so has the night.
        let tilt = if (at / DAY) % 7 >= 5 { 1.25 } else { 1.0 };
        for (class, share) in self.mix.into_iter().enumerate() {
            let share = if class == 1 { share * tilt } else { share };
            window.reasons[class] = self.dice.clumped(0.106 * mean * share, self.clump);
        }
        window.close();
        window
    }
}

impl Window {
    /// Counts again what follows from the rest.
    pub(super) fn close(&mut self) {
        let failures = self.familiar_failures + self.first_contact_failures + self.probes;
        self.attempts = self.successes + failures + self.server_faults;
        self.distinct_subjects = self.successes + (failures + self.server_faults) * 3 / 4;
        self.distinct_sources = self.distinct_subjects * 9 / 10;
    }
}
