//! The trail as an observer of a handle's events.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use auth_metrics::events::{Event, EventKind, Field, Observer};

use super::audit::{Audit, Inner};
use super::counts::Result as Became;
use super::queue::Dropped;
use crate::memory::Before;
use crate::record::{Attempt, Body, GapCause, Kind, Record};
use crate::unwinding::unwinding_stops;

impl Observer for Audit {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn observe(&self, events: &[Event]) {
        let mut records = Vec::with_capacity(events.len() + 1);
        self.inner.tell_overflow(&mut records);
        for event in in_order(events) {
            if let Some(record) = unwinding_stops(|| self.inner.record(event)) {
                records.extend(record);
            } else {
                let is_attempt = matches!(event.kind(), EventKind::Attempt(_));
                self.inner.shared.counts.lose(u64::from(is_attempt));
            }
        }
        for outlet in &self.inner.shared.outlets {
            let (missed, is_closed) = outlet.queue.push(&records);
            let became = if is_closed { Became::DroppedShutdown } else { Became::DroppedFull };
            outlet.count(became, missed.attempts, missed.steps);
        }
    }
}

/// Events of different threads come mixed: puts them in the order in which they ended. Those of one thread keep theirs, whatever the
/// clock says.
fn in_order(events: &[Event]) -> impl Iterator<Item = &Event> {
    let mut latest = HashMap::new();
    let ended = events.iter().map(|event| {
        let at = event.ended();
        let latest = latest.entry(event.thread()).or_insert(at);
        *latest = at.max(*latest);
        (*latest, event)
    });
    let mut ended: Vec<_> = ended.collect();
    ended.sort_by_key(|(at, _)| *at);
    ended.into_iter().map(|(_, event)| event)
}

impl Inner {
    /// What is put on the record of an event; nothing if it is skipped.
    fn record(&self, event: &Event) -> Option<Arc<Record>> {
        let kind = Kind::of(event.kind());
        let is_attempt = matches!(kind, Kind::Attempt(_));
        let is_wanted = self.policy.wants(event);
        let before = self.memory.lock().unwrap_or_else(PoisonError::into_inner).note(event, is_wanted);
        let counts = &self.shared.counts;
        counts.correlate(&before);
        if !before.is_recorded {
            counts.skip();
            return None;
        }
        let record = Arc::new(self.attempt(event, kind, before));
        if is_attempt {
            counts.capture();
        }
        Some(record)
    }

    fn attempt(&self, event: &Event, kind: Kind, before: Before) -> Record {
        let text = |field| self.showing.text(event, field);
        let attempt = Attempt {
            kind,
            service: event.service_id().into(),
            operation: event.operation().into(),
            source: event.source(),
            outcome: event.outcome(),
            started: event.started(),
            duration: event.duration(),
            subject: text(Field::Subject),
            session: text(Field::Session),
            device: text(Field::Device),
            resource: event.resource().map(Box::from),
            peer: self.showing.peer(event),
            request_id: event.request_id().map(Box::from),
            trace: event.trace(),
            is_truncated: event.is_truncated(),
            id: matches!(event.kind(), EventKind::Attempt(_)).then(|| event.id().to_string().into()),
            is_nested: event.is_nested(),
            failures_before: before.failures,
            new_peer: before.new_peer,
            patterns: before.labels().collect(),
            previous: before.previous,
            sequences: before.sequences,
        };
        Record { at: event.ended(), body: Body::Event(Box::new(attempt)) }
    }

    /// Says in the trail what the handle dropped since the last time, and what got lost here.
    fn tell_overflow(&self, records: &mut Vec<Arc<Record>>) {
        let shared = &self.shared;
        let Some(metrics) = shared.metrics() else { return };
        let dropped = metrics.events().dropped_attempts();
        shared.overflow_seen.fetch_max(dropped, Ordering::Relaxed);
        let since = |all: u64, told: &AtomicU64| all.saturating_sub(told.swap(all, Ordering::Relaxed));
        let missed = Dropped {
            attempts: since(dropped + shared.counts.lost(), &shared.attempts_told),
            steps: since(metrics.events().dropped_steps(), &shared.steps_told),
        };
        if !missed.is_empty() {
            records.push(missed.gap_record(GapCause::Overflow));
        }
    }
}
