//! How far the attempt of one call is, and what watches it while the user's code runs.
//!
//! What is generic here is compiled once for each annotated function, in the user's crate and perhaps without inlining across
//! crates: so that is a few calls, and what they do is compiled once, in this crate.

use std::mem::ManuallyDrop;

use super::attempt::{Running, read};
use super::target::Target;
use crate::handle::{Begun, Series};
use crate::terms::{Ended, Outcome, Reason};
use crate::verdict::Judge;

/// How far an attempt is between two polls. Dropped while it runs, it is cancelled.
pub struct Stage(ManuallyDrop<Option<Running>>);

impl Stage {
    /// It has not started, or it runs on one thread without a pause, or it is over.
    #[inline]
    pub(super) fn new() -> Stage {
        Stage(ManuallyDrop::new(None))
    }

    /// Starts in a series of the process's handle, the short way if there is one by now.
    pub(super) fn start_in(&mut self, series: &'static Series) -> Option<Begun> {
        let begun = series.begin_shortly();
        if begun.is_none() {
            self.start(Some((Target::process(series), 0)));
        }
        begun
    }

    #[inline(never)]
    pub(super) fn start(&mut self, target: Option<(Target, u64)>) {
        *self.0 = target.map(|(target, spent)| Running::start(target, spent));
        self.resume();
    }

    /// The user's code runs in an attempt that runs already.
    #[inline(never)]
    pub(super) fn resume(&mut self) {
        if let Some(running) = &mut *self.0 {
            running.enter();
        }
    }

    /// The user's code waits.
    #[inline(never)]
    pub(super) fn pause(&mut self, begun: Option<Begun>) {
        // What began without a place of its own goes on here.
        match begun {
            Some(begun) => self.0 = ManuallyDrop::new(Some(Running::of(begun))),
            None => {
                if let Some(running) = &mut *self.0 {
                    running.leave();
                }
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn end(&mut self, ended: Ended) {
        if let Some(running) = self.0.take() {
            running.end(ended);
        }
    }

    /// The end of what is no success for sure.
    #[inline(never)]
    pub(super) fn end_judged<R: ?Sized>(
        &mut self,
        begun: Option<Begun>,
        judge: &impl Judge<R>,
        returned: &R,
    ) {
        if let Some(begun) = begun {
            begun.end(|series| read(judge, returned, series));
        } else if let Some(mut running) = self.0.take() {
            running.leave();
            running.end_judged(judge, returned);
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn unwound(&mut self, begun: Option<Begun>) {
        self.pause(begun);
        self.end(Ended::with(Outcome::Failure(Reason::Panicked)));
    }
}

impl Drop for Stage {
    /// Where there is no attempt there is nothing else to drop.
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.end(Ended::with(Outcome::Failure(Reason::Cancelled)));
        }
    }
}
