//! Latencies of a login under load, from a seed.

#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a simulation")]

use std::f64::consts::TAU;

/// `SplitMix64`.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    /// From 0 to 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (TAU * self.uniform()).cos()
    }
}

/// What a service looks like. The default is §4.10's in the design: load swings by half, unknown subjects follow it.
#[derive(Clone, Copy)]
pub(super) struct World {
    pub(super) attempts: usize,
    /// What an unknown subject takes longer; negative if it takes less.
    pub(super) gap: f64,
    /// Latency at the top of the load over that at the bottom.
    pub(super) swing: f64,
    /// Waves of load over the run.
    pub(super) waves: f64,
    /// Share of unknown subjects at middle load, and how strongly it follows the load.
    pub(super) unknown: f64,
    pub(super) follows: f64,
    pub(super) hash: f64,
    pub(super) noise: f64,
    /// Share of attempts that take up to ten times as long.
    pub(super) outliers: f64,
    /// Whether the noise is log-normal to the power of this, beside the normal one.
    pub(super) tail: f64,
    /// The resolution of the clock, or 0.
    pub(super) tick: f64,
    /// The mean length of a run of one class; 1 if each attempt is on its own.
    pub(super) clump: f64,
    /// How much of a mood of the service an attempt hands on to the next, and how strong it is.
    pub(super) mood: (f64, f64),
    pub(super) days: f64,
}

impl World {
    pub(super) fn new(attempts: usize) -> World {
        World {
            attempts,
            gap: 0.0,
            swing: 1.5,
            waves: 1.0,
            unknown: 0.25,
            follows: 2.0,
            hash: 0.060,
            noise: 0.12,
            outliers: 0.01,
            tail: 0.0,
            tick: 0.0,
            clump: 1.0,
            mood: (0.0, 0.0),
            days: 1.0,
        }
    }

    /// Tells every attempt: when, whether it named an unknown subject, and what it took.
    pub(super) fn run(&self, seed: u64, mut told: impl FnMut(f64, bool, f32)) {
        let mut dice = Dice::new(seed);
        let (mut is_unknown, mut mood) = (false, 0.0);
        let phase = dice.uniform();
        for attempt in 0..self.attempts {
            let share = attempt as f64 / self.attempts as f64;
            let wave = (TAU * (share * self.waves + phase)).sin();
            let load = 1.0 + (self.swing - 1.0) * f64::midpoint(wave, 1.0);
            if dice.uniform() * self.clump < 1.0 {
                is_unknown = dice.uniform() < self.unknown * (self.follows * wave / 2.0).exp();
            }
            mood = self.mood.0 * mood + (1.0 - self.mood.0.powi(2)).sqrt() * dice.normal();
            let mut took =
                self.hash * load * (1.0 + self.noise * dice.normal()).max(0.3) * (self.mood.1 * mood).exp();
            took *= (self.tail * dice.normal().powi(3)).exp();
            if dice.uniform() < self.outliers {
                took *= 2.0 + 8.0 * dice.uniform();
            }
            took += if is_unknown { self.gap } else { 0.0 };
            if self.tick > 0.0 {
                took = (took / self.tick).floor() * self.tick;
            }
            told(share * self.days * 86_400.0, is_unknown, took.max(0.0) as f32);
        }
    }
}
