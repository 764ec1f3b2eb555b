//! `Target`: the counters that one attempt keeps from its start to its end.

use std::sync::Arc;

use crate::events::{self, About};
use crate::handle::{AuthMetrics, Series};
use crate::storage::Cells;
use crate::terms::SourceLabels;

/// What an attempt counts in, and what is known of it before it starts.
pub struct Target {
    pub(super) held: Held,
    /// None where nobody observes.
    pub(super) about: Option<Box<About>>,
    /// Whether what fails inside of it decides how it ended.
    pub(super) decides: bool,
}

/// Borrowed for ever if the handle is the process's, shared otherwise.
pub(super) enum Held {
    Process { series: &'static Series, source: Option<&'static Cells> },
    Shared { series: Arc<Series>, source: Option<Arc<Cells>> },
}

impl Target {
    pub(super) fn process(series: &'static Series) -> Target {
        Target { held: Held::Process { series, source: None }, about: None, decides: false }
    }

    /// Of an attempt by hand, which names no source: it may be given from outside.
    pub(super) fn shared(metrics: &AuthMetrics, series: &Arc<Series>) -> Target {
        let given = given(series);
        let about = given.filter(|_| metrics.is_observed()).map(|source| {
            let mut about = events::spare();
            about.note_source(source.label);
            about
        });
        let source = given.and_then(|source| cells(source, metrics, series.service())).cloned();
        Target { held: Held::Shared { series: Arc::clone(series), source }, about, decides: false }
    }
}

impl Held {
    pub(super) fn series(&self) -> &Series {
        match self {
            Held::Process { series, .. } => series,
            Held::Shared { series, .. } => series,
        }
    }

    /// The counts of the call's source, one per outcome, if it named one.
    pub(super) fn source(&self) -> Option<&Cells> {
        match self {
            Held::Process { source, .. } => *source,
            Held::Shared { source, .. } => source.as_deref(),
        }
    }
}

/// The cells of a source of a service.
pub(super) fn cells(source: SourceLabels, metrics: &AuthMetrics, service: usize) -> Option<&Arc<Cells>> {
    metrics.source(service, source.label, source.known)
}

/// The source that was given from outside, for an attempt that names none. An attempt that is part of another one came with that.
pub(super) fn given(series: &Series) -> Option<SourceLabels> {
    events::given_source().filter(|_| !series.place().is_taken())
}
