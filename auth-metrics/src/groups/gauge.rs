//! `Gauge`: a level that is absent until somebody sets it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that rises and falls, or is absent.
///
/// ```
/// use auth_metrics::group::Gauge;
///
/// let gauge = Gauge::new();
/// assert_eq!(gauge.get(), None);
/// gauge.set(Some(0.5));
/// assert_eq!(gauge.get(), Some(0.5));
/// ```
pub struct Gauge(AtomicU64);

impl Gauge {
    /// Makes a gauge that is absent.
    pub const fn new() -> Gauge {
        // The bits of a number; those of a NaN stand for none.
        Gauge(AtomicU64::new(f64::NAN.to_bits()))
    }

    /// Sets the gauge, or makes it absent. A NaN makes it absent too.
    pub fn set(&self, value: Option<f64>) {
        self.0.store(value.unwrap_or(f64::NAN).to_bits(), Ordering::Relaxed);
    }

    /// Adds to the gauge, or takes from it; an absent one counts from zero.
    ///
    /// ```
    /// let waiting = auth_metrics::group::Gauge::new();
    /// waiting.add(3.0);
    /// waiting.add(-1.0);
    /// assert_eq!(waiting.get(), Some(2.0));
    /// ```
    pub fn add(&self, amount: f64) {
        let add = |bits| {
            let level = Some(f64::from_bits(bits)).filter(|level| !level.is_nan());
            Some((level.unwrap_or(0.0) + amount).to_bits())
        };
        // It always has a value to store.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// Returns the number, unless it is absent.
    pub fn get(&self) -> Option<f64> {
        Some(f64::from_bits(self.0.load(Ordering::Relaxed))).filter(|value| !value.is_nan())
    }
}

impl Default for Gauge {
    fn default() -> Gauge {
        Gauge::new()
    }
}

impl fmt::Debug for Gauge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Gauge").field(&self.get()).finish()
    }
}
