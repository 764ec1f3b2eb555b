//! `Observations`: durations in buckets, and their sum.

use std::fmt;
use std::time::Duration;

use crate::storage::{Buckets, Cells, whole_nanos};

/// A histogram of durations. Adding to it is wait-free.
///
/// The sum is kept in whole seconds and, apart, in microseconds, so years of life left, observed a thousand times a
/// second, are nowhere near the end of either.
///
/// ```
/// use std::time::Duration;
///
/// use auth_metrics::group::Observations;
///
/// # fn main() -> Result<(), auth_metrics::group::InvalidBounds> {
/// let waits = Observations::new(&[0.1, 1.0])?;
/// waits.observe(Duration::from_millis(250));
/// assert_eq!(waits.counts(), [0, 1, 0]);
/// assert_eq!(waits.sum(), 0.25);
/// # Ok(()) }
/// ```
pub struct Observations {
    buckets: Buckets,
    cells: Cells,
}

const WHOLE_SECONDS: usize = 0;
const MICROS: usize = 1;
const FIRST_BUCKET: usize = 2;

/// The most that one observation adds to a sum: ten years.
const LONGEST: Duration = Duration::from_secs(3_650 * 86_400);

impl Observations {
    /// Makes a histogram with these upper bounds, in seconds; one more bucket takes what is above them.
    ///
    /// # Errors
    ///
    /// There are no bounds or over 250, or they are not finite, positive and rising by at least a nanosecond.
    pub fn new(bounds: &[f64]) -> Result<Observations, InvalidBounds> {
        Ok(Observations::of(Buckets::new(bounds).ok_or(InvalidBounds)?))
    }

    fn of(buckets: Buckets) -> Observations {
        let cells = Cells::new(FIRST_BUCKET + buckets.count());
        Observations { buckets, cells }
    }

    /// Adds a duration. More than ten years add ten years to the sum.
    pub fn observe(&self, duration: Duration) {
        let added = duration.min(LONGEST);
        let writer = self.cells.writer();
        writer.add(WHOLE_SECONDS, added.as_secs());
        writer.add(MICROS, u64::from(added.subsec_micros()));
        writer.add(FIRST_BUCKET + self.buckets.index(whole_nanos(duration)), 1);
    }

    /// Returns the finite upper bounds, in seconds.
    pub fn bounds(&self) -> &[f64] {
        self.buckets.seconds()
    }

    /// Returns how many durations each bucket alone has, the unbounded one last.
    pub fn counts(&self) -> Vec<u64> {
        let mut counts = vec![0; self.buckets.count()];
        self.add_counts(&mut counts);
        counts
    }

    /// Adds what each bucket has.
    pub(super) fn add_counts(&self, counts: &mut [u64]) {
        self.cells.add_sums(FIRST_BUCKET, counts);
    }

    /// Returns the sum of all durations, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
    pub fn sum(&self) -> f64 {
        let micros =
            u128::from(self.cells.sum(WHOLE_SECONDS)) * 1_000_000 + u128::from(self.cells.sum(MICROS));
        micros as f64 / 1e6
    }
}

/// The default buckets of a handle: 22 bounds from 10 µs to 10 s.
impl Default for Observations {
    fn default() -> Observations {
        Observations::of(Buckets::default())
    }
}

impl fmt::Debug for Observations {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Observations").field("counts", &self.counts()).field("sum", &self.sum()).finish()
    }
}

/// The bounds of a histogram that are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidBounds;

impl fmt::Display for InvalidBounds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(
            "the bounds must be 1 to 250 finite, positive seconds that rise by at least a nanosecond",
        )
    }
}

impl std::error::Error for InvalidBounds {}
