//! `Counts`: what a push did.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use auth_metrics::group::{Counters, Gauge};

use crate::ledger::Ledger;

/// The counts of the pushes of one name.
pub(crate) struct Counts {
    name: String,
    pushes: Counters,
    points: Counters,
    last_success: Gauge,
    is_up: AtomicBool,
    /// What the last push left to the next one.
    ledger: Mutex<Option<Ledger>>,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Result {
    Accepted,
    Partial,
    Unreadable,
    Refused,
    Unavailable,
    Unknown,
}

impl Result {
    pub(super) const LABELS: [&str; 6] =
        ["accepted", "partial", "unreadable", "refused", "unavailable", "unknown"];
}

pub(super) const POINT_LABELS: [&str; 3] = ["accepted", "rejected", "dropped"];

impl Counts {
    pub(super) fn new(name: &str) -> Counts {
        Counts {
            name: name.to_owned(),
            pushes: Counters::new(Result::LABELS.len()),
            points: Counters::new(POINT_LABELS.len()),
            last_success: Gauge::new(),
            is_up: AtomicBool::new(false),
            ledger: Mutex::new(None),
        }
    }

    /// The value of the label `push`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn note(&self, result: Result) {
        self.pushes.add(result as usize, 1);
    }

    pub(crate) fn note_points(&self, accepted: u64, rejected: u64) {
        self.points.add(0, accepted);
        self.points.add(1, rejected);
    }

    pub(crate) fn note_dropped(&self, points: u64) {
        self.points.add(2, points);
    }

    /// `at` is nanoseconds since 1970.
    pub(crate) fn note_success(&self, at: u64) {
        self.last_success.set(Some(Duration::from_nanos(at).as_secs_f64()));
    }

    /// Takes the name; false if a push that works has it.
    pub(super) fn start(&self) -> bool {
        !self.is_up.swap(true, Ordering::AcqRel)
    }

    /// Keeps what a push that ends has sent and owes.
    pub(crate) fn leave_ledger(&self, ledger: Ledger) {
        *self.ledger.lock().unwrap_or_else(PoisonError::into_inner) = Some(ledger);
    }

    /// Takes what the last push of the name left.
    pub(crate) fn take_ledger(&self) -> Option<Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The thread has ended.
    pub(crate) fn end(&self) {
        self.is_up.store(false, Ordering::Release);
    }

    pub(crate) fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Acquire)
    }

    pub(super) fn pushes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Result::LABELS.into_iter().zip(self.pushes.iter())
    }

    pub(super) fn points(&self) -> impl Iterator<Item = (&'static str, u64)> {
        POINT_LABELS.into_iter().zip(self.points.iter())
    }

    pub(super) fn last_success(&self) -> Option<f64> {
        self.last_success.get()
    }
}
