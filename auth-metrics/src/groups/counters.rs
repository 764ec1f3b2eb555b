//! `Counters`: counts that any thread adds to without waiting for another.

use std::fmt;

use crate::storage::Cells;

/// A fixed number of counters, all at zero at first.
///
/// Each thread that counts often writes to cells of its own, so adding is wait-free and threads don't slow each other down.
/// A counter that is full stays full.
pub struct Counters(Cells);

impl Counters {
    /// Makes this many counters.
    pub fn new(count: usize) -> Counters {
        Counters(Cells::new(count))
    }

    /// Adds to the counter at an index. An index that is out of range is ignored.
    pub fn add(&self, index: usize, amount: u64) {
        if index < self.0.count() {
            self.0.writer().add(index, amount);
        }
    }

    /// Returns the counter at an index, or 0 if it is out of range.
    pub fn get(&self, index: usize) -> u64 {
        if index < self.0.count() { self.0.sum(index) } else { 0 }
    }

    /// Returns all counters, in their order.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        (0..self.0.count()).map(|index| self.0.sum(index))
    }
}

impl fmt::Debug for Counters {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}
