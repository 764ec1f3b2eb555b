//! Futures that carry an attempt from its first poll to its end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::call::Begin;
use super::stage::Stage;
use super::watch::Watch;
use crate::verdict::Judge;

pin_project! {
    /// A future that carries an attempt: it starts with the first poll and ends when the future returns, unwinds or is dropped.
    /// Dropped before its first poll, it never was one.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Metered<B, F, J> {
        // Before the future, so that a cancellation counts before what the future drops.
        stage: Stage,
        begin: Option<B>,
        #[pin]
        future: F,
        judge: J,
    }
}

impl<B, F, J> Metered<B, F, J> {
    #[inline]
    pub(super) fn new(begin: Option<B>, judge: J, future: F) -> Metered<B, F, J> {
        Metered { stage: Stage::new(), begin, future, judge }
    }
}

impl<B: Begin, F: Future, J: Judge<F::Output>> Future for Metered<B, F, J> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let watch = Watch::enter(this.stage, this.begin, const { &J::LISTED });
        let polled = this.future.poll(context);
        match &polled {
            Poll::Ready(returned) => watch.returned(this.judge, returned),
            Poll::Pending => watch.waits(),
        }
        polled
    }
}
