//! A gauge that is absent until somebody sets it.

use super::atomic::{AtomicU64, Ordering};

/// The bits of a number; those of a NaN stand for none.
pub(crate) struct Level(AtomicU64);

impl Level {
    /// A level that nobody has set.
    pub(crate) fn absent() -> Level {
        Level(AtomicU64::new(f64::NAN.to_bits()))
    }

    /// A number, or none.
    pub(crate) fn set(&self, value: Option<f64>) {
        self.0.store(value.unwrap_or(f64::NAN).to_bits(), Ordering::Relaxed);
    }

    /// The number, if there is one.
    pub(crate) fn get(&self) -> Option<f64> {
        Some(f64::from_bits(self.0.load(Ordering::Relaxed))).filter(|value| !value.is_nan())
    }
}
