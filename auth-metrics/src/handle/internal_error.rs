//! The library's own faults and folded labels: counted, and logged at most once a minute.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// What can go wrong inside the library.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// A function that reads an error or a returned value panicked; the attempt is counted as `unknown`.
    ReasonPanicked,
    /// One operation is given different kinds: of two annotated functions the first by file and line decides, and a kind
    /// that is known stays when another one is declared.
    KindsDiffer,
    /// The default handle could not be registered in the default registry.
    DefaultRegistry,
    /// A value that is not a number was not recorded.
    InvalidValue,
    /// A service was deregistered more often than registered.
    UnmatchedDeregistration,
    /// A custom reason found no place and is counted as `unknown`.
    ReasonLeftOut,
    /// Two places give one custom reason different faults; the first by file and line decides.
    FaultsDiffer,
    /// A credential was told to take a step that its state does not allow; the step was not taken.
    IllegalTransition,
    /// The time of day jumped beside the steady clock, as a rotator sees it.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    ClockJumped,
    /// A rotator could not ask the store of the leases.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    LeaseUnavailable,
    /// A rotator's `refresh` failed, panicked or hung between two tries.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    RefreshFailed,
    /// The worker of a rotator panicked; it has ended and gave its lease back.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    RotatorPanicked,
    /// A rotator's `retire` failed, panicked or hung.
    #[cfg_attr(not(feature = "rotation"), expect(dead_code, reason = "only a rotator counts it"))]
    RetireFailed,
}

impl Fault {
    pub(crate) const LABELS: [&str; 13] = [
        "reason_panicked",
        "kinds_differ",
        "default_registry",
        "invalid_value",
        "unmatched_deregistration",
        "reason_left_out",
        "faults_differ",
        "illegal_transition",
        "clock_jumped",
        "lease_unavailable",
        "refresh_failed",
        "rotator_panicked",
        "retire_failed",
    ];
}

/// A label whose values are bounded.
#[derive(Clone, Copy)]
pub(crate) enum Bounded {
    ServiceId,
    Operation,
    Source,
    LimitType,
    Policy,
    Credential,
}

impl Bounded {
    pub(crate) const LABELS: [&str; 6] =
        ["service_id", "operation", "source", "limit_type", "policy", "credential"];
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
        self.note(fault);
        warn(&WARNED_OF_FAULT, "internal error", Fault::LABELS[fault as usize]);
    }

    /// Counts without a word; [`tell`](Faults::tell) says it later.
    pub(super) fn note(&self, fault: Fault) {
        self.internal[fault as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Warns of what was only noted, if there is anything.
    pub(super) fn tell(&self) {
        let noted = Fault::LABELS.into_iter().zip(self.internal()).filter(|(_, count)| *count > 0);
        noted.for_each(|(label, _)| warn(&WARNED_OF_FAULT, "internal error", label));
    }

    #[cold]
    pub(crate) fn fold(&self, label: Bounded) {
        self.folded[label as usize].fetch_add(1, Ordering::Relaxed);
        warn(&WARNED_OF_FOLD, "folded into other: a value of", Bounded::LABELS[label as usize]);
    }

    pub(crate) fn internal(&self) -> [u64; Fault::LABELS.len()] {
        self.internal.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    pub(crate) fn folded(&self) -> [u64; Bounded::LABELS.len()] {
        self.folded.each_ref().map(|count| count.load(Ordering::Relaxed))
    }
}

/// When the process last warned of either, in seconds since it first did anything of the kind; zero for never.
static WARNED_OF_FAULT: AtomicU64 = AtomicU64::new(0);
static WARNED_OF_FOLD: AtomicU64 = AtomicU64::new(0);

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
