//! What a series keeps of an attempt beyond its counts: the trace for a scrape, a copy for those who observe, and fields of its span.

use std::sync::{Arc, OnceLock};

use super::exemplars::{Counted, Exemplars};
use super::{Core, Exemplar, ExemplarOf, Trace};
use crate::events::{About, Capture, Captured, Ending};
use crate::groups::unwinding_stops;
use crate::storage::Clock;

pub(crate) struct Followed {
    core: Arc<Core>,
    /// What all its events have in common, if anybody observes.
    captured: Option<Captured>,
    /// Made with the first end; stays empty where no trace is read.
    exemplars: OnceLock<Exemplars>,
    /// The name of the operation, if it is to be a field of spans.
    on_spans: Option<Arc<str>>,
}

impl Followed {
    /// None where the handle has no observer, reads no traces and writes on no spans.
    pub(super) fn new(
        core: &Arc<Core>,
        operation: &Arc<str>,
        captured: impl FnOnce(&Capture) -> Captured,
    ) -> Option<Box<Followed>> {
        if core.capture.is_none() && core.trace.is_none() && core.spans.is_none() {
            return None;
        }
        let captured = core.capture.as_deref().map(captured);
        let on_spans = core.spans.map(|_| Arc::clone(operation));
        let (core, exemplars) = (Arc::clone(core), OnceLock::new());
        Some(Box::new(Followed { core, captured, exemplars, on_spans }))
    }

    /// Whether anybody observes.
    pub(crate) fn is_observed(&self) -> bool {
        self.captured.is_some()
    }

    /// Keeps the trace of what ended, gives a copy of it to those who observe, and writes on its span.
    pub(crate) fn end(&self, ending: &Ending, about: Option<&About>) {
        let Core { clock, trace, capture, spans, .. } = &*self.core;
        if let Some(trace) = trace {
            self.note_exemplar(ending, clock, trace);
        }
        let captured = capture.as_deref().zip(self.captured);
        let id = captured.and_then(|(capture, captured)| capture.take(captured, ending, about));
        if let (Some(write), Some(operation)) = (spans, &self.on_spans) {
            // What a subscriber of the user's does with it is not ours.
            unwinding_stops(|| write(operation, ending.ended.outcome(), id));
        }
    }

    fn note_exemplar(&self, ending: &Ending, clock: &Clock, trace: &Trace) {
        let buckets = &self.core.buckets;
        let exemplars = self.exemplars.get_or_init(|| Exemplars::new(buckets.count()));
        let failed = ending.ended.outcome().reason();
        let reason = failed.map(|reason| trace.exposure.shown(reason.position()));
        let counted = Counted { bucket: buckets.index(ending.nanos), reason };
        let ended_at = clock.nanos_between(trace.origin, ending.started).saturating_add(ending.nanos);
        exemplars.note(counted, (ended_at, ending.nanos), || trace.reader.read());
    }

    /// Hands out each exemplar with what it is of.
    pub(crate) fn read_exemplars(&self, take: impl FnMut(ExemplarOf, Exemplar)) {
        if let Some(exemplars) = self.exemplars.get() {
            exemplars.read(take);
        }
    }
}
