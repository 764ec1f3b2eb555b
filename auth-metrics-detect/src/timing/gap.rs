//! The median of the differences, in fixed memory.

#![expect(clippy::cast_precision_loss, reason = "positions of bins")]

/// Bins on each side of zero, four to a doubling: from a few microseconds to three seconds.
const SIDE: usize = 64;
pub(super) const BINS: usize = 2 * SIDE;
const PER_DOUBLING: f32 = 4.0;
/// Below this, bins are of equal width.
const UNIT_SECONDS: f32 = 50e-6;

/// A histogram of differences, dense around zero. The bins can fade, which the markers of P² can't.
#[derive(Clone, Debug)]
pub(super) struct Differences {
    bins: [f32; BINS],
    count: f32,
}

impl Differences {
    pub(super) fn new() -> Differences {
        Differences { bins: [0.0; BINS], count: 0.0 }
    }

    /// Every number in it, always in the same order.
    pub(super) fn numbers(&mut self) -> impl Iterator<Item = &mut f32> {
        self.bins.iter_mut().chain([&mut self.count])
    }

    pub(super) fn decay(&mut self, keep: f32) {
        for bin in &mut self.bins {
            *bin *= keep;
        }
        self.count *= keep;
    }

    pub(super) fn add(&mut self, difference: f32) {
        let level = PER_DOUBLING * (1.0 + difference.abs() / UNIT_SECONDS).log2();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and cut off"
        )]
        let level = (level as usize).min(SIDE - 1);
        let bin = if difference < 0.0 { SIDE - 1 - level } else { SIDE + level };
        self.bins[bin] += 1.0;
        self.count += 1.0;
    }

    pub(super) fn count(&self) -> f32 {
        self.count
    }

    /// The median, as exact as its bin is narrow; 0 without differences.
    pub(super) fn median(&self) -> f32 {
        let mut left = self.bins.iter().sum::<f32>() / 2.0;
        for (at, &bin) in self.bins.iter().enumerate() {
            if bin > 0.0 && left <= bin {
                let (low, high) = (edge(at), edge(at + 1));
                return low + (high - low) * left / bin;
            }
            left -= bin;
        }
        0.0
    }
}

/// Where a bin begins.
fn edge(bin: usize) -> f32 {
    let level = bin as f32 - SIDE as f32;
    UNIT_SECONDS * ((level.abs() / PER_DOUBLING).exp2() - 1.0).copysign(level)
}
