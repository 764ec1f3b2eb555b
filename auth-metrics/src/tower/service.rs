//! The service behind the layer, and the future that carries an attempt.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tower_service::Service;

use super::meter::{Meter, Place};
use super::reading::{ReadError, ReadResponse};
use crate::record::Attempt;
use crate::storage::{Clock, Ticks};
use crate::terms::{Outcome, Reason};

/// A service behind an [`AttemptLayer`](super::AttemptLayer).
pub struct AttemptService<S, A, E> {
    inner: S,
    meter: Arc<Meter<A, E>>,
}

impl<S, A, E> AttemptService<S, A, E> {
    pub(super) fn new(inner: S, meter: Arc<Meter<A, E>>) -> AttemptService<S, A, E> {
        AttemptService { inner, meter }
    }
}

impl<S: Clone, A, E> Clone for AttemptService<S, A, E> {
    fn clone(&self) -> AttemptService<S, A, E> {
        AttemptService { inner: self.inner.clone(), meter: Arc::clone(&self.meter) }
    }
}

impl<S: fmt::Debug, A, E> fmt::Debug for AttemptService<S, A, E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AttemptService").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S, Q, A, E> Service<Q> for AttemptService<S, A, E>
where
    S: Service<Q>,
    A: ReadResponse<S::Response>,
    E: ReadError<S::Error>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = AttemptFuture<S::Future, A, E>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Q) -> AttemptFuture<S::Future, A, E> {
        let calling = Calling::new(&self.meter.place);
        let future = self.inner.call(request);
        let spent = calling.returned();
        AttemptFuture { future, meter: Arc::clone(&self.meter), stage: Stage::Unpolled { spent } }
    }
}

/// The time that a service takes to make its future. If it unwinds instead, that was the attempt.
struct Calling<'a> {
    place: &'a Place,
    clock: Clock,
    since: Ticks,
    unwinding: bool,
}

impl Calling<'_> {
    fn new(place: &Place) -> Calling<'_> {
        let clock = place.clock();
        Calling { place, since: clock.now(), clock, unwinding: true }
    }

    fn spent(&self) -> u64 {
        self.clock.nanos_since(self.since)
    }

    /// Returns the nanoseconds that the call took.
    fn returned(mut self) -> u64 {
        self.unwinding = false;
        self.spent()
    }
}

impl Drop for Calling<'_> {
    fn drop(&mut self) {
        if self.unwinding {
            self.place.start(self.spent()).finish(Outcome::Failure(Reason::Panicked));
        }
    }
}

/// How far a request is.
enum Stage {
    /// Its future was not polled yet. The call took `spent` nanoseconds.
    Unpolled {
        spent: u64,
    },
    Running(Attempt),
    Ended,
}

impl Stage {
    /// Takes the attempt out, and starts it if it has not started.
    fn take(&mut self, place: &Place) -> Option<Attempt> {
        match std::mem::replace(self, Stage::Ended) {
            Stage::Unpolled { spent } => Some(place.start(spent)),
            Stage::Running(attempt) => Some(attempt),
            Stage::Ended => None,
        }
    }
}

pin_project! {
    /// The response future of an [`AttemptService`].
    pub struct AttemptFuture<F, A, E> {
        #[pin]
        future: F,
        meter: Arc<Meter<A, E>>,
        stage: Stage,
    }

    impl<F, A, E> PinnedDrop for AttemptFuture<F, A, E> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // A drop outside of a poll is a cancellation, even while something else unwinds.
            if let Some(attempt) = this.stage.take(&this.meter.place) {
                attempt.finish(Outcome::Failure(Reason::Cancelled));
            }
        }
    }
}

impl<F, A, E, R, T> Future for AttemptFuture<F, A, E>
where
    F: Future<Output = Result<R, T>>,
    A: ReadResponse<R>,
    E: ReadError<T>,
{
    type Output = Result<R, T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<R, T>> {
        let this = self.project();
        // If the poll unwinds, the attempt drops here and so counts as panicked.
        let Some(mut attempt) = this.stage.take(&this.meter.place) else { return this.future.poll(context) };
        let polled = attempt.run(|| this.future.poll(context));
        match &polled {
            Poll::Ready(answer) => this.meter.finish(attempt, answer),
            Poll::Pending => *this.stage = Stage::Running(attempt),
        }
        polled
    }
}

impl<F, A, E> fmt::Debug for AttemptFuture<F, A, E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AttemptFuture").finish_non_exhaustive()
    }
}
