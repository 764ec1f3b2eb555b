//! Feeds the engine with the events of the service.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use auth_metrics::events::{Event, EventKind, Observed, Observer};
use auth_metrics_detect::{Attempt, Engine, Peer};

use super::found::Found;

/// An observer of attempts.
pub(crate) struct Feed {
    engine: Engine,
    found: Arc<Found>,
}

impl Feed {
    /// Tells `found` what the engine finds.
    pub(crate) fn new(engine: Engine, found: Arc<Found>) -> Self {
        Self { engine, found }
    }
}

impl Observer for Feed {
    fn name(&self) -> &'static str {
        "detect"
    }

    fn observe(&self, events: &[Event]) {
        for event in events {
            let started = event.started().duration_since(UNIX_EPOCH).unwrap_or_default();
            let ended = started.saturating_add(event.duration()).as_secs_f64();
            let mut attempt = Attempt::new(ended, event.operation(), event.outcome())
                .service(event.service_id())
                .took(event.duration());
            attempt = event.subject().map_or(attempt, |subject| attempt.subject(subject));
            attempt = event.peer().map_or(attempt, |peer| attempt.peer(Peer::Address(peer)));
            self.engine.feed(&attempt, &mut |detection| self.found.note(detection));
        }
    }

    fn wants(&self, operation: Observed<'_>) -> bool {
        matches!(operation.kind(), EventKind::Attempt(_))
    }
}
