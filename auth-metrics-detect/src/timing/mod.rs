//! Finds out whether latency tells an account that exists from one that doesn't.
//!
//! Production does not choose at random which attempts name an unknown subject: they come in waves, and latency has waves of its own. So
//! attempts are compared only with their neighbours, in blocks, and what a smooth drift inside a block explains is taken out first.

mod block;
mod gap;
mod saved;
#[cfg(test)]
pub(crate) mod simulation;
#[cfg(test)]
mod tests;

use block::{Block, Stratum};
use gap::Differences;

/// Nothing begins below this many standard errors.
const ALARM_Z: f32 = 4.5;
/// Nothing begins on fewer comparisons.
const ALARM_PAIRS: f32 = 200.0;
/// A gap that nobody can measure over a network is none.
const ALARM_GAP_SECONDS: f32 = 0.001;
/// A gap that drowns in the noise of the latency itself is none.
const ALARM_GAP_SHARE: f32 = 0.02;
const HALF_LIFE_HOURS: f32 = 7.0 * 24.0;
/// The most that a block leaves of what was there before, so that no `f32` grows until blocks vanish in it: four million attempts.
const KEEP_AT_MOST: f32 = 1.0 - 1.0 / 131_072.0;
/// What is left of a leak that is still on, over what it seemed when it began: what has just crossed a line looks larger than it is.
const STILL_ON: f32 = 0.5;
/// How sure the end of a leak must be, in nats.
const CLOSED: f32 = 12.0;

/// A leak that begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Leak {
    /// How much longer an unknown subject takes; negative if it is answered sooner.
    pub(crate) gap_seconds: f32,
    /// How many standard errors that is from equal paths.
    pub(crate) z: f32,
    /// How many comparisons it rests on, about.
    pub(crate) pairs: u32,
}

/// The latencies of one operation that ended as `unknown_subject` or `invalid_credentials`. Fixed memory, and nothing but numbers.
///
/// A leak begins when z, gap and pairs are all beyond their limits. It ends when the attempts since then fit equal paths better than
/// [`STILL_ON`] of the leak (a CUSUM of the two likelihoods), after about four times the attempts that it took to find. Then all is
/// forgotten, so that a leak that comes back is found anew.
#[derive(Clone, Debug)]
pub(crate) struct TimingMonitor {
    block: Block,
    differences: Differences,
    sums: Sums,
    /// The time of the last block. In hours, an `f32` is good to two minutes for decades.
    hours: f32,
    leak: Option<Open>,
}

/// A leak that is on.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// How much a block says for it, in units of its own variance.
    effect: f32,
    /// How much more blocks differ than chance allows, at least 1.
    dispersion: f32,
    /// The evidence that it is over.
    closed: f32,
}

/// Sums over blocks, old ones for less. `d` is the decay of a block.
#[derive(Clone, Debug, Default)]
struct Sums {
    /// Σ d.
    blocks: f32,
    /// Σ d·T, the statistic; its expectation is 0 if paths are equal.
    statistic: f32,
    /// Σ d·V, the variances by permutation.
    information: f32,
    /// Σ d²·V, the variance of `statistic`.
    variance: f32,
    /// Σ d²·T², Σ d²·T·V and Σ d²·V²: the variance of `statistic` as it shows between the blocks.
    squares: f32,
    products: f32,
    squared_variances: f32,
    /// Σ d·median.
    medians: f32,
}

impl TimingMonitor {
    /// Starts without evidence.
    pub(crate) fn new() -> TimingMonitor {
        TimingMonitor {
            block: Block::new(),
            differences: Differences::new(),
            sums: Sums::default(),
            hours: 0.0,
            leak: None,
        }
    }

    /// Takes the latency of an attempt at `at` seconds that ended as `unknown_subject` or, if not that, as `invalid_credentials`. Returns a leak
    /// when it begins. A latency that is none is ignored.
    pub(crate) fn push(&mut self, at: f64, unknown_subject: bool, seconds: f32) -> Option<Leak> {
        let is_latency = seconds.is_finite() && seconds >= 0.0;
        if !is_latency || !self.block.push(unknown_subject, seconds) {
            return None;
        }
        let block = std::mem::replace(&mut self.block, Block::new());
        if !block.has_both() {
            return None;
        }
        self.decay(at);
        self.take(&block)
    }

