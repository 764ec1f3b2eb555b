//! An attempt that has started, wherever it goes on, and the guard of those that are recorded by hand.

use std::fmt;
use std::sync::Arc;

use super::target::{Held, Target};
use crate::events::{self, About, Ending, Identifier, Peer};
use crate::groups::unwinding_stops;
use crate::handle::{AuthMetrics, Begun, Entered, Followed, InternalError, Place, Series};
use crate::storage::Ticks;
use crate::terms::{Ended, OperationKind, Outcome, OutcomeLabel, Positions, Reason};
use crate::verdict::Judge;

/// An attempt that has started and not ended, wherever it goes on. It is part of the future, so it is small.
pub(super) struct Running {
    held: Held,
    about: Option<Box<About>>,
    started: Ticks,
    /// The nanoseconds that came before the start.
    spent: u64,
    /// Whether it is among the attempts of the process's handle, as that was when it began.
    is_of_process: bool,
    /// Whether it began inside of another attempt of its kind.
    is_nested: bool,
    entered: Entered,
}

impl Running {
    /// Counts the start.
    pub(super) fn start(target: Target, spent: u64) -> Running {
        let Target { held, mut about, decides } = target;
        let series = held.series();
        if series.followed().is_some_and(Followed::is_observed) {
            about = events::completed(about);
        }
        let place = series.place();
        let started = series.start();
        Running {
            started,
            spent,
            is_of_process: place.is_of_process(),
            is_nested: place.is_taken(),
            entered: Entered::new(decides),
            held,
            about,
        }
    }

    /// Goes on with an attempt that has not ended where it began, and is left here.
    pub(super) fn of(begun: Begun) -> Running {
        let (series, started) = begun.into_parts();
        let place = series.place_of(true);
        let mut entered = Entered::default();
        place.leave(&mut entered);
        let Target { held, about, .. } = Target::process(series);
        Running { held, about, started, spent: 0, is_of_process: true, is_nested: place.is_taken(), entered }
    }

    pub(super) fn series(&self) -> &Series {
        self.held.series()
    }

    /// Among which attempts it is.
    fn place(&self) -> Place {
        self.series().place_of(self.is_of_process)
    }

    /// Counts the end. The event comes after that: there are never more events than attempts that ended.
    pub(super) fn end(self, ended: Ended) {
        let place = self.place();
        let Running { held, about, started, spent, is_nested, entered, .. } = self;
        let decided = if entered.keeps { entered.inside.decided(ended) } else { None };
        let ended = decided.unwrap_or(ended);
        // What began inside of an attempt and ends after it is on its own, unless both were dropped.
        let is_nested = is_nested && (place.is_taken() || ended.label() == OutcomeLabel::Cancelled);
        let knows_subject = about.as_deref().is_some_and(About::knows_subject);
        let series = held.series();
        let nanos = series.nanos_since(started).saturating_add(spent);
        series.end_among(place, entered, is_nested, nanos, ended, knows_subject);
        if let Some(source) = held.source() {
            source.writer().add(ended.label() as usize, 1);
        }
        if let Some(followed) = series.followed() {
            let is_told_inside = entered.inside.tells(ended, knows_subject);
            followed.end(&Ending { ended, started, nanos, is_nested, is_told_inside }, about.as_deref());
        }
        if let Some(about) = about {
            events::keep(about);
        }
    }

    fn is_observed(&self) -> bool {
        self.series().followed().is_some_and(Followed::is_observed)
    }

    /// Makes this attempt the one that `events::note` means, and that attempts of its kind are part of, until it is left.
    pub(super) fn enter(&mut self) {
        self.place().enter(&mut self.entered);
        if self.is_observed() {
            events::enter(self.about.take());
        }
    }

    pub(super) fn leave(&mut self) {
        self.place().leave(&mut self.entered);
        if self.is_observed() {
            self.about = events::leave();
        }
    }

    /// Counts the end that a returned value speaks of.
    pub(super) fn end_judged<R: ?Sized, J: Judge<R>>(mut self, judge: &J, returned: &R) {
        if J::NOTES && self.is_observed() {
            self.note(|about| judge.note(returned, about));
        }
        let ended = read(judge, returned, self.series());
        self.end(ended);
    }

    /// Lets the user's code say what it knows of the attempt. If it panics, what it said before stays.
    fn note(&mut self, write: impl FnOnce(&mut About)) {
        let about = self.about.get_or_insert_with(events::spare);
        if unwinding_stops(|| write(about)).is_none() {
            self.series().count_internal_error(InternalError::ReasonPanicked);
        }
    }
}

/// How a returned value says that the attempt ended. Reading it may be the user's code: if that panics, the value is still
/// returned and the attempt counted, as `unknown`.
pub(super) fn read<R: ?Sized>(judge: &impl Judge<R>, returned: &R, series: &Series) -> Ended {
    unwinding_stops(|| Ended::with(judge.outcome(returned))).unwrap_or_else(|| unread(series))
}

#[cold]
fn unread(series: &Series) -> Ended {
    series.count_internal_error(InternalError::ReasonPanicked);
    Ended::with(Outcome::Failure(Reason::Unknown))
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
        Attempt::start(self, self.op_series(op, OperationKind::Authentication, Positions::NONE, service), 0)
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
            write(running.about.get_or_insert_with(events::spare));
        }
        self
    }
}

impl Attempt {
    /// Starts an attempt that counts in this series of a handle, if there is one. It took `spent` nanoseconds already.
    pub(crate) fn start(metrics: &AuthMetrics, series: Option<&Arc<Series>>, spent: u64) -> Attempt {
        let running = series.map(|series| Running::start(Target::shared(metrics, series), spent));
        Attempt { running, unwinding: std::thread::panicking() }
    }

    /// Ends the attempt.
    pub fn finish(mut self, outcome: Outcome) {
        self.end(outcome);
    }

    /// Runs a part of what is attempted, on this thread. In there, [`events::note`](crate::events::note) means this attempt, and attempts of
    /// the same kind are [part of it](crate::guide::annotating#one-inside-of-another). A future is attempted part by part: run each poll.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, Outcome};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let mut login = metrics.attempt("login");
    /// login.run(|| metrics.attempt("bind").finish(Outcome::Success));
    /// login.finish(Outcome::Success);
    /// assert_eq!(metrics.snapshot().value("service_auth_successful_total", &[]), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn run<R>(&mut self, part: impl FnOnce() -> R) -> R {
        if let Some(running) = &mut self.running {
            running.enter();
        }
        let _inside = Inside(&mut self.running);
        part()
    }

    /// Ends the attempt as `judge` reads what was returned.
    pub(crate) fn finish_judged<R: ?Sized>(mut self, judge: &impl Judge<R>, returned: &R) {
        if let Some(running) = self.running.take() {
            running.end_judged(judge, returned);
        }
    }

    fn end(&mut self, outcome: Outcome) {
        if let Some(running) = self.running.take() {
            running.end(Ended::with(outcome));
        }
    }
}

/// Leaves an attempt when a part of it returns or unwinds.
struct Inside<'a>(&'a mut Option<Running>);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        if let Some(running) = self.0 {
            running.leave();
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
