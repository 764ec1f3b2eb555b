//! Futures that carry an attempt from its first poll to its end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::Later;
use super::attempt::Running;
use super::target::Target;
use crate::events::Outer;
use crate::terms::{Outcome, Reason};
use crate::verdict::Judge;

pin_project! {
    /// A future that carries an attempt that has started: it ends when the future returns, unwinds or is dropped.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Metered<F, J> {
        #[pin]
        future: F,
        judge: J,
        running: Option<Running>,
        // The nanoseconds that the function took to make the future.
        spent_before: u64,
    }

    impl<F, J> PinnedDrop for Metered<F, J> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(running) = this.running.take() {
                running.end(Outcome::Failure(Reason::Cancelled), *this.spent_before);
            }
        }
    }
}

impl<F, J> Metered<F, J> {
    #[inline]
    pub(super) fn new(target: Option<Target>, judge: J, future: F) -> Metered<F, J> {
        Metered { future, judge, running: target.map(Running::start), spent_before: 0 }
    }
}

/// Ends the attempt as panicked if the poll it watches unwinds. A drop outside of a poll is a cancellation, even while
/// some other future unwinds.
struct Watch<'a> {
    running: &'a mut Option<Running>,
    /// What was entered before this attempt, if somebody observes.
    outer: Option<Outer>,
    spent_before: u64,
    unwinding: bool,
}

impl<'a> Watch<'a> {
    #[inline]
    fn start(running: &'a mut Option<Running>, spent_before: u64) -> Watch<'a> {
        let outer = running.as_mut().and_then(Running::enter);
        Watch { running, outer, spent_before, unwinding: true }
    }

    #[inline]
    fn leave(&mut self) {
        if let Some(running) = self.running {
            running.leave(self.outer.take());
        }
    }
}

impl Drop for Watch<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.unwinding {
            self.leave();
        }
        if self.unwinding
            && let Some(running) = self.running.take()
        {
            running.end(Outcome::Failure(Reason::Panicked), self.spent_before);
        }
    }
}

impl<F: Future, J: Judge<F::Output>> Future for Metered<F, J> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let spent_before = *this.spent_before;
        let mut watch = Watch::start(this.running, spent_before);
        let polled = this.future.poll(context);
        watch.unwinding = false;
        watch.leave();
        if let Poll::Ready(returned) = &polled
            && let Some(running) = watch.running.take()
        {
            running.end_judged(this.judge, returned, spent_before);
        }
        polled
    }
}

pin_project! {
    /// A future that a plain function made: its attempt starts at the first poll. Dropped before, it never was one.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Deferred<F, J> {
        #[pin]
        metered: Metered<F, J>,
        pending: Option<Later>,
    }
}

impl<F, J> Deferred<F, J> {
    pub(super) fn new(pending: Option<Later>, judge: J, future: F, spent_before: u64) -> Deferred<F, J> {
        Deferred { metered: Metered { future, judge, running: None, spent_before }, pending }
    }
}

impl<F: Future, J: Judge<F::Output>> Future for Deferred<F, J> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        if let Some(target) = this.pending.take().and_then(|later| later.into_target(const { &J::REASONS })) {
            *this.metered.as_mut().project().running = Some(Running::start(target));
        }
        this.metered.poll(context)
    }
}
