//! The group of an engine: what is exported of its board.

use std::sync::Arc;

use auth_metrics::group::{Group, GroupError, Samples};
use auth_metrics::{AuthMetrics, Exposure, Family};

use super::board::Board;
use super::families::{self, FAMILIES};

/// The families of the engine of a handle.
pub(crate) struct DetectGroup {
    board: Arc<Board>,
    /// Whoever reads the gap learns from few attempts of their own whether an account exists.
    shows_timing: bool,
}

impl DetectGroup {
    /// Attaches the families to a handle and returns the board that they show: a new one, or that of the engine before.
    ///
    /// # Errors
    ///
    /// A name is taken; the handle counts and logs it.
    pub(crate) fn attach(metrics: &AuthMetrics, state_bytes: usize) -> Result<Arc<Board>, GroupError> {
        let group = metrics.group(|| DetectGroup {
            board: Arc::new(Board::new(state_bytes)),
            shows_timing: metrics.exposure() != Exposure::Strict,
        })?;
        group.board.set_state_bytes(state_bytes);
        Ok(Arc::clone(&group.board))
    }
}

impl Group for DetectGroup {
    fn families(&self) -> Vec<&'static Family> {
        let is_timing = |family: &Family| {
            [&families::TIMING_GAP, &families::TIMING_GAP_Z].iter().any(|timing| timing.name == family.name)
        };
        FAMILIES.iter().copied().filter(|family| self.shows_timing || !is_timing(family)).collect()
    }

    fn collect(&self, samples: &mut Samples) {
        self.board.collect(samples, self.shows_timing);
    }
}
