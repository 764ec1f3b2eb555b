//! What the trail counts: owned by it, read by scrapes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use auth_metrics::group::{Gauge, Observations};

use super::queue::{Dropped, Queue};
use crate::families::WRITE_BOUNDS;
use crate::memory::{Before, Pattern};
use crate::record::Head;
use crate::seal::{Tail, hex};
use crate::sink::TroubleKind;

/// What became of a record at a sink: the values of the label `result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Result {
    Written,
    HandedOver,
    DroppedFull,
    DroppedFailed,
    DroppedShutdown,
}

impl Result {
    /// Every label, in the order of the variants.
    pub(crate) const LABELS: [&'static str; 5] =
        ["written", "handed_over", "dropped_full", "dropped_failed", "dropped_shutdown"];
}

/// What the trail counts, whatever the sinks do.
#[derive(Default)]
pub(crate) struct Counts {
    captured: AtomicU64,
    skipped: AtomicU64,
    /// Attempts that reached the observer and were lost there.
    lost: AtomicU64,
    patterns: [AtomicU64; Pattern::LABELS.len()],
}

impl Counts {
    pub(crate) fn capture(&self) {
        self.captured.fetch_add(1, Ordering::Release);
    }

    pub(crate) fn skip(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn lose(&self, attempts: u64) {
        self.lost.fetch_add(attempts, Ordering::Relaxed);
    }

    pub(crate) fn correlate(&self, before: &Before) {
        for (count, is_seen) in self.patterns.iter().zip(before.patterns) {
            count.fetch_add(u64::from(is_seen), Ordering::Relaxed);
        }
    }

    pub(crate) fn captured(&self) -> u64 {
        self.captured.load(Ordering::Acquire)
    }

    pub(crate) fn skipped(&self) -> u64 {
        self.skipped.load(Ordering::Relaxed)
    }

    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(crate) fn patterns(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Pattern::LABELS
            .into_iter()
            .zip(&self.patterns)
            .map(|(label, count)| (label, count.load(Ordering::Relaxed)))
    }
}

/// One sink, as everybody but its own thread sees it.
pub(crate) struct Outlet {
    pub(crate) name: &'static str,
    pub(crate) queue: Queue,
    confirms: bool,
    attempts: [AtomicU64; Result::LABELS.len()],
    steps: [AtomicU64; Result::LABELS.len()],
    troubles: [AtomicU64; TroubleKind::LABELS.len()],
    pub(crate) durations: Option<Observations>,
    last_success: Gauge,
    /// The id of its chain, and the last line of that.
    chain: OnceLock<Box<str>>,
    tail: Mutex<Option<Tail>>,
    /// The number of the last line that is durable, as far as the sink can say so.
    durable: AtomicU64,
    is_failing: AtomicBool,
    is_alive: AtomicBool,
}

impl Outlet {
    pub(crate) fn new(name: &'static str, confirms: bool, capacity: usize) -> Outlet {
        Outlet {
            name,
            queue: Queue::new(capacity),
            confirms,
            attempts: Default::default(),
            steps: Default::default(),
            troubles: Default::default(),
            durations: Observations::new(&WRITE_BOUNDS).ok(),
            last_success: Gauge::new(),
            chain: OnceLock::new(),
            tail: Mutex::new(None),
            durable: AtomicU64::new(0),
            is_failing: AtomicBool::new(false),
            is_alive: AtomicBool::new(false),
        }
    }

    /// Counts what became of something that was in the hands of the sink, after it has left them: a scrape never finds it twice.
    pub(super) fn settle(&self, result: Result, is: Dropped) {
        self.queue.settle(is.attempts);
        self.count(result, is.attempts, is.steps);
    }

    /// Counts what became of attempts and of steps.
    pub(crate) fn count(&self, result: Result, attempts: u64, steps: u64) {
        self.attempts[result as usize].fetch_add(attempts, Ordering::Release);
        self.steps[result as usize].fetch_add(steps, Ordering::Release);
    }

    /// What the sink does with a line that it takes.
    pub(crate) fn taken(&self) -> Result {
        if self.confirms { Result::Written } else { Result::HandedOver }
    }

    pub(crate) fn trouble(&self, kind: TroubleKind) {
        self.troubles[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that the sink took a line, which is the last of its chain now.
    pub(crate) fn succeed(&self, tail: Tail) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.last_success.set(Some(now.as_secs_f64()));
        *self.tail.lock().unwrap_or_else(PoisonError::into_inner) = Some(tail);
    }

    /// Notes which chain its lines are of, and the last line of that.
    pub(crate) fn begin(&self, chain: &str, tail: Option<Tail>) {
        let _ = self.chain.set(chain.into());
        self.durable.store(tail.map_or(0, |tail| tail.sequence), Ordering::Relaxed);
        *self.tail.lock().unwrap_or_else(PoisonError::into_inner) = tail;
    }

    pub(crate) fn set_failing(&self, is_failing: bool) {
        self.is_failing.store(is_failing, Ordering::Relaxed);
    }

    pub(crate) fn set_alive(&self, is_alive: bool) {
        self.is_alive.store(is_alive, Ordering::Relaxed);
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.is_alive.load(Ordering::Relaxed)
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.is_alive() && !self.is_failing.load(Ordering::Relaxed)
    }

    fn tail(&self) -> Option<Tail> {
        *self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that everything up to the last line is durable.
    pub(super) fn settle_lines(&self) {
        let last = self.tail().map_or(0, |tail| tail.sequence);
        self.durable.store(last, Ordering::Relaxed);
    }

    /// The number of its last line that is durable; 0 before the first. A witness must not know of lines that a loss of power takes away.
    pub(crate) fn sequence(&self) -> u64 {
        self.durable.load(Ordering::Relaxed)
    }

    pub(crate) fn head(&self) -> Option<Head> {
        let (chain, tail) = (self.chain.get()?, self.tail()?);
        let (chain, hash) = (chain.to_string(), hex::text(&tail.hash));
        Some(Head { sink: self.name, chain, sequence: tail.sequence, hash })
    }

    pub(crate) fn last_success(&self) -> Option<f64> {
        self.last_success.get()
    }

    pub(crate) fn attempts(&self) -> [u64; Result::LABELS.len()] {
        self.attempts.each_ref().map(|count| count.load(Ordering::Acquire))
    }

    pub(crate) fn steps(&self) -> [u64; Result::LABELS.len()] {
        self.steps.each_ref().map(|count| count.load(Ordering::Acquire))
    }

    pub(crate) fn troubles(&self) -> [u64; TroubleKind::LABELS.len()] {
        self.troubles.each_ref().map(|count| count.load(Ordering::Relaxed))
    }
}
