//! `InAttempt`: a future that runs as an attempt, with a function that reads its value. Knows no requests and no answers.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::attempts::Attempts;
use super::carrier::{Carrier, Metering};
use crate::terms::Outcome;

impl Attempts {
    /// Runs a future as an attempt. `make` makes it, and is part of the attempt; `outcome` reads what it returns.
    ///
    /// The attempt starts with the first poll, in the handle of the task that polls. Its duration includes the time that `make` took. If
    /// `make` or the future unwinds, it counts as `panicked`. If the future is dropped before its end, even before its first poll, it
    /// counts as `cancelled`. If `outcome` panics, it counts as `unknown`, and the value is still returned.
    ///
    /// [`events::note`](crate::events::note) in the future says who the attempt is about.
    pub fn meter<F: Future, J>(&self, make: impl FnOnce() -> F, outcome: J) -> InAttempt<F, J>
    where
        J: Fn(&F::Output) -> Outcome,
    {
        InAttempt { future: Carrier::new(By { attempts: self.clone(), outcome }, make) }
    }
}

/// What a future of `meter` counts in, and what reads its value.
struct By<J> {
    attempts: Attempts,
    outcome: J,
}

impl<R, J: Fn(&R) -> Outcome> Metering<R> for By<J> {
    fn outcome(&self, returned: &R) -> Outcome {
        (self.outcome)(returned)
    }
}

impl<J> AsRef<Attempts> for By<J> {
    fn as_ref(&self) -> &Attempts {
        &self.attempts
    }
}

pin_project! {
    /// A future that runs as an attempt; made by [`Attempts::meter`].
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct InAttempt<F, J> {
        #[pin]
        future: Carrier<F, By<J>>,
    }
}

impl<F: Future, J: Fn(&F::Output) -> Outcome> Future for InAttempt<F, J> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.poll(context)
    }
}

impl<F, J> fmt::Debug for InAttempt<F, J> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("InAttempt").finish_non_exhaustive()
    }
}
