//! `Capture`: copies of what ended, from the thread where it ended to those who observe. Knows nothing of handles.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::thread::Thread;

use super::buffer::{Draft, Ending, Halves, Size};
use super::event::{EventKind, Origin};
use super::id::EventId;
use super::observer::{Observed, Observer};
#[cfg(feature = "pseudonyms")]
use super::pseudonyms::Pseudonyms;
use super::trace::TraceReader;
use super::{About, Context, context};
use crate::groups::unwinding_stops;
use crate::storage::{Cells, Clock, Names, SLOTS, Table, current_slot};
use crate::terms::{OperationKind, label};

/// What became of an event; the label `decision` of `auth_events_total`.
#[derive(Clone, Copy)]
pub(super) enum Decision {
    Captured,
    Skipped,
    Dropped,
}

impl Decision {
    pub(super) const LABELS: [&str; 3] = ["captured", "skipped", "dropped"];
}

/// The values of the label `event_kind`, in the order of the counts.
pub(super) const KINDS: [&str; 3] = [
    EventKind::Attempt(OperationKind::Authentication).label(),
    EventKind::Credential.label(),
    EventKind::Decision.label(),
];

fn kind_index(kind: EventKind) -> usize {
    match kind {
        EventKind::Attempt(_) => 0,
        EventKind::Credential => 1,
        EventKind::Decision => 2,
    }
}

fn cell(kind: EventKind, decision: Decision) -> usize {
    kind_index(kind) * Decision::LABELS.len() + decision as usize
}

/// Where threads without a slot of their own leave their events, to find one of them free.
const SHARED: usize = 8;

/// Steps of one kind, by service and name.
pub(super) type Steps = Names<Names<Captured>>;

/// The most services whose steps are told apart, and the most steps of each; what is beyond is `other`.
const SERVICES_OF_STEPS: usize = 1024;
pub(super) const STEPS_OF_A_SERVICE: usize = 64;

/// The most observers: each has a bit.
pub(crate) const MOST_OBSERVERS: usize = 64;

/// The way of a handle's events.
pub(crate) struct Capture {
    /// What its ids begin with.
    pub(super) handle: u64,
    pub(super) clock: Clock,
    pub(super) size: Size,
    /// By slot; those that are shared come last.
    pub(super) halves: Table<Halves>,
    pub(super) origins: RwLock<Vec<Arc<Origin>>>,
    #[cfg(feature = "pseudonyms")]
    pub(super) pseudonyms: Option<Arc<Pseudonyms>>,
    pub(super) observers: Vec<Arc<dyn Observer>>,
    /// How often each observer panicked.
    pub(super) panics: Cells,
    /// The thread that delivers them, if there is one.
    pub(super) thread: OnceLock<Thread>,
    counts: Cells,
    /// Where steps beside attempts go: those of credentials, and decisions.
    pub(super) steps: [Steps; 2],
    trace: Option<TraceReader>,
    closed: AtomicBool,
}

// Panics of observers are caught, so a handle may cross `catch_unwind`.
impl UnwindSafe for Capture {}
impl RefUnwindSafe for Capture {}

/// What is known of all events of one origin.
#[derive(Clone, Copy)]
pub(crate) struct Captured {
    origin: u32,
    kind: EventKind,
    is_wanted: bool,
}

/// Whether a handle was ever built that is observed. If not, nobody looks further.
static OBSERVED: AtomicBool = AtomicBool::new(false);

/// Returns whether any handle of the process may be observed.
#[inline]
pub(crate) fn is_observed() -> bool {
    OBSERVED.load(Ordering::Relaxed)
}

impl Capture {
    pub(crate) fn new(
        clock: Clock,
        size: Size,
        observers: Vec<Arc<dyn Observer>>,
        trace: Option<TraceReader>,
    ) -> Capture {
        OBSERVED.store(true, Ordering::Relaxed);
        Capture {
            handle: EventId::of_handle(),
            clock,
            size,
            halves: Table::new(SLOTS + SHARED),
            origins: RwLock::new(Vec::new()),
            panics: Cells::new(observers.len()),
            observers,
            #[cfg(feature = "pseudonyms")]
            pseudonyms: None,
            thread: OnceLock::new(),
            counts: Cells::new(KINDS.len() * Decision::LABELS.len()),
            steps: [(); 2].map(|()| Names::new(SERVICES_OF_STEPS, label::OTHER)),
            trace,
            closed: AtomicBool::new(false),
        }
    }

