//! The ways to run an annotated function: the one call that each expansion makes.

use std::future::Future;

use super::attempt::Running;
use super::call::IntoTarget;
use super::{Deferred, Later, Made, Metered, Reboxed};
use crate::events::Outer;
use crate::storage::{Clock, Ticks};
use crate::terms::{Outcome, Reason, ReasonSet};
use crate::verdict::Judge;

/// An `async fn`: it calls this when it is first polled, and the attempt starts.
///
/// The type it returns is hidden, so that an error type without a reason is one compile error and not two.
#[inline]
pub fn future<F: Future, J: Judge<F::Output>>(
    begin: impl IntoTarget,
    judge: J,
    future: F,
) -> impl Future<Output = F::Output> {
    Metered::new(begin.into_target(const { &J::REASONS }), judge, future)
}

/// A plain function.
#[inline]
#[expect(clippy::needless_pass_by_value, reason = "an expansion writes the judge in place")]
pub fn call<R, J: Judge<R>>(begin: impl IntoTarget, judge: J, body: impl FnOnce() -> R) -> R {
    let mut running = begin.into_target(const { &J::REASONS }).map(Running::start);
    let outer = running.as_mut().and_then(Running::enter);
    let mut unwinding = Unwinding { running, outer };
    let returned = body();
    if let Some(running) = unwinding.take() {
        running.end_judged(&judge, &returned, 0);
    }
    returned
}

/// A plain function that returns a future: what it does before is inside the attempt, which starts at the first poll.
pub fn deferred<F: Future, J: Judge<F::Output>>(
    begin: Later,
    judge: J,
    make: impl FnOnce() -> F,
) -> Made<F, J> {
    let making = Making::start(begin, const { &J::REASONS });
    let future = make();
    let Pending { later, spent } = making.end();
    Made { pending: later, judge, future, spent }
}

/// The future of [`deferred`], as a type that captures nothing of `make`: an argument whose lifetime the function's own
/// return type leaves out may be used before.
pub fn hidden<F: Future, J: Judge<F::Output>>(
    made: Made<F, J>,
) -> impl Future<Output = F::Output> + use<F, J> {
    made.deferred()
}

/// A plain function that returns a future by a type that holds nothing else.
pub fn boxed<P, J>(begin: Later, judge: J, make: impl FnOnce() -> P) -> P
where
    P: Reboxed + Future<Output = <P as Reboxed>::Output>,
    J: Judge<<P as Reboxed>::Output> + Send + Sync + 'static,
{
    P::rebox(deferred(begin, judge, make))
}

/// A plain function that makes its future in place and does something before.
pub fn making(begin: Later) -> Making {
    // Which reasons its future can give is said where that is made.
    Making::start(begin, const { &ReasonSet::EMPTY })
}

/// A plain function that makes its future in place and does nothing else.
pub fn at_once(begin: Later) -> Pending {
    Pending { later: Some(begin), spent: 0 }
}

/// The future that a function makes in place, inside of the `async` block that it returns: that holds nothing of the
/// output's type, so it outlives what the user's own block would.
pub fn continued<F: Future, J: Judge<F::Output>>(
    made: Pending,
    judge: J,
    future: F,
) -> impl Future<Output = F::Output> {
    Deferred::new(made.later, judge, future, made.spent)
}

/// Gives an `async` block the type that its function returns; never called.
///
/// # Panics
///
/// Always.
pub fn edge<R>() -> R {
    unreachable!("the edge only carries a type")
}

/// Counts a plain function that unwinds.
struct Unwinding {
    running: Option<Running>,
    outer: Option<Outer>,
}

impl Unwinding {
    #[inline]
    fn take(&mut self) -> Option<Running> {
        let mut running = self.running.take()?;
        running.leave(self.outer.take());
        Some(running)
    }
}

impl Drop for Unwinding {
    fn drop(&mut self) {
        if let Some(running) = self.take() {
            running.end(Outcome::Failure(Reason::Panicked), 0);
        }
    }
}

/// An attempt whose future is made but not polled.
pub struct Pending {
    later: Option<Later>,
    /// The nanoseconds that the function took.
    spent: u64,
}

/// A function that is making its future. If it unwinds, that was the attempt; if it returns without an end, what it returns
/// carries no attempt, and none has started.
pub struct Making {
    pending: Option<Later>,
    reasons: &'static ReasonSet,
    clock: Clock,
    started: Ticks,
}

impl Making {
    fn start(pending: Later, reasons: &'static ReasonSet) -> Making {
        let clock = pending.clock();
        let started = clock.now();
        Making { pending: Some(pending), reasons, clock, started }
    }

    /// The nanoseconds since the function was called.
    fn spent(&self) -> u64 {
        self.clock.nanos_since(self.started)
    }

    /// The function has made its future.
    pub fn end(mut self) -> Pending {
        Pending { spent: self.spent(), later: self.pending.take() }
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        if !std::thread::panicking() {
            return;
        }
        let target = pending.into_target(self.reasons);
        if let Some(running) = target.map(Running::start) {
            running.end(Outcome::Failure(Reason::Panicked), self.spent());
        }
    }
}
