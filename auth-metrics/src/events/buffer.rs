//! Where a thread leaves the events that it captured until they are delivered. Knows nothing of observers.
//!
//! Each slot has two halves, and whoever records tries both and waits for neither. So a reader that is preempted while it holds one
//! blocks nobody.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use super::about::{Field, Spans};
use super::text::Text;
use super::{About, Context, TraceContext};
use crate::storage::Ticks;
use crate::terms::Ended;

/// How much a half takes.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// In events.
    pub(super) events: usize,
    /// In bytes, for the texts of all events.
    texts: usize,
    /// Whether the memory is there from the start. If not, it grows with the events.
    is_reserved: bool,
}

/// How many bytes of text an event has, on average, if a half is full.
const TEXT_OF_ONE: usize = 256 - size_of::<Entry>();

impl Size {
    /// Room for some events, 256 bytes each.
    pub(crate) fn of(events: usize) -> Size {
        // One of the longest always fits.
        let texts = (events * TEXT_OF_ONE).max(2 * Field::COUNT * Text::MOST);
        Size { events, texts, is_reserved: true }
    }

    /// Room that is made as events come, for at most so many.
    pub(crate) fn unreserved(events: usize) -> Size {
        Size { is_reserved: false, texts: usize::MAX, ..Size::of(events) }
    }
}

/// What is kept of an event, its texts apart.
pub(super) struct Entry {
    pub(super) origin: u32,
    pub(super) ending: Ending,
    pub(super) source: Option<&'static str>,
    pub(super) peer: Option<IpAddr>,
    pub(super) trace: Option<TraceContext>,
    pub(super) is_cut: bool,
    pub(super) sequence: u64,
    spans: Spans,
    /// How long its texts are, all together, and the id of its request.
    lengths: [u16; 2],
    has_request_id: bool,
}

/// How an attempt ended.
#[derive(Clone, Copy)]
pub(crate) struct Ending {
    pub(crate) ended: Ended,
    pub(crate) started: Ticks,
    pub(crate) nanos: u64,
    /// Whether it is part of another attempt.
    pub(crate) is_nested: bool,
    /// Whether attempts inside of it have told what happened.
    pub(crate) is_told_inside: bool,
}

/// What an entry is made of.
pub(super) struct Draft<'a> {
    pub(super) origin: u32,
    pub(super) ending: &'a Ending,
    pub(super) about: Option<&'a About>,
    pub(super) context: Option<&'a Context>,
    pub(super) trace: Option<TraceContext>,
}

/// The texts of an entry.
pub(super) struct Texts<'a> {
    of_fields: &'a str,
    spans: Spans,
    pub(super) request_id: Option<&'a str>,
}

impl<'a> Texts<'a> {
    pub(super) fn get(&self, field: usize) -> Option<&'a str> {
        self.spans.get(field).copied().flatten()?.of(self.of_fields)
    }
}

/// Events in their order, and their texts one after another.
pub(super) struct Buffer {
    entries: Vec<Entry>,
    texts: String,
}

impl Buffer {
    pub(super) fn new(size: Size) -> Buffer {
        if size.is_reserved {
            Buffer { entries: Vec::with_capacity(size.events), texts: String::with_capacity(size.texts) }
        } else {
            Buffer { entries: Vec::new(), texts: String::new() }
        }
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.texts.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entries, each with its texts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Entry, Texts<'_>)> {
        let mut left = self.texts.as_str();
        self.entries.iter().map(move |entry| {
            let [of_fields, id] = entry.lengths.map(|length| {
                let (text, further) = left.split_at_checked(usize::from(length)).unwrap_or_default();
                left = further;
                text
            });
            let request_id = entry.has_request_id.then_some(id);
            (entry, Texts { of_fields, spans: entry.spans, request_id })
        })
    }

    /// Keeps an event if there is room for it. Returns its place in the order, and whether the buffer became half full with it.
    #[expect(clippy::cast_possible_truncation, reason = "a text has at most 256 bytes, and there are few")]
    fn push(&mut self, size: Size, draft: &Draft<'_>, sequence: impl FnOnce() -> u64) -> Option<(u64, bool)> {
        let &Draft { origin, ending, about, context, trace } = draft;
        let (texts, spans) = about.map_or(("", Spans::default()), About::texts);
        let request_id = context.and_then(Context::id);
        let id = request_id.unwrap_or_default();
        if self.entries.len() >= size.events || texts.len() + id.len() > size.texts - self.texts.len() {
            return None;
        }
        let was_half_full = self.is_half_full(size);
        let sequence = sequence();
        // Most events have neither, and copying nothing takes time too.
        for text in [texts, id] {
            if !text.is_empty() {
                self.texts.push_str(text);
            }
        }
        self.entries.push(Entry {
            origin,
            ending: *ending,
            source: about.and_then(About::source),
            peer: about.and_then(|about| about.peer).or_else(|| context.and_then(Context::peer_address)),
            trace: trace.or_else(|| context.and_then(Context::trace_context)),
            is_cut: spans.iter().flatten().any(|span| span.is_cut) || context.is_some_and(Context::is_cut),
            sequence,
            spans,
            lengths: [texts.len() as u16, id.len() as u16],
            has_request_id: request_id.is_some(),
        });
        Some((sequence, !was_half_full && self.is_half_full(size)))
    }