    #[cfg(feature = "pseudonyms")]
    pub(crate) fn with_pseudonyms(self, pseudonyms: Option<Arc<Pseudonyms>>) -> Capture {
        Capture { pseudonyms, ..self }
    }

    /// Whether observers want the events of an operation of a service, and where they go.
    pub(crate) fn captured(&self, service: &Arc<str>, operation: &Arc<str>, kind: EventKind) -> Captured {
        let mut origin =
            Origin { service: Arc::clone(service), operation: Arc::clone(operation), kind, wanted_by: 0 };
        origin.wanted_by = self.observers.iter().enumerate().fold(0, |wanted, (index, observer)| {
            let wants = unwinding_stops(|| observer.wants(Observed::of(&origin)));
            if wants.is_none() {
                self.panics.writer().add(index, 1);
            }
            // One that can't say wants it: nothing is lost by its panic.
            wanted | u64::from(wants.unwrap_or(true)) << index
        });
        let is_wanted = origin.wanted_by != 0;
        let mut origins = self.origins.write().unwrap_or_else(PoisonError::into_inner);
        let index = u32::try_from(origins.len()).unwrap_or(u32::MAX);
        origins.push(Arc::new(origin));
        Captured { origin: index, kind, is_wanted }
    }

    /// How many events of a kind met with a decision, in the order of [`KINDS`] and [`Decision::LABELS`].
    pub(super) fn counts(&self) -> impl Iterator<Item = u64> {
        (0..self.counts.count()).map(|cell| self.counts.sum(cell))
    }

    /// How many attempts were dropped.
    pub(super) fn dropped_attempts(&self) -> u64 {
        self.counts.sum(cell(EventKind::Attempt(OperationKind::Authentication), Decision::Dropped))
    }

    /// How many steps and decisions were dropped.
    pub(super) fn dropped_steps(&self) -> u64 {
        let dropped = |kind| self.counts.sum(cell(kind, Decision::Dropped));
        dropped(EventKind::Credential) + dropped(EventKind::Decision)
    }

    fn count(&self, kind: EventKind, decision: Decision) {
        self.counts.writer().add(cell(kind, decision), 1);
    }

    /// Takes no more events: whatever ends from now on is dropped.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(super) fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Keeps an event where its thread can; its id, if it could.
    fn push(&self, draft: &Draft<'_>) -> Option<EventId> {
        let slot = current_slot();
        // Threads without a slot share some: another one may be at one of these.
        let (slots, is_shared) =
            if slot < SLOTS { (slot..slot + 1, false) } else { (SLOTS..SLOTS + SHARED, true) };
        let halves = |slot| self.halves.get_or_make(slot, || Halves::new(self.size));
        let first = slots.start;
        let kept =
            slots.into_iter().find_map(|slot| Some((slot, halves(slot)?.push(self.size, draft, is_shared)?)));
        let Some((slot, (sequence, became_half_full))) = kept else {
            if let Some(halves) = halves(first) {
                halves.next(is_shared);
            }
            return None;
        };
        if became_half_full {
            self.wake();
        }
        Some(EventId::new(self.handle, slot, sequence))
    }
}

impl Capture {
    /// Takes a copy of what ended; its id, if it was captured.
    pub(crate) fn take(&self, of: Captured, ending: &Ending, about: Option<&About>) -> Option<EventId> {
        if !of.is_wanted {
            self.count(of.kind, Decision::Skipped);
            return None;
        }
        let id = if self.is_closed() { None } else { self.keep(of.origin, ending, about) };
        self.count(of.kind, if id.is_some() { Decision::Captured } else { Decision::Dropped });
        id
    }

    fn keep(&self, origin: u32, ending: &Ending, about: Option<&About>) -> Option<EventId> {
        let trace = self.trace.as_ref().and_then(TraceReader::read);
        let keep = |context: Option<&Context>| self.push(&Draft { origin, ending, about, context, trace });
        context::read(|context| keep(Some(context))).unwrap_or_else(|| keep(None))
    }
}
