//! `ByLabel`: a bounded table of what a group keeps for each value of a label.

use std::fmt;

use super::Overflow;
use crate::storage::Names;
use crate::terms::label;

/// The most values that a table has room for: more series than any scrape should have.
const MOST: usize = 65_536;

/// What is kept for each value of one label: at most as many as fit, all further values share the place `other`.
///
/// Values are names from your code: `[a-z][a-z0-9_]*`, at most 64 bytes. Any other value, and one that finds the table full,
/// goes to `other`, and is counted in `auth_label_overflow_total` if the group hands that out with
/// [`Samples::overflow`](super::Samples::overflow). A value keeps its place for the life of the table; looking it up takes no
/// lock.
///
/// ```
/// use auth_metrics::group::{ByLabel, Counters};
///
/// let by_policy = ByLabel::new("policy", 2);
/// for policy in ["risk_engine", "geo", "device", "Not A Name"] {
///     by_policy.get_or_insert_with(policy, || Counters::new(1)).add(0, 1);
/// }
/// let counts: Vec<_> = by_policy.iter().map(|(policy, count)| (policy, count.get(0))).collect();
/// assert_eq!(counts, [("risk_engine", 1), ("geo", 1), ("other", 2)]);
/// ```
pub struct ByLabel<T> {
    values: Names<T>,
    overflow: Overflow,
}

impl<T> ByLabel<T> {
    /// Makes a table for `capacity` values of a label, at most 65,536; `other` is one more.
    pub fn new(label: &'static str, capacity: usize) -> ByLabel<T> {
        ByLabel { values: Names::new(capacity.min(MOST), label::OTHER), overflow: Overflow::of(label) }
    }

    /// Returns what is kept for a value, made now if the value is new. `make` must not look up a value of this table: it would wait
    /// for itself.
    pub fn get_or_insert_with(&self, value: &str, make: impl Fn() -> T) -> &T {
        let (place, kept) = self.values.resolve(value, label::is_name, |_| make());
        if place.folded {
            self.overflow.count();
        }
        kept
    }

    /// Returns every value so far with what is kept for it, in the order they came, `other` last.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.values.iter().map(|(_, value, kept)| (&**value, kept))
    }

    /// Returns how often a value was folded into `other`.
    pub fn overflow(&self) -> &Overflow {
        &self.overflow
    }
}

impl<T: fmt::Debug> fmt::Debug for ByLabel<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}
