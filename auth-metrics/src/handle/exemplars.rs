//! The exemplars of a series: for each bucket and each reason that a scrape tells apart, the trace of an attempt that was counted there.
//! Threads share them, so each is replaced once a second at most: a scrape takes one.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::events::TraceContext;
use crate::storage::{Latest, whole_nanos};

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
    /// A reason by its position, as a scrape shows it.
    Reason(usize),
}

/// Where an attempt was counted.
#[derive(Clone, Copy)]
pub(super) struct Counted {
    pub(super) bucket: usize,
    /// The position of the reason that a scrape shows. Reasons that are shown as one share its slot, or who got it would tell which of
    /// them it was.
    pub(super) reason: Option<usize>,
}

pub(super) struct Exemplars {
    buckets: Box<[Slot]>,
    /// By bucket modulo 64, whether there may be one: a scrape looks at no others.
    filled: AtomicU64,
    reasons: Link,
}

/// The rest of a list that only grows: few of all reasons ever come.
#[derive(Default)]
struct Link(OnceLock<Box<OfReason>>);

/// That of a reason by its position.
struct OfReason {
    position: usize,
    slot: Slot,
    next: Link,
}

impl Link {
    /// The slot of a reason, which is made if it is the first of its kind.
    fn slot(&self, position: usize) -> &Slot {
        let mut link = self;
        loop {
            let new = || Box::new(OfReason { position, slot: Slot::new(), next: Link::default() });
            let found = link.0.get_or_init(new);
            if found.position == position {
                return &found.slot;
            }
            link = &found.next;
        }
    }

    fn iter(&self) -> impl Iterator<Item = &OfReason> {
        std::iter::successors(self.0.get(), |found| found.next.0.get()).map(|found| &**found)
    }
}

impl Exemplars {
    pub(super) fn new(buckets: usize) -> Exemplars {
        let buckets = (0..buckets).map(|_| Slot::new()).collect();
        Exemplars { buckets, filled: AtomicU64::new(0), reasons: Link::default() }
    }

    /// Keeps the trace of an attempt that ended at a time of the handle's clock, where the one that is there has stayed its time.
    /// `trace` is called only then.
    pub(super) fn note(
        &self,
        counted: Counted,
        (ended_at, nanos): (u64, u64),
        trace: impl FnOnce() -> Option<TraceContext>,
    ) {
        let reason = counted.reason.map(|position| self.reasons.slot(position));
        let slots = [self.buckets.get(counted.bucket), reason];
        let due = slots.map(|slot| slot.filter(|slot| is_due(slot, ended_at)));
        if due.iter().all(Option::is_none) {
            return;
        }
        // One that is not sampled leads nowhere.
        let Some(trace) = trace().filter(TraceContext::is_sampled) else { return };
        let at =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| whole_nanos(since) / 1_000_000);
        let (high, low) = halves(trace.trace_id());
        let words = [high, low, u64::from_be_bytes(trace.span_id()), nanos, at, ended_at];
        due.into_iter().flatten().for_each(|slot| slot.set(words));
        self.filled.fetch_or(bit(counted.bucket), Ordering::Relaxed);
    }

    /// Hands out each exemplar with what it is of.
    pub(super) fn read(&self, mut take: impl FnMut(ExemplarOf, Exemplar)) {
        let filled = self.filled.load(Ordering::Relaxed);
        let buckets = self.buckets.iter().enumerate().filter(|(bucket, _)| filled & bit(*bucket) != 0);
        let buckets = buckets.map(|(bucket, slot)| (ExemplarOf::Bucket(bucket), slot));
        let reasons = self.reasons.iter().map(|found| (ExemplarOf::Reason(found.position), &found.slot));
        let all = buckets.chain(reasons);
        for (of, slot) in all {
            if let Some(exemplar) = read(slot) {
                take(of, exemplar);
            }
        }
    }
}

fn bit(bucket: usize) -> u64 {
    1 << (bucket % 64)
}

fn is_due(slot: &Slot, now: u64) -> bool {
    slot.peek(ENDED_AT).is_none_or(|ended_at| now.abs_diff(ended_at) >= STAYS)
}

fn read(slot: &Slot) -> Option<Exemplar> {
    let [high, low, span, nanos, at, ended_at] = slot.get()?;
    let trace_id = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    let trace = TraceContext::new(trace_id, span.to_be_bytes(), true)?;
    Some(Exemplar { trace, nanos, at, ended_at })
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of it")]
fn halves(trace_id: [u8; 16]) -> (u64, u64) {
    let id = u128::from_be_bytes(trace_id);
    ((id >> 64) as u64, id as u64)
}
