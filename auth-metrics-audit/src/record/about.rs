//! `Attempt`: what a line says of an event of the handle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use auth_metrics::events::{EventKind, TraceContext};
use auth_metrics::{OperationKind, Outcome};

use super::{Shown, ShownPeer};

/// What a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Attempt(OperationKind),
    /// A step in the life of a credential; the operation is the step, the resource the credential's name.
    Credential,
    /// A decision that was not enforced; the operation is the policy.
    Decision,
}

/// What a line says of an event of the handle.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) kind: Kind,
    pub(crate) service: Box<str>,
    pub(crate) operation: Box<str>,
    /// The label of its source.
    pub(crate) source: Option<&'static str>,
    /// With its precise reason.
    pub(crate) outcome: Outcome,
    pub(crate) started: SystemTime,
    pub(crate) duration: Duration,
    pub(crate) subject: Shown,
    pub(crate) session: Shown,
    pub(crate) device: Shown,
    /// What was asked for, or the name of a credential. It is a name from the program, and always shown.
    pub(crate) resource: Option<Box<str>>,
    pub(crate) peer: ShownPeer,
    pub(crate) request_id: Option<Box<str>>,
    pub(crate) trace: Option<TraceContext>,
    /// Whether a text was cut.
    pub(crate) is_truncated: bool,
    /// What an attempt is called in spans and by other observers.
    pub(crate) id: Option<Box<str>>,
    /// Whether it is part of another attempt.
    pub(crate) is_nested: bool,
    /// Failures of the same subject in the ten minutes before this success; only on a success, and only if there were any.
    pub(crate) failures_before: Option<u32>,
    /// Whether a known subject comes from a peer that it did not come from before.
    pub(crate) new_peer: bool,
    /// The patterns that end with this event.
    pub(crate) patterns: Box<[&'static str]>,
    /// The session's event before this one.
    pub(crate) previous: Option<Previous>,
    /// Where this event's own place in each chain is written down, for the session's next one.
    pub(crate) sequences: Option<Arc<Sequences>>,
}

/// The place of one event in the chain of each sink; zero where it has none yet, or was dropped.
#[derive(Debug)]
pub(crate) struct Sequences(Box<[AtomicU64]>);

/// The session's event before this one.
pub(crate) type Previous = Arc<Sequences>;

impl Sequences {
    /// For this many sinks.
    pub(crate) fn new(sinks: usize) -> Arc<Sequences> {
        Arc::new(Sequences((0..sinks).map(|_| AtomicU64::new(0)).collect()))
    }

    /// Writes down the place in a sink's chain.
    pub(crate) fn set(&self, sink: usize, sequence: u64) {
        if let Some(place) = self.0.get(sink) {
            place.store(sequence, Ordering::Release);
        }
    }

    /// Returns the place in a sink's chain, if it has one.
    pub(crate) fn get(&self, sink: usize) -> Option<u64> {
        self.0.get(sink).map(|place| place.load(Ordering::Acquire)).filter(|sequence| *sequence > 0)
    }
}

impl Kind {
    /// Returns the kind of an event of the handle.
    pub(crate) fn of(kind: EventKind) -> Kind {
        match kind {
            EventKind::Attempt(kind) => Kind::Attempt(kind),
            EventKind::Decision => Kind::Decision,
            _ => Kind::Credential,
        }
    }
}
