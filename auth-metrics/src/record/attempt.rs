//! The guard of an attempt: whatever happens, it ends once.

use std::fmt;
use std::sync::Arc;

use super::target::Target;
use crate::events::{self, About, Ending, Identifier, Outer, Peer};
use crate::groups::unwinding_stops;
use crate::handle::{AuthMetrics, Followed, InternalError, Series};
use crate::storage::Ticks;
use crate::terms::{Ended, OperationKind, Outcome, Positions, Reason};
use crate::verdict::Judge;

/// An attempt that has started and not ended.
pub(super) struct Running {
    target: Target,
    started: Ticks,
}

impl Running {
    /// Counts the start.
    #[inline]
    pub(super) fn start(target: Target) -> Running {
        let started = target.series().start();
        Running { target, started }
    }

    fn series(&self) -> &Series {
        self.target.series()
    }

    /// Counts the end.
    #[inline]
    pub(super) fn end(self, outcome: Outcome, spent_before: u64) {
        self.ended(Ended::with(outcome), spent_before);
    }

    /// Where every attempt ends.
    #[inline]
    fn ended(self, ended: Ended, spent_before: u64) {
        let nanos = self.series().nanos_since(self.started).saturating_add(spent_before);
        self.series().end(nanos, ended);
        if let Some(source) = self.target.source() {
            source.writer().add(ended.label() as usize, 1);
        }
        if self.series().followed().is_some() {
            let started = self.started;
            self.follow(&Ending { ended, started, nanos });
        }
    }

    #[inline]
    fn is_observed(&self) -> bool {
        self.series().followed().is_some_and(Followed::is_observed)
    }

    /// The event comes after the counts: there are never more events than attempts that ended.
    #[cold]
    fn follow(self, ending: &Ending) {
        if let Some(followed) = self.series().followed() {
            followed.end(ending, self.target.about.as_deref());
        }
        if let Some(about) = self.target.about {
            events::keep(about);
        }
    }

    /// Makes this attempt the one that `events::note` means, until it is left.
    #[inline]
    pub(super) fn enter(&mut self) -> Option<Outer> {
        self.is_observed().then(|| events::enter(true, self.target.about.take()))
    }

    #[inline]
    pub(super) fn leave(&mut self, outer: Option<Outer>) {
        if let Some(outer) = outer {
            self.target.about = outer.leave();
        }
    }

    /// Counts the end that a returned value speaks of. Reading it is the user's code: if that panics, the value is still
    /// returned and the attempt counted, as `unknown`.
    #[inline]
    pub(super) fn end_judged<R: ?Sized, J: Judge<R>>(mut self, judge: &J, returned: &R, spent_before: u64) {
        if J::NOTES && self.is_observed() {
            self.note(|about| judge.note(returned, about));
        }
        match unwinding_stops(|| Ended::with(judge.outcome(returned))) {
            Some(ended) => self.ended(ended, spent_before),
            None => self.end_unread(spent_before),
        }
    }

    /// Lets the user's code say what it knows of the attempt. If it panics, what it said before stays.
    fn note(&mut self, write: impl FnOnce(&mut About)) {
        let about = self.target.about.get_or_insert_with(events::spare);
        if unwinding_stops(|| write(about)).is_none() {
            self.series().count_internal_error(InternalError::ReasonPanicked);
        }
    }

    #[cold]
    fn end_unread(self, spent_before: u64) {
        self.series().count_internal_error(InternalError::ReasonPanicked);
        self.end(Outcome::Failure(Reason::Unknown), spent_before);
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
    /// The nanoseconds that it took before it started.
    spent_before: u64,
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
        Attempt::in_series(self.op_series(op, OperationKind::Authentication, Positions::NONE, service), 0)
    }
}

/// Who the attempt is about. Without an observer these do nothing. What is set later replaces what was set before.
impl Attempt {
    /// Sets who tries.
    pub fn subject<M>(self, subject: impl Identifier<M>) -> Attempt {
        self.about(|about| about.subject(subject))
    }

    /// Sets the client's address: not that of a proxy in between.
    pub fn peer(self, peer: impl Peer) -> Attempt {
        self.about(|about| about.peer(peer))
    }

    /// Sets the session.
    pub fn session<M>(self, session: impl Identifier<M>) -> Attempt {
        self.about(|about| about.session(session))
    }

    /// Sets the device: a cookie that was given after an earlier success.
    pub fn device<M>(self, device: impl Identifier<M>) -> Attempt {
        self.about(|about| about.device(device))
    }

    /// Sets what is asked for.
    pub fn resource<M>(self, resource: impl Identifier<M>) -> Attempt {
        self.about(|about| about.resource(resource))
    }

    fn about(mut self, write: impl FnOnce(&mut About) -> &mut About) -> Attempt {
        if let Some(running) = self.running.as_mut().filter(|running| running.is_observed()) {
            write(running.target.about.get_or_insert_with(events::spare));
        }
        self
    }
}

impl Attempt {
    /// Starts an attempt that counts in this series, if there is one. It took `spent_before` nanoseconds already.
    pub(crate) fn in_series(series: Option<&Arc<Series>>, spent_before: u64) -> Attempt {
        let running = series.map(|series| Running::start(Target::shared(series)));
        Attempt { running, spent_before, unwinding: std::thread::panicking() }
    }

    /// Ends the attempt.
    pub fn finish(mut self, outcome: Outcome) {
        self.end(outcome);
    }

    /// Runs a part of what is attempted. In there, `events::note` means this attempt.
    #[cfg(feature = "tower")]
    pub(crate) fn run<R>(&mut self, part: impl FnOnce() -> R) -> R {
        let outer = self.running.as_mut().and_then(Running::enter);
        let _entered = Entered { running: &mut self.running, outer };
        part()
    }

    /// Ends the attempt as `judge` reads what was returned.
    #[cfg(feature = "tower")]
    pub(crate) fn finish_judged<R: ?Sized>(mut self, judge: &impl Judge<R>, returned: &R) {
        if let Some(running) = self.running.take() {
            running.end_judged(judge, returned, self.spent_before);
        }
    }

    fn end(&mut self, outcome: Outcome) {
        if let Some(running) = self.running.take() {
            running.end(outcome, self.spent_before);
        }
    }
}

/// Leaves an attempt when a part of it returns or unwinds.
#[cfg(feature = "tower")]
struct Entered<'a> {
    running: &'a mut Option<Running>,
    outer: Option<Outer>,
}

#[cfg(feature = "tower")]
impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if let Some(running) = self.running {
            running.leave(self.outer.take());
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
