//! The engine as an observer of a handle's events.

use std::time::SystemTime;

use auth_metrics::events::{Event, EventKind, Observed, Observer};

use super::Engine;
use crate::attempt::{Attempt, Peer};

/// An event that seems older is of a clock that was set.
const OLDEST_SECONDS: f64 = 60.0;

impl Observer for Engine {
    fn name(&self) -> &'static str {
        "detect"
    }

    fn observe(&self, events: &[Event]) {
        let mut told = Vec::new();
        let mut owner = self.owner();
        let (wall, now) = (SystemTime::now(), owner.now());
        let mut oldest: f64 = 0.0;
        for event in events {
            let EventKind::Attempt(kind) = event.kind() else { continue };
            // One login is one contact, however many layers of it are metered.
            if event.is_told_inside() {
                continue;
            }
            let age = wall.duration_since(event.ended()).map_or(0.0, |age| age.as_secs_f64());
            let age = if age > OLDEST_SECONDS { 0.0 } else { age };
            oldest = oldest.max(age);
            owner.feed(&attempt(event, now - age), Some(kind), &mut told);
        }
        owner.set_lag(oldest);
        owner.count(&told);
        owner.publish();
        drop(owner);
        self.tell(&told);
    }

    fn wants(&self, operation: Observed<'_>) -> bool {
        matches!(operation.kind(), EventKind::Attempt(_))
    }
}

fn attempt(event: &Event, at: f64) -> Attempt<'_> {
    Attempt {
        at,
        service: event.service_id(),
        operation: event.operation(),
        outcome: event.outcome(),
        peer: event.peer().map(Peer::Address),
        subject: event.subject(),
        device: event.device(),
        took: Some(event.duration()),
    }
}
