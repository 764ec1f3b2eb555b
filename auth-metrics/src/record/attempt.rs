//! An attempt that has started, the one place where each ends, and the guard of those that are recorded by hand.

use std::fmt;

use super::target::Target;
use crate::handle::{AuthMetrics, Series};
use crate::storage::{Cells, Own, Ticks};
use crate::terms::{Ended, OperationKind, Outcome, Positions, Reason};

/// An attempt that has started and not ended, wherever it goes on.
pub(super) struct Running {
    target: Target,
    started: Ticks,
    /// The nanoseconds that came before the start.
    spent: u64,
}

impl Running {
    /// Counts the start.
    pub(super) fn start(target: Target, spent: u64) -> Running {
        let started = target.series().start();
        Running { target, started, spent }
    }

    /// Goes on with an attempt that has not ended where it began.
    pub(super) fn of(series: &'static Series, started: Ticks) -> Running {
        Running { target: Target::process(series), started, spent: 0 }
    }

    pub(super) fn series(&self) -> &Series {
        self.target.series()
    }

    /// Counts the end.
    pub(super) fn end(self, ended: Ended) {
        let series = self.series();
        let nanos = series.nanos_since(self.started).saturating_add(self.spent);
        series.end(nanos, ended);
        at_end(self.target.source(), ended);
    }
}

/// Counts a success where the attempt began. It takes what is known of that in parts: in registers.
#[inline(never)]
pub(super) fn end_well_in(series: &'static Series, own: Own<'static>, nanos: u64) {
    series.end_well_in(own, nanos);
    at_end(None, Ended::with(Outcome::Success));
}

/// The same for any end.
#[inline(never)]
pub(super) fn end_in(series: &'static Series, own: Own<'static>, nanos: u64, ended: Ended) {
    series.end_in(own, nanos, ended);
    at_end(None, ended);
}

/// What is done at the end of every attempt, whoever ran it and however it ended, once its series has counted it.
#[inline]
fn at_end(source: Option<&Cells>, ended: Ended) {
    if let Some(source) = source {
        source.writer().add(ended.label() as usize, 1);
    }
}

/// An attempt that is recorded by hand. It starts when it is made, and ends with [`finish`](Attempt::finish).
///
/// If it is dropped before that, it counts as `cancelled`, or as `panicked` if the thread has begun to unwind.
///
/// ```
/// use auth_metrics::{AuthMetrics, Outcome, Reason};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let attempt = metrics.attempt("login");
/// attempt.finish(Outcome::Failure(Reason::InvalidCredentials));
///
/// let failures = metrics.snapshot().value("auth_operation_failures_total", &[("failure_reason", "invalid_credentials")]);
/// assert_eq!(failures, Some(1.0));
/// # Ok(()) }
/// ```
#[must_use = "an attempt that is dropped without `finish` is counted as cancelled"]
pub struct Attempt {
    running: Option<Running>,
    /// Whether the thread was unwinding already when the attempt started.
    unwinding: bool,
}

impl AuthMetrics {
    /// Starts an attempt of an operation for the handle's own service.
    ///
    /// The operation has the kind from the catalogue or from [`declare_as`](AuthMetrics::declare_as). Without either, it is
    /// [`OperationKind::Authentication`]. A name that is not `[a-z][a-z0-9_]*`, or has more than 64 bytes, counts as `other`.
    pub fn attempt(&self, op: &str) -> Attempt {
        self.attempt_at(self.own_service(), op)
    }

    /// Starts an attempt of an operation for a service.
    pub fn attempt_for(&self, service_id: &str, op: &str) -> Attempt {
        self.attempt_at(self.service_index(service_id), op)
    }

    fn attempt_at(&self, service: usize, op: &str) -> Attempt {
        let series = self.op_series(op, OperationKind::Authentication, Positions::NONE, service);
        let running = series.map(|series| Running::start(Target::shared(series), 0));
        Attempt { running, unwinding: std::thread::panicking() }
    }
}

impl Attempt {
    /// Ends the attempt.
    pub fn finish(mut self, outcome: Outcome) {
        self.end(outcome);
    }

    fn end(&mut self, outcome: Outcome) {
        if let Some(running) = self.running.take() {
            running.end(Ended::with(outcome));
        }
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Attempt").finish_non_exhaustive()
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let panicked = std::thread::panicking() && !self.unwinding;
        let reason = if panicked { Reason::Panicked } else { Reason::Cancelled };
        self.end(Outcome::Failure(reason));
    }
}
