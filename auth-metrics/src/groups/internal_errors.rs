//! The library's own troubles and folded labels: counted, and logged at most once a minute.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Counts of what can go wrong inside the library or a crate beside it, for
/// [`Samples::internal_errors`](super::Samples::internal_errors).
pub struct InternalErrors {
    kinds: &'static [&'static str],
    counts: Box<[AtomicU64]>,
}

impl InternalErrors {
    /// Makes a counter for each of these values of the label `kind`, all at zero.
    pub fn new(kinds: &'static [&'static str]) -> InternalErrors {
        InternalErrors { kinds, counts: kinds.iter().map(|_| AtomicU64::new(0)).collect() }
    }

    /// Counts one of the kind at an index, and logs a warning if there was none for a minute. An index that is out of range
    /// is ignored.
    #[cold]
    pub fn count(&self, kind: usize) {
        self.note(kind);
        if let Some(kind) = self.kinds.get(kind) {
            warn(&WARNED_OF_ERROR, "internal error", kind);
        }
    }

    /// Counts without a word; [`tell`](InternalErrors::tell) says it later.
    pub(crate) fn note(&self, kind: usize) {
        if let Some(count) = self.counts.get(kind) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Warns of what was only noted, if there is anything.
    pub(crate) fn tell(&self) {
        self.iter()
            .filter(|(_, count)| *count > 0)
            .for_each(|(kind, _)| warn(&WARNED_OF_ERROR, "internal error", kind));
    }

    /// Returns each kind with its count.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.kinds.iter().copied().zip(self.counts.iter().map(|count| count.load(Ordering::Relaxed)))
    }
}

impl fmt::Debug for InternalErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}

/// Counts how often a value of one label was folded into `other`, for [`Samples::overflow`](super::Samples::overflow).
#[derive(Debug)]
pub struct Overflow {
    label: &'static str,
    count: AtomicU64,
}

impl Overflow {
    /// Starts at zero.
    pub const fn of(label: &'static str) -> Overflow {
        Overflow { label, count: AtomicU64::new(0) }
    }

    /// Counts a value that was folded, and logs a warning if there was none for a minute.
    #[cold]
    pub fn count(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
        warn(&WARNED_OF_OVERFLOW, "folded into other: a value of", self.label);
    }

    /// Returns the name of the label.
    pub fn label(&self) -> &'static str {
        self.label
    }

    /// Returns the count.
    pub fn get(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

/// When the process last warned of either, in seconds since it first did anything of the kind; zero for never.
static WARNED_OF_ERROR: AtomicU64 = AtomicU64::new(0);
static WARNED_OF_OVERFLOW: AtomicU64 = AtomicU64::new(0);

/// One warning a minute. A logger that panics is not the caller's affair.
fn warn(last: &AtomicU64, what: &str, label: &str) {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    let now = ORIGIN.get_or_init(Instant::now).elapsed().as_secs() + 1;
    let due = |last: u64| (last == 0 || now >= last + 60).then_some(now);
    if last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, due).is_ok() {
        unwinding_stops(|| log::warn!("auth-metrics: {what} {label}"));
    }
}

/// What the body gives, or none if it unwinds. What it unwinds with is forgotten: dropping it may unwind again.
pub(crate) fn unwinding_stops<T>(body: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(body)).map_err(std::mem::forget).ok()
}
