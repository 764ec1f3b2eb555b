//! Medians and spreads.

use serde_json::{Value, json};

/// The figures of one thing, one per round.
#[derive(Clone, Default)]
pub struct Samples(pub Vec<f64>);

impl Samples {
    /// The value below which a share of the samples is.
    fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
    }

    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// Round by round, how many times another's figure this is.
    pub fn over(&self, other: &Samples) -> Samples {
        Samples(self.0.iter().zip(&other.0).map(|(own, other)| own / other).collect())
    }

    /// Round by round, how much more than another's figure this is.
    pub fn minus(&self, other: &Samples) -> Samples {
        Samples(self.0.iter().zip(&other.0).map(|(own, other)| own - other).collect())
    }

    /// The median with the middle half of the samples.
    pub fn json(&self) -> Value {
        json!({
            "median": rounded(self.median()),
            "from": rounded(self.quantile(0.25)),
            "to": rounded(self.quantile(0.75)),
        })
    }
}

/// Three decimals are more than the noise leaves.
pub fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
