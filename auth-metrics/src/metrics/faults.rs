//! The library's own faults and folded labels: counted, and logged at most once a minute.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// What can go wrong inside the library.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// A function that reads an error or a returned value panicked; the attempt is counted as `unknown`.
    ReasonPanicked,
    /// The default handle could not be registered in the default registry.
    DefaultRegistry,
    /// A value that is not a number was not recorded.
    InvalidValue,
    /// A service was deregistered more often than registered.
    UnmatchedDeregistration,
}

impl Fault {
    pub(crate) const LABELS: [&str; 4] =
        ["reason_panicked", "default_registry", "invalid_value", "unmatched_deregistration"];
}

/// A label whose values are bounded.
#[derive(Clone, Copy)]
pub(crate) enum Bounded {
    ServiceId,
    Operation,
    Source,
    LimitType,
}

impl Bounded {
    pub(crate) const LABELS: [&str; 4] = ["service_id", "operation", "source", "limit_type"];
}

/// The counts of one handle.
#[derive(Default)]
pub(crate) struct Faults {
    internal: [AtomicU64; Fault::LABELS.len()],
    folded: [AtomicU64; Bounded::LABELS.len()],
}

impl Faults {
    #[cold]
    pub(crate) fn count(&self, fault: Fault) {
        self.internal[fault as usize].fetch_add(1, Ordering::Relaxed);
        if may_log() {
            log::warn!("auth-metrics: internal error {}", Fault::LABELS[fault as usize]);
        }
    }

    #[cold]
    pub(crate) fn fold(&self, label: Bounded) {
        self.folded[label as usize].fetch_add(1, Ordering::Relaxed);
        if may_log() {
            log::warn!("auth-metrics: a value of {} was folded into other", Bounded::LABELS[label as usize]);
        }
    }

    pub(crate) fn internal(&self) -> [u64; Fault::LABELS.len()] {
        self.internal.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    pub(crate) fn folded(&self) -> [u64; Bounded::LABELS.len()] {
        self.folded.each_ref().map(|count| count.load(Ordering::Relaxed))
    }
}

/// Whether a minute has passed since the last warning of the process; true for one caller only.
fn may_log() -> bool {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    static LAST_MINUTE: AtomicU64 = AtomicU64::new(0);
    let minute = ORIGIN.get_or_init(Instant::now).elapsed().as_secs() / 60 + 1;
    LAST_MINUTE.fetch_max(minute, Ordering::Relaxed) < minute
}
