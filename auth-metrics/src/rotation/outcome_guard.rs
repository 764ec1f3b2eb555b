//! One try to rotate: it is counted when it ends, however that is.

use tokio::time::Instant;

use super::tracked::Counts;
use crate::terms::RotationOutcome;

/// Counted as cancelled if it is dropped before it has an outcome.
pub(super) struct Trial {
    counts: Counts,
    start: Instant,
    outcome: Option<RotationOutcome>,
}

impl Trial {
    pub(super) fn start(counts: Counts) -> Trial {
        Trial { counts, start: Instant::now(), outcome: Some(RotationOutcome::Cancelled) }
    }

    pub(super) fn end(mut self, outcome: RotationOutcome) {
        self.outcome = Some(outcome);
    }

    /// There was nothing to rotate.
    pub(super) fn forget(mut self) {
        self.outcome = None;
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Some(outcome) = self.outcome {
            self.counts.rotation(outcome, self.start.elapsed());
        }
    }
}
