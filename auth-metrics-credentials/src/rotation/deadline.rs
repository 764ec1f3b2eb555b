//! Deadlines that may be endlessly far away.

use std::time::Duration;

use tokio::time::Instant;

/// Longer than a process runs, and what tokio takes for a wait without end.
const ENDLESS: Duration = Duration::from_secs(30 * 365 * 86_400);

/// Returns the point this long from now. A wait that no clock can count ends in thirty years.
pub(super) fn later(wait: Duration) -> Instant {
    after(Instant::now(), wait)
}

/// Returns the point this long after `start`, limited like [`later`].
pub(super) fn after(start: Instant, wait: Duration) -> Instant {
    start + wait.min(ENDLESS)
}
