//! The exemplars of a series: for each bucket and each reason, the trace of an attempt that was counted there. Threads share them, so each
//! is replaced once a second at most: a scrape takes one.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::events::TraceContext;
use crate::storage::{Latest, whole_nanos};
use crate::terms::ReasonSet;

/// How long one stays, in nanoseconds.
const STAYS: u64 = 1_000_000_000;

/// The halves of the trace's id, the span's id, how long the attempt took, the time of day in milliseconds, and when that was by the
/// handle's clock.
type Slot = Latest<6>;
const ENDED_AT: usize = 5;

/// The attempt that an exemplar stands for.
#[derive(Clone, Copy)]
pub(crate) struct Exemplar {
    pub(crate) trace: TraceContext,
    pub(crate) nanos: u64,
    /// In milliseconds since 1970.
    pub(crate) at: u64,
    /// By the handle's clock.
    pub(crate) ended_at: u64,
}

/// What an exemplar is of.
#[derive(Clone, Copy)]
pub(crate) enum ExemplarOf {
    Bucket(usize),
    /// A reason by its position.
    Reason(usize),
}

/// Where an attempt was counted.
#[derive(Clone, Copy)]
pub(super) struct Counted {
    pub(super) bucket: usize,
    /// Its reason's place among those that were known to be possible, or its position.
    pub(super) reason: Option<Place>,
}

#[derive(Clone, Copy)]
pub(super) enum Place {
    Known(usize),
    Late(usize),
}

pub(super) struct Exemplars {
    /// Of the buckets, then of the reasons that were known to be possible.
    slots: Box<[Slot]>,
    buckets: usize,
    /// By position, of the reasons that came all the same.
    late: OnceLock<Box<[Slot]>>,
}

impl Exemplars {
    pub(super) fn new(buckets: usize, reasons: usize) -> Exemplars {
        Exemplars { slots: slots(buckets + reasons), buckets, late: OnceLock::new() }
    }

    /// Keeps the trace of an attempt that ended at a time of the handle's clock, where the one that is there has stayed its time.
    /// `trace` is called only then.
    pub(super) fn note(
        &self,
        counted: Counted,
        (ended_at, nanos): (u64, u64),
        trace: impl FnOnce() -> Option<TraceContext>,
    ) {
        let reason = counted.reason.and_then(|reason| self.reason(reason));
        let slots =
            [self.slots.get(counted.bucket), reason].map(|slot| slot.filter(|slot| is_due(slot, ended_at)));
        if slots.iter().all(Option::is_none) {
            return;
        }
        // One that is not sampled leads nowhere.
        let Some(trace) = trace().filter(TraceContext::is_sampled) else { return };
        let at =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| whole_nanos(since) / 1_000_000);
        let (high, low) = halves(trace.trace_id());
        let words = [high, low, u64::from_be_bytes(trace.span_id()), nanos, at, ended_at];
        slots.into_iter().flatten().for_each(|slot| slot.set(words));
    }

    fn reason(&self, place: Place) -> Option<&Slot> {
        match place {
            Place::Known(index) => self.slots.get(self.buckets + index),
            Place::Late(position) => self.late.get_or_init(|| slots(ReasonSet::CAPACITY)).get(position),
        }
    }

    /// Each bucket that has one, with it.
    pub(super) fn of_buckets(&self) -> impl Iterator<Item = (usize, Exemplar)> {
        read(&self.slots[..self.buckets])
    }

    /// Each of the reasons that were known to be possible that has one, by its place among them.
    pub(super) fn of_known(&self) -> impl Iterator<Item = (usize, Exemplar)> {
        read(&self.slots[self.buckets..])
    }

    /// Each other reason that has one, by its position.
    pub(super) fn of_late(&self) -> impl Iterator<Item = (usize, Exemplar)> {
        read(self.late.get().map_or(&[], |late| late))
    }
}

fn slots(count: usize) -> Box<[Slot]> {
    (0..count).map(|_| Slot::new()).collect()
}

fn is_due(slot: &Slot, now: u64) -> bool {
    slot.peek(ENDED_AT).is_none_or(|ended_at| now.saturating_sub(ended_at) >= STAYS)
}

fn read(slots: &[Slot]) -> impl Iterator<Item = (usize, Exemplar)> {
    let exemplars = slots.iter().enumerate();
    exemplars.filter_map(|(index, slot)| {
        let [high, low, span, nanos, at, ended_at] = slot.get()?;
        let trace_id = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
        let trace = TraceContext::new(trace_id, span.to_be_bytes(), true)?;
        Some((index, Exemplar { trace, nanos, at, ended_at }))
    })
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of it")]
fn halves(trace_id: [u8; 16]) -> (u64, u64) {
    let id = u128::from_be_bytes(trace_id);
    ((id >> 64) as u64, id as u64)
}
