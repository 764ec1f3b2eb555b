//! Counts one try to rotate when it ends, however it ends.

use tokio::time::Instant;

use super::tracked::Counts;
use crate::terms::RotationOutcome;

/// Counted as cancelled if it is dropped before it has an outcome.
pub(super) struct OutcomeGuard {
    counts: Counts,
    start: Instant,
    outcome: Option<RotationOutcome>,
}

impl OutcomeGuard {
    pub(super) fn start(counts: Counts) -> OutcomeGuard {
        OutcomeGuard { counts, start: Instant::now(), outcome: Some(RotationOutcome::Cancelled) }
    }

    pub(super) fn end(mut self, outcome: RotationOutcome) {
        self.outcome = Some(outcome);
    }

    /// There was nothing to rotate.
    pub(super) fn forget(mut self) {
        self.outcome = None;
    }
}

impl Drop for OutcomeGuard {
    fn drop(&mut self) {
        if let Some(outcome) = self.outcome {
            self.counts.rotation(outcome, self.start.elapsed());
        }
    }
}
