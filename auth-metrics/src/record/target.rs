//! `Target`: the counters that one attempt keeps from its start to its end.

use std::sync::Arc;

use crate::handle::Series;
use crate::storage::Cells;

/// What an attempt counts in.
pub struct Target(pub(super) Held);

/// Borrowed for ever if the handle is the process's, shared otherwise.
pub(super) enum Held {
    Process { series: &'static Series, source: Option<&'static Cells> },
    Shared { series: Arc<Series>, source: Option<Arc<Cells>> },
}

impl Target {
    pub(super) fn process(series: &'static Series) -> Target {
        Target(Held::Process { series, source: None })
    }

    pub(super) fn shared(series: &Arc<Series>) -> Target {
        Target(Held::Shared { series: Arc::clone(series), source: None })
    }

    pub(super) fn series(&self) -> &Series {
        match &self.0 {
            Held::Process { series, .. } => series,
            Held::Shared { series, .. } => series,
        }
    }

    /// The counts of the call's source, one per outcome, if it named one.
    pub(super) fn source(&self) -> Option<&Cells> {
        match &self.0 {
            Held::Process { source, .. } => *source,
            Held::Shared { source, .. } => source.as_deref(),
        }
    }
}
