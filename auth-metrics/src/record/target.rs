//! `Target`: the counters that one attempt keeps from its start to its end.

use std::sync::Arc;

use crate::events::About;
use crate::handle::Series;
use crate::storage::Cells;

/// What an attempt counts in, and what is known of it before it starts.
pub struct Target {
    pub(super) held: Held,
    /// None where nobody observes.
    pub(super) about: Option<Box<About>>,
}

/// Borrowed for ever if the handle is the process's, shared otherwise.
pub(super) enum Held {
    Process { series: &'static Series, source: Option<&'static Cells> },
    Shared { series: Arc<Series>, source: Option<Arc<Cells>> },
}

impl Target {
    pub(super) fn process(series: &'static Series) -> Target {
        Target { held: Held::Process { series, source: None }, about: None }
    }

    pub(super) fn shared(series: &Arc<Series>) -> Target {
        Target { held: Held::Shared { series: Arc::clone(series), source: None }, about: None }
    }

    pub(super) fn series(&self) -> &Series {
        match &self.held {
            Held::Process { series, .. } => series,
            Held::Shared { series, .. } => series,
        }
    }

    /// The counts of the call's source, one per outcome, if it named one.
    pub(super) fn source(&self) -> Option<&Cells> {
        match &self.held {
            Held::Process { source, .. } => *source,
            Held::Shared { source, .. } => source.as_deref(),
        }
    }
}
