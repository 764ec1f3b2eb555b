//! Points in time that may be endlessly far away.

use std::time::Duration;

use tokio::time::Instant;

/// Longer than a process runs, and what tokio takes for a wait without end.
const ENDLESS: Duration = Duration::from_secs(30 * 365 * 86_400);

/// This long from now: a wait that no clock can count ends in thirty years.
pub(super) fn later(wait: Duration) -> Instant {
    after(Instant::now(), wait)
}

/// This long after `start`, as [`later`].
pub(super) fn after(start: Instant, wait: Duration) -> Instant {
    start + wait.min(ENDLESS)
}
