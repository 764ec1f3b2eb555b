//! Takes captured events out of the buffers and hands them to the observers, on whichever thread asks.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::buffer::{Buffer, Entry, Texts};
use super::capture::Capture;
use super::event::{Event, EventKind, Origin};
use super::id::EventId;
use super::text::Text;
use crate::groups::unwinding_stops;

thread_local! {
    /// Lives as long as its thread, so its place is the thread's own.
    static THREAD: u8 = const { 0 };
}

/// How many events are handed out at once, or more if one thread has more.
const BATCH: usize = 1024;

/// The way out of the buffers.
pub(super) struct Delivery {
    pub(super) capture: Arc<Capture>,
    kept: Mutex<Kept>,
    /// The thread that hands out events now: observers that ask for a delivery in there would wait for themselves.
    on: AtomicUsize,
}

/// What a delivery keeps for the next one.
#[derive(Default)]
struct Kept {
    empty: Option<[Buffer; 2]>,
    events: Vec<Event>,
    /// The events that one observer wants, if it does not want all.
    wanted: Vec<Event>,
    origins: Vec<Arc<Origin>>,
}

/// No thread.
const NOBODY: usize = 0;

fn this_thread() -> usize {
    THREAD.try_with(|thread| std::ptr::from_ref(thread).addr()).unwrap_or(NOBODY)
}

impl Delivery {
    pub(super) fn new(capture: Arc<Capture>) -> Delivery {
        Delivery { capture, kept: Mutex::default(), on: AtomicUsize::new(NOBODY) }
    }

    /// Returns whether this thread hands out these events now.
    pub(super) fn is_running_here(&self) -> bool {
        let thread = this_thread();
        thread != NOBODY && self.on.load(Ordering::Relaxed) == thread
    }

    /// Hands out everything that was captured before; how many events that were. None from inside of an observer.
    pub(super) fn run(&self) -> usize {
        if self.is_running_here() {
            return 0;
        }
        let capture = &*self.capture;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.on.store(this_thread(), Ordering::Relaxed);
        let mut delivered = 0;
        for (slot, halves) in capture.halves.iter() {
            let empty = kept.empty.take().unwrap_or_else(|| [(); 2].map(|()| Buffer::new(capture.size)));
            let mut taken = halves.take(empty);
            delivered += taken.iter().map(Buffer::len).sum::<usize>();
            kept.add(capture, slot, &taken);
            taken.iter_mut().for_each(Buffer::clear);
            kept.empty = Some(taken);
            if kept.events.len() >= BATCH {
                kept.hand_out(capture);
            }
        }
        kept.hand_out(capture);
        self.on.store(NOBODY, Ordering::Relaxed);
        delivered
    }
}

impl Kept {
    /// Adds the events of a slot in their order.
    fn add(&mut self, capture: &Capture, slot: usize, taken: &[Buffer; 2]) {
        let now = SystemTime::now();
        let first = self.events.len();
        for (entry, texts) in taken.iter().flat_map(Buffer::iter) {
            if let Some(origin) = self.origin(capture, entry.origin) {
                self.events.push(event(capture, origin, slot, now, entry, &texts));
            }
        }
        let events = &mut self.events[first..];
        if !events.is_sorted_by_key(Event::sequence) {
            events.sort_unstable_by_key(Event::sequence);
        }
    }

    fn origin(&mut self, capture: &Capture, index: u32) -> Option<Arc<Origin>> {
        let index = index as usize;
        if index >= self.origins.len() {
            let known = capture.origins.read().unwrap_or_else(PoisonError::into_inner);
            self.origins.extend_from_slice(&known[self.origins.len()..]);
        }
        self.origins.get(index).cloned()
    }

    fn hand_out(&mut self, capture: &Capture) {
        if self.events.is_empty() {
            return;
        }
        for (index, observer) in capture.observers.iter().enumerate() {
            let wants = |event: &Event| event.origin.wanted_by & 1 << index != 0;
            let events = if self.events.iter().all(wants) {
                &self.events
            } else {
                self.wanted.clear();
                self.wanted.extend(self.events.iter().filter(|event| wants(event)).cloned());
                &self.wanted
            };
            if !events.is_empty() && unwinding_stops(|| observer.observe(events)).is_none() {
                capture.panics.writer().add(index, 1);
            }
        }
        self.events.clear();
        self.wanted.clear();
    }
}

fn event(
    capture: &Capture,
    origin: Arc<Origin>,
    slot: usize,
    now: SystemTime,
    entry: &Entry,
    texts: &Texts<'_>,
) -> Event {
    // A step is reported once it is over.
    let is_over = !matches!(origin.kind, EventKind::Attempt(_));
    let before = if is_over { entry.ending.nanos } else { 0 };
    let since = Duration::from_nanos(capture.clock.nanos_since(entry.ending.started).saturating_add(before));
    Event {
        origin,
        source: entry.source,
        outcome: entry.ending.ended.outcome(),
        started: now.checked_sub(since).unwrap_or(SystemTime::UNIX_EPOCH),
        duration: Duration::from_nanos(entry.ending.nanos),
        texts: std::array::from_fn(|field| texts.get(field).map(Text::new)),
        request_id: texts.request_id.map(Text::new),
        peer: entry.peer,
        trace: entry.trace,
        is_cut: entry.is_cut,
        is_nested: entry.ending.is_nested,
        is_told_inside: entry.ending.is_told_inside,
        id: EventId::new(capture.handle, slot, entry.sequence),
        #[cfg(feature = "pseudonyms")]
        pseudonyms: capture.pseudonyms.clone(),
    }
}
