//! Which of a handle's bucket bounds a duration is. Knows nothing of rules.

use std::time::Duration;

/// Returns the bound, in seconds, that equals a duration to the nanosecond. The handle exports this bound; the duration as a double may
/// differ in its last bits.
pub(super) fn of(within: Duration, bounds: &[f64]) -> Option<f64> {
    let is_it = |bound: &f64| Duration::try_from_secs_f64(*bound).is_ok_and(|bound| bound == within);
    bounds.iter().copied().find(is_it)
}