    fn decay(&mut self, at: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "minutes matter, and no more")]
        let hours = (at / 3600.0) as f32;
        let mut keep = KEEP_AT_MOST;
        if hours.is_finite() {
            if self.sums.blocks > 0.0 && hours > self.hours {
                keep = keep.min((-(hours - self.hours) / HALF_LIFE_HOURS).exp2());
            }
            self.hours = hours;
        }
        self.sums.decay(keep);
        self.differences.decay(keep);
    }

    fn take(&mut self, block: &Block) -> Option<Leak> {
        let stratum = block.stratum();
        self.sums.add(&stratum);
        block.differences(|difference| self.differences.add(difference));
        if let Some(leak) = &mut self.leak {
            if leak.is_over(&stratum) {
                self.forget();
            }
            return None;
        }
        let leak = self.found()?;
        let Sums { statistic, information, variance, .. } = self.sums;
        let dispersion = self.sums.standard_error().powi(2) / variance;
        self.leak = Some(Open { effect: STILL_ON * statistic / information, dispersion, closed: 0.0 });
        Some(leak)
    }

    fn found(&self) -> Option<Leak> {
        let (gap_seconds, z) = (self.gap(), self.z());
        let same_side = (gap_seconds > 0.0) == (z > 0.0);
        let enough = z.abs() >= ALARM_Z && self.differences.count() >= ALARM_PAIRS;
        let least = ALARM_GAP_SECONDS.max(ALARM_GAP_SHARE * self.median());
        let found = enough && same_side && gap_seconds.abs() >= least;
        found.then(|| Leak { gap_seconds, z, pairs: self.pairs() })
    }

    /// Forgets the evidence, but not the attempts of the block that fills.
    fn forget(&mut self) {
        let block = self.block.clone();
        *self = TimingMonitor { block, hours: self.hours, ..TimingMonitor::new() };
    }

    /// Returns `true` from the beginning of a leak to its end.
    pub(crate) fn is_leaking(&self) -> bool {
        self.leak.is_some()
    }

    /// How much longer an unknown subject takes, in seconds: the median of the differences between neighbours (Hodges and Lehmann).
    pub(crate) fn gap(&self) -> f32 {
        self.differences.median()
    }

    /// How many standard errors the blocks are from equal paths.
    pub(crate) fn z(&self) -> f32 {
        let error = self.sums.standard_error();
        if error > 0.0 { self.sums.statistic / error } else { 0.0 }
    }

    /// How many comparisons `gap` and `z` rest on, about; old ones count for less.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count, and casts of floats saturate"
    )]
    pub(crate) fn pairs(&self) -> u32 {
        self.differences.count().round() as u32
    }

    /// The median latency, in seconds.
    fn median(&self) -> f32 {
        if self.sums.blocks > 0.0 { self.sums.medians / self.sums.blocks } else { 0.0 }
    }
}

impl Sums {
    fn decay(&mut self, keep: f32) {
        for sum in self.once() {
            *sum *= keep;
        }
        for sum in self.twice() {
            *sum *= keep * keep;
        }
    }

    /// All sums, always in the same order.
    fn numbers(&mut self) -> [&mut f32; 8] {
        let Sums { blocks, statistic, information, variance, squares, products, squared_variances, medians } =
            self;
        [blocks, statistic, information, variance, squares, products, squared_variances, medians]
    }

    /// The sums of `d`.
    fn once(&mut self) -> [&mut f32; 4] {
        [&mut self.blocks, &mut self.statistic, &mut self.information, &mut self.medians]
    }

    /// The sums of `d²`.
    fn twice(&mut self) -> [&mut f32; 4] {
        [&mut self.variance, &mut self.squares, &mut self.products, &mut self.squared_variances]
    }

    fn add(&mut self, stratum: &Stratum) {
        let Stratum { statistic, variance, median } = *stratum;
        self.blocks += 1.0;
        self.statistic += statistic;
        self.information += variance;
        self.variance += variance;
        self.squares += statistic * statistic;
        self.products += statistic * variance;
        self.squared_variances += variance * variance;
        self.medians += median;
    }

    /// The larger of two standard errors of `statistic`: the one of permutations, and the one that shows between blocks. If unknown subjects
    /// come in clumps and latency has moods, neighbours are alike and permutations are too sure of themselves.
    fn standard_error(&self) -> f32 {
        if self.information <= 0.0 {
            return 0.0;
        }
        let effect = self.statistic / self.information;
        let between = self.squares - effect * (2.0 * self.products - effect * self.squared_variances);
        let freedom = self.blocks / (self.blocks - 1.0).max(1.0);
        self.variance.max(between * freedom).sqrt()
    }
}

impl Open {
    /// Weighs the leak as it began against equal paths.
    fn is_over(&mut self, stratum: &Stratum) -> bool {
        let for_leak = self.effect * (stratum.statistic - self.effect * stratum.variance / 2.0);
        self.closed = (self.closed - for_leak / self.dispersion).max(0.0);
        self.closed >= CLOSED
    }
}
