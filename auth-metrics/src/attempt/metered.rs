//! `Metered`: a future that carries an attempt from its first poll to its end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::call::Pending;
use super::guard::Running;
use crate::taxonomy::{Judge, Outcome, Reason};

/// Where the attempt stands.
pub(super) enum Progress {
    /// Not polled yet: dropped now, it never started.
    Waiting(Pending),
    Running(Running),
    Ended,
}

impl Progress {
    /// Counts the start, at the first poll.
    #[inline]
    fn start(&mut self) {
        if matches!(self, Progress::Waiting(_))
            && let Progress::Waiting(pending) = std::mem::replace(self, Progress::Ended)
        {
            *self = Running::start(pending).map_or(Progress::Ended, Progress::Running);
        }
    }

    fn end(&mut self, reason: Reason, spent_before: u64) {
        if let Progress::Running(running) = std::mem::replace(self, Progress::Ended) {
            running.end(Outcome::Failure(reason), spent_before);
        }
    }
}

pin_project! {
    /// A metered future: its attempt starts at the first poll and ends when it returns, unwinds or is dropped.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Metered<F, J> {
        #[pin]
        future: F,
        judge: J,
        progress: Progress,
        // The nanoseconds that the function took to make the future.
        spent_before: u64,
    }

    impl<F, J> PinnedDrop for Metered<F, J> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.progress.end(Reason::Cancelled, *this.spent_before);
        }
    }
}

impl<F, J> Metered<F, J> {
    #[inline]
    pub(super) fn new(pending: Option<Pending>, judge: J, future: F, spent_before: u64) -> Metered<F, J> {
        let progress = pending.map_or(Progress::Ended, Progress::Waiting);
        Metered { future, judge, progress, spent_before }
    }
}

/// Ends the attempt as panicked if the poll it watches unwinds. A drop outside of a poll is a cancellation, even while
/// some other future unwinds.
struct Watch<'a> {
    progress: Option<&'a mut Progress>,
    spent_before: u64,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Some(progress) = self.progress.take() {
            progress.end(Reason::Panicked, self.spent_before);
        }
    }
}

impl<F: Future, J: Judge<F::Output>> Future for Metered<F, J> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let spent_before = *this.spent_before;
        this.progress.start();
        let mut watch = Watch { progress: Some(this.progress), spent_before };
        let polled = this.future.poll(context);
        let progress = watch.progress.take();
        if let (Poll::Ready(returned), Some(progress)) = (&polled, progress)
            && let Progress::Running(running) = std::mem::replace(progress, Progress::Ended)
        {
            running.end_judged(this.judge, returned, spent_before);
        }
        polled
    }
}
