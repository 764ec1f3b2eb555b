//! Half-space trees over what a window looks like: how unlike the learned windows it is, from 0 to 1.
//!
//! The caller decides which windows are learned; a tree that learns an attack finds it normal.

use crate::learning::window::{WINDOWS_OF_A_DAY, Window};

const TREES: usize = 25;
/// Halvings on the way to a leaf.
const DEPTH: u32 = 6;
const NODES: usize = (1 << (DEPTH + 1)) - 1;
const FEATURES: usize = 8;
/// A node with a smaller share of the learned windows is not looked into.
const SMALL: f32 = 0.05;
/// How fast rate and width of a feature follow: a week.
const GAIN: f32 = 1.0 / 2_016.0;
/// Days that the reference remembers, and what a window weighs in it.
const DAYS: u32 = 7;
const WEIGHT: f32 = 64.0;

/// The trees: how many of the learned windows of a day fell into each half.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HalfSpaceTrees {
    /// A week's mean day, 64 for a window; and the day that runs, 1 for a window.
    reference: [[u16; NODES]; TREES],
    latest: [[u16; NODES]; TREES],
    /// Windows of the day that runs, and of all.
    today: u32,
    learned: u32,
    /// What a feature is compared with, and how far from it it usually is.
    rate: [f32; FEATURES],
    width: [f32; FEATURES],
}

impl HalfSpaceTrees {
    pub(crate) const fn new() -> HalfSpaceTrees {
        HalfSpaceTrees {
            reference: [[0; NODES]; TREES],
            latest: [[0; NODES]; TREES],
            today: 0,
            learned: 0,
            rate: [0.0; FEATURES],
            width: [0.0; FEATURES],
        }
    }

    /// How unlike the learned windows it is. Half is what chance would give; 0 before a day was learned.
    pub(crate) fn score(&self, window: &Window) -> f32 {
        if self.learned < 2 * WINDOWS_OF_A_DAY {
            return 0.0;
        }
        let point = self.scaled(&self.features(window));
        let day = WEIGHT * WINDOWS_OF_A_DAY as f32;
        // The logarithm, so that a few trees that know the window don't outvote those that have never seen it.
        let mass = |(tree, counts): (usize, &[u16; NODES])| {
            let mut mass = 0.0;
            walk(tree, &point, |depth, node| {
                mass = (f32::from(counts[node]) + 1.0) / day * (1 << depth) as f32;
                f32::from(counts[node]) > SMALL * day
            });
            mass.ln()
        };
        let mass = self.reference.iter().enumerate().map(mass).sum::<f32>() / TREES as f32;
        1.0 / (1.0 + mass.exp())
    }

    /// Learns a window.
    pub(crate) fn learn(&mut self, window: &Window) {
        let (features, amounts) = (self.features(window), amounts(window));
        let gain = GAIN.max(1.0 / (self.learned as f32 + 1.0));
        for (each, (amount, of)) in amounts.into_iter().enumerate() {
            // The rate of a sum, not the mean of rates: busy windows know it better.
            self.rate[each] += gain * (amount - self.rate[each] * of) / of.max(1.0);
            self.width[each] += gain * (features[each].abs() - self.width[each]);
        }
        self.learned = self.learned.saturating_add(1);
        // The first day only finds where the features are.
        if self.learned <= WINDOWS_OF_A_DAY {
            return;
        }
        let point = self.scaled(&features);
        for (tree, counts) in self.latest.iter_mut().enumerate() {
            walk(tree, &point, |_, node| {
                counts[node] = counts[node].saturating_add(1);
                true
            });
        }
        self.today += 1;
        if self.today >= WINDOWS_OF_A_DAY {
            self.end_day();
        }
    }

    fn end_day(&mut self) {
        let days = (self.learned / WINDOWS_OF_A_DAY).saturating_sub(1).clamp(1, DAYS) as f32;
        for (counts, latest) in self.reference.iter_mut().zip(&self.latest) {
            for (count, latest) in counts.iter_mut().zip(latest) {
                let today = WEIGHT * f32::from(*latest);
                *count = (f32::from(*count) + (today - f32::from(*count)) / days).round() as u16;
            }
        }
        self.latest = [[0; NODES]; TREES];
        self.today = 0;
    }

    /// How far each amount is from what is usual: square roots, since those of counts vary equally at any rate.
    fn features(&self, window: &Window) -> [f32; FEATURES] {
        let amounts = amounts(window);
        std::array::from_fn(|each| {
            let (amount, of) = amounts[each];
            let usual = (self.rate[each] * of).max(0.0);
            if each == 0 { amount - usual } else { 2.0 * ((amount + 0.375).sqrt() - (usual + 0.375).sqrt()) }
        })
    }

    /// The features from 0 to 1; what is usual is in the middle half.
    fn scaled(&self, features: &[f32; FEATURES]) -> [f32; FEATURES] {
        std::array::from_fn(|each| {
            let width = self.width[each].max(0.02);
            (0.5 + features[each] / (8.0 * width)).clamp(0.0, 1.0)
        })
    }
}

/// Goes down a tree with a point, as long as `visit` says so.
fn walk(tree: usize, point: &[f32; FEATURES], mut visit: impl FnMut(u32, usize) -> bool) {
    let (mut low, mut high) = ([0.0; FEATURES], [0.0; FEATURES]);
    for feature in 0..FEATURES {
        // Each tree looks at a range of its own, which the point is in.
        let start = (dice(tree, 1_000 + feature) % 1_024) as f32 / 1_023.0;
        let half = 2.0 * start.max(1.0 - start);
        (low[feature], high[feature]) = (start - half, start + half);
    }
    let mut node = 0;
    for depth in 0..=DEPTH {
        if !visit(depth, node) || depth == DEPTH {
            return;
        }
        let feature = dice(tree, node) as usize % FEATURES;
        let middle = f32::midpoint(low[feature], high[feature]);
        let is_upper = point[feature] >= middle;
        if is_upper {
            low[feature] = middle;
        } else {
            high[feature] = middle;
        }
        node = 2 * node + 1 + usize::from(is_upper);
    }
}

/// A number that looks drawn and is always the same.
fn dice(tree: usize, place: usize) -> u32 {
    let mut value = (tree as u32).wrapping_mul(0x9e37_79b9) ^ (place as u32).wrapping_mul(0x85eb_ca6b);
    value = (value ^ value >> 16).wrapping_mul(0x7feb_352d);
    value = (value ^ value >> 15).wrapping_mul(0x846c_a68b);
    value ^ value >> 16
}

/// What a window has, and of how much it is a part.
fn amounts(window: &Window) -> [(f32, f32); FEATURES] {
    let (successes, attempts) = (window.successes as f32, window.attempts as f32);
    [
        (attempts.ln_1p(), 1.0),
        (window.familiar_failures as f32, successes),
        (window.first_contact_failures as f32, successes),
        (window.probes as f32, successes),
        (window.server_faults as f32, successes),
        (window.distinct_subjects as f32, attempts),
        (window.distinct_sources as f32, attempts),
        (successes, attempts),
    ]
}
