//! Where a thread leaves the events that it captured until they are delivered. Knows nothing of observers.
//!
//! Each slot has two halves, and whoever records tries both and waits for neither. So a reader that is preempted while it holds one
//! blocks nobody.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use super::TraceContext;
use super::about::Field;
use super::text::Text;
use crate::storage::Ticks;
use crate::terms::Ended;

/// The texts of an entry: the fields, and the id of the request.
pub(super) const TEXTS: usize = Field::COUNT + 1;

/// A text that is not set.
const UNSET: u16 = u16::MAX;

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
        let texts = (events * TEXT_OF_ONE).max(TEXTS * Text::MOST);
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
    pub(super) ended: Ended,
    pub(super) started: Ticks,
    pub(super) nanos: u64,
    pub(super) source: Option<&'static str>,
    pub(super) peer: Option<IpAddr>,
    pub(super) trace: Option<TraceContext>,
    pub(super) is_cut: bool,
    pub(super) sequence: u64,
    lengths: [u16; TEXTS],
}

/// What an entry is made of.
pub(super) struct Draft<'a> {
    pub(super) origin: u32,
    pub(super) ended: Ended,
    pub(super) started: Ticks,
    pub(super) nanos: u64,
    pub(super) source: Option<&'static str>,
    pub(super) peer: Option<IpAddr>,
    pub(super) trace: Option<TraceContext>,
    pub(super) is_cut: bool,
    pub(super) texts: [Option<&'a str>; TEXTS],
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
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Entry, [Option<&str>; TEXTS])> {
        let mut left = self.texts.as_str();
        self.entries.iter().map(move |entry| {
            let texts = entry.lengths.map(|length| {
                let (text, further) =
                    left.split_at_checked(usize::from(length)).filter(|_| length != UNSET)?;
                left = further;
                Some(text)
            });
            (entry, texts)
        })
    }

    fn has_room(&self, size: Size, draft: &Draft<'_>) -> bool {
        let texts: usize = draft.texts.iter().flatten().map(|text| text.len()).sum();
        self.entries.len() < size.events && texts <= size.texts - self.texts.len()
    }

    #[expect(clippy::cast_possible_truncation, reason = "a text has at most 256 bytes")]
    fn push(&mut self, draft: &Draft<'_>, sequence: u64) {
        let lengths = draft.texts.map(|text| text.map_or(UNSET, |text| text.len() as u16));
        draft.texts.iter().flatten().for_each(|text| self.texts.push_str(text));
        let &Draft { origin, ended, started, nanos, source, peer, trace, is_cut, .. } = draft;
        self.entries.push(Entry {
            origin,
            ended,
            started,
            nanos,
            source,
            peer,
            trace,
            is_cut,
            sequence,
            lengths,
        });
    }
}

/// The two halves of a slot.
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

    /// Keeps an event and returns how many its half has now; none if both halves are full or being read.
    pub(super) fn push(&self, size: Size, draft: &Draft<'_>) -> Option<usize> {
        // One that is dropped leaves a gap.
        let sequence = self.next_sequence.fetch_add(1, Ordering::Relaxed);
        let current = self.current.load(Ordering::Relaxed) % 2;
        [current, 1 - current].into_iter().find_map(|half| {
            let mut buffer = try_lock(&self.buffers[half]).filter(|buffer| buffer.has_room(size, draft))?;
            buffer.push(draft, sequence);
            if half != current {
                self.current.store(half, Ordering::Relaxed);
            }
            Some(buffer.len())
        })
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