    fn is_half_full(&self, size: Size) -> bool {
        2 * self.entries.len() >= size.events || self.texts.len() >= size.texts / 2
    }
}

/// The two halves of a slot, apart from those of its neighbours: what one thread writes never shares a line, or a prefetched pair of
/// lines, with another's.
#[repr(align(128))]
pub(super) struct Halves {
    /// The half that takes the next event, unless it is full or being read.
    current: AtomicUsize,
    next_sequence: AtomicU64,
    buffers: [Mutex<Buffer>; 2],
}

impl Halves {
    pub(super) fn new(size: Size) -> Halves {
        let buffers = [(); 2].map(|()| Mutex::new(Buffer::new(size)));
        Halves { current: AtomicUsize::new(0), next_sequence: AtomicU64::new(0), buffers }
    }

    /// Keeps an event. Returns its place in the order, and whether its half became half full; none if both halves are full or being read.
    /// `is_shared` says whether other threads may do so too.
    pub(super) fn push(&self, size: Size, draft: &Draft<'_>, is_shared: bool) -> Option<(u64, bool)> {
        let current = self.current.load(Ordering::Relaxed) % 2;
        if let Some(kept) = self.push_to(current, size, draft, is_shared) {
            return Some(kept);
        }
        let kept = self.push_to(1 - current, size, draft, is_shared)?;
        self.current.store(1 - current, Ordering::Relaxed);
        Some(kept)
    }

    #[inline]
    fn push_to(&self, half: usize, size: Size, draft: &Draft<'_>, is_shared: bool) -> Option<(u64, bool)> {
        try_lock(&self.buffers[half])?.push(size, draft, || self.next(is_shared))
    }

    /// The next place in the order. One that is dropped takes a place too, and leaves a gap.
    pub(super) fn next(&self, is_shared: bool) -> u64 {
        if is_shared {
            return self.next_sequence.fetch_add(1, Ordering::Relaxed);
        }
        let sequence = self.next_sequence.load(Ordering::Relaxed);
        self.next_sequence.store(sequence + 1, Ordering::Relaxed);
        sequence
    }

    /// Takes what both halves have, the older one first; each gets an empty buffer.
    pub(super) fn take(&self, empty: [Buffer; 2]) -> [Buffer; 2] {
        let current = self.current.load(Ordering::Relaxed) % 2;
        let mut halves = [1 - current, current].into_iter();
        empty.map(|empty| match halves.next() {
            Some(half) => {
                let mut buffer = self.buffers[half].lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::replace(&mut *buffer, empty)
            }
            None => empty,
        })
    }
}

/// Nothing that holds a half panics, so one that is poisoned is whole.
fn try_lock(half: &Mutex<Buffer>) -> Option<MutexGuard<'_, Buffer>> {
    match half.try_lock() {
        Ok(buffer) => Some(buffer),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Clock;
    use crate::terms::Outcome;

    /// Which of some events that are each about a text of this length make their half half full.
    fn makes_half_full(events: usize, text: usize) -> Vec<usize> {
        let size = Size::of(events);
        let halves = Halves::new(size);
        let mut about = About::default();
        about.subject("x".repeat(text));
        let clock = Clock::from_fn(|| std::time::Duration::ZERO);
        let ending = Ending {
            ended: Ended::with(Outcome::Success),
            started: clock.now(),
            nanos: 0,
            is_nested: false,
            is_told_inside: false,
        };
        let draft = Draft { origin: 0, ending: &ending, about: Some(&about), context: None, trace: None };
        let push = |index| halves.push(size, &draft, false).unwrap_or_default().1.then_some(index);
        (0..events).filter_map(push).collect()
    }

    #[test]
    fn a_half_is_half_full_once_by_its_events_or_by_their_texts() {
        assert_eq!(makes_half_full(1_000, 1), [499]);
        let by_texts = makes_half_full(1_000, 256);
        assert!(by_texts[0] < 300, "{by_texts:?}");
    }
}
