//! `Carrier`: a future that carries an attempt of an operation which is named at run time. Knows nothing of annotated functions.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::attempt::Attempt;
use super::attempts::Attempts;
use crate::storage::{Clock, Ticks};
use crate::terms::{Outcome, Reason};
use crate::verdict::Classified;

/// Says what a future's value means for its attempt.
pub(crate) trait Metering<R> {
    /// The outcome that this value speaks of. If it panics, the attempt counts as `unknown`.
    fn outcome(&self, returned: &R) -> Outcome;
}

/// The time that it takes to make a future. If that unwinds instead, it was the attempt.
struct Making<'a> {
    attempts: &'a Attempts,
    clock: Clock,
    since: Ticks,
    unwinding: bool,
}

impl Making<'_> {
    fn new(attempts: &Attempts) -> Making<'_> {
        let clock = attempts.clock();
        Making { attempts, since: clock.now(), clock, unwinding: true }
    }

    fn spent(&self) -> u64 {
        self.clock.nanos_since(self.since)
    }

    /// Returns the nanoseconds that it took.
    fn made(mut self) -> u64 {
        self.unwinding = false;
        self.spent()
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        if self.unwinding {
            self.attempts.start_after(self.spent()).finish(Outcome::Failure(Reason::Panicked));
        }
    }
}

/// How far the attempt is.
enum Progress {
    /// The future was not polled yet. Making it took `spent` nanoseconds.
    Unpolled {
        spent: u64,
    },
    Running(Attempt),
    Ended,
}

impl Progress {
    /// Takes the attempt out, and starts it if it has not started.
    fn take(&mut self, attempts: &Attempts) -> Option<Attempt> {
        match std::mem::replace(self, Progress::Ended) {
            Progress::Unpolled { spent } => Some(attempts.start_after(spent)),
            Progress::Running(attempt) => Some(attempt),
            Progress::Ended => None,
        }
    }
}

pin_project! {
    /// A future that carries an attempt. Dropped before its end, even before its first poll, it counts as cancelled.
    pub(crate) struct Carrier<F, M: AsRef<Attempts>> {
        #[pin]
        future: F,
        metering: M,
        progress: Progress,
    }

    impl<F, M: AsRef<Attempts>> PinnedDrop for Carrier<F, M> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // A drop outside of a poll is a cancellation, even while something else unwinds.
            if let Some(attempt) = this.progress.take(this.metering.as_ref()) {
                attempt.finish(Outcome::Failure(Reason::Cancelled));
            }
        }
    }
}

impl<F, M: AsRef<Attempts>> Carrier<F, M> {
    /// Makes the future.
    pub(crate) fn new(metering: M, make: impl FnOnce() -> F) -> Carrier<F, M> {
        let making = Making::new(metering.as_ref());
        let future = make();
        let spent = making.made();
        Carrier { future, metering, progress: Progress::Unpolled { spent } }
    }
}

impl<F: Future, M: Metering<F::Output> + AsRef<Attempts>> Future for Carrier<F, M> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        // If the poll unwinds, the attempt drops here and so counts as panicked.
        let Some(mut attempt) = this.progress.take(this.metering.as_ref()) else {
            return this.future.poll(context);
        };
        let polled = attempt.run(|| this.future.poll(context));
        match &polled {
            Poll::Ready(returned) => {
                attempt.finish_judged(
                    &Classified(|returned: &F::Output| this.metering.outcome(returned)),
                    returned,
                );
            }
            Poll::Pending => *this.progress = Progress::Running(attempt),
        }
        polled
    }
}
