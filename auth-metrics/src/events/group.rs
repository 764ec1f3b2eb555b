//! The families of a handle's events: what became of each, which observers panic, and which headers can't be read.

use std::sync::Arc;

use super::capture::{Capture, Decision, KINDS};
use super::malformed::Malformed;
use crate::groups::{Group, Samples};
use crate::terms::Family;

/// Events by what they tell of and what became of them. For attempts: as many as `auth_operations_total` counts.
pub static EVENTS: Family = Family::counter(
    "auth_events_total",
    &["event_kind", "decision"],
    "Events for observers, by what became of them; for attempts as many as auth_operations_total.",
);

/// Panics of observers. Each lost a batch for that observer.
pub static OBSERVER_PANICS: Family =
    Family::counter("auth_event_observer_panics_total", &["observer"], "Panics of observers of events.");

/// The families of a handle that has observers.
pub(crate) struct EventsGroup(Arc<Capture>);

impl EventsGroup {
    pub(crate) fn of(capture: &Arc<Capture>) -> EventsGroup {
        EventsGroup(Arc::clone(capture))
    }
}

impl Group for EventsGroup {
    fn families(&self) -> Vec<&'static Family> {
        vec![&EVENTS, &OBSERVER_PANICS]
    }

    fn collect(&self, samples: &mut Samples) {
        let labels = KINDS.iter().flat_map(|kind| Decision::LABELS.map(|decision| [*kind, decision]));
        for (labels, count) in labels.zip(self.0.counts()) {
            samples.counter(&EVENTS, &labels, count);
        }
        for (index, observer) in self.0.observers.iter().enumerate() {
            samples.counter(&OBSERVER_PANICS, &[observer.name()], self.0.panics.sum(index));
        }
    }
}

/// Headers of requests that were ignored, by header: `traceparent`, or `forwarded` for the one that names the client's address.
pub static CONTEXT_MALFORMED: Family = Family::counter(
    "auth_context_malformed_total",
    &["header"],
    "Headers of requests that could not be read and were ignored, in this process.",
);

/// The family of a handle that has observers or reads traces.
pub(crate) struct ContextGroup;

impl Group for ContextGroup {
    fn families(&self) -> Vec<&'static Family> {
        vec![&CONTEXT_MALFORMED]
    }

    fn collect(&self, samples: &mut Samples) {
        for (header, count) in Malformed::LABELS.iter().zip(Malformed::counts()) {
            samples.counter(&CONTEXT_MALFORMED, &[header], count);
        }
    }
}
