//! What all series of a handle share while they record. Knows none of them.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Exposure, Place};
use crate::events::{Capture, EventId, TraceReader};
use crate::groups::{InternalErrors, Overflow};
use crate::storage::{Buckets, Clock, Ticks};
use crate::terms::{OperationKind, Outcome};

/// Values of labels that were folded into `other`.
pub(crate) struct Overflows {
    pub(crate) service_id: Overflow,
    pub(crate) operation: Overflow,
    pub(crate) source: Overflow,
}

/// How to read traces, and since when: exemplars are timed by that.
pub(crate) struct Trace {
    pub(crate) reader: TraceReader,
    pub(crate) origin: Ticks,
    /// What a scrape tells apart.
    pub(crate) exposure: Exposure,
}

/// Writes on the current span how an attempt of an operation ended, and its id.
pub(crate) type SpanWriter = fn(&str, Outcome, Option<EventId>);

/// What every series of a handle needs while it records.
pub(crate) struct Core {
    pub(crate) clock: Clock,
    /// Whether nobody observes, and the machine's clock times: then there is a short way.
    pub(crate) is_plain: bool,
    /// Whether it is the process's handle.
    pub(crate) is_installed: AtomicBool,
    /// How to read the trace that an attempt is part of, if anybody said.
    pub(crate) trace: Option<Trace>,
    /// What writes on the span of an attempt, if that is wanted.
    pub(crate) spans: Option<SpanWriter>,
    /// Where events go, if anybody observes.
    pub(crate) capture: Option<Arc<Capture>>,
    pub(crate) buckets: Arc<Buckets>,
    pub(crate) internal_errors: InternalErrors,
    pub(crate) overflows: Overflows,
}

// A place has the kind in the bits that its alignment leaves.
const _: () = assert!(align_of::<Core>() >= Place::KINDS);

impl Core {
    /// It is the process's handle from now on.
    pub(crate) fn note_installed(&self) {
        self.is_installed.store(true, Ordering::Relaxed);
    }

    /// Among which attempts those of a kind are.
    pub(super) fn place(&self, kind: OperationKind) -> Place {
        if self.is_installed.load(Ordering::Relaxed) { Place::of_process(kind) } else { self.own_place(kind) }
    }

    /// The same where it is not the process's handle.
    pub(super) fn own_place(&self, kind: OperationKind) -> Place {
        Place::of_handle(ptr::from_ref(self).addr(), kind)
    }
}
