//! How far the attempt of one call is, and what watches it while the user's code runs.

use std::mem::ManuallyDrop;

use super::attempt::{Running, read};
use super::call::{Begin, Known};
use super::target::Target;
use crate::handle::{Begun, Series};
use crate::storage::{Own, Ticks};
use crate::terms::{Ended, Outcome, Reason, ReasonSet};
use crate::verdict::Judge;

/// How far an attempt is between two polls. Dropped while it runs, it is cancelled.
pub(super) struct Stage(ManuallyDrop<Option<Running>>);

impl Stage {
    /// It has not started, or it runs on one thread without a pause, or it is over.
    #[inline]
    pub(super) fn new() -> Stage {
        Stage(ManuallyDrop::new(None))
    }

    /// The user's code runs now; the attempt starts, if it is still to begin.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what it gives would go through memory")]
    pub(super) fn enter<B: Begin>(&mut self, call: &mut Option<B>, reasons: &'static ReasonSet) -> Watch<'_> {
        let mut begun = None;
        if let Some(call) = call.take() {
            match call.known(reasons) {
                Some(Known(series)) => {
                    begun = series.begin();
                    if begun.is_none() {
                        self.start_in(series);
                    }
                }
                None => self.start(call.into_target(reasons)),
            }
        } else {
            self.resume();
        }
        Watch { begun, stage: self }
    }

    /// Starts where [`Series::begin`] can't.
    #[inline(never)]
    fn start_in(&mut self, series: &'static Series) {
        self.start(Some((Target::process(series), 0)));
    }

    #[inline(never)]
    fn start(&mut self, target: Option<(Target, u64)>) {
        *self.0 = target.map(|(target, spent)| Running::start(target, spent));
        self.resume();
    }

    /// The user's code runs in an attempt that runs already.
    #[inline(never)]
    fn resume(&mut self) {
        if let Some(running) = &mut *self.0 {
            running.enter();
        }
    }

    /// The user's code waits.
    #[inline(never)]
    fn pause(&mut self) {
        if let Some(running) = &mut *self.0 {
            running.leave();
        }
    }

    /// Goes on with an attempt that does not end where it began.
    #[inline(never)]
    fn keep(&mut self, series: &'static Series, started: Ticks) {
        self.0 = ManuallyDrop::new(Some(Running::of(series, started)));
    }

    #[inline(never)]
    fn end(&mut self, ended: Ended) {
        if let Some(running) = self.0.take() {
            running.end(ended);
        }
    }

    fn end_judged<R: ?Sized>(&mut self, judge: &impl Judge<R>, returned: &R) {
        if let Some(mut running) = self.0.take() {
            running.leave();
            running.end_judged(judge, returned);
        }
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

/// An attempt while the user's code runs. If that unwinds, this is dropped: the attempt ends as panicked. A drop outside of
/// a poll is none of its business, even while some other future unwinds.
pub(super) struct Watch<'a> {
    /// An attempt that began here, and needs no place of its own as long as it does not go on elsewhere.
    begun: Option<Begun<'static>>,
    stage: &'a mut Stage,
}

impl Watch<'_> {
    /// The code waits.
    #[inline]
    pub(super) fn waits(self) {
        let mut watch = ManuallyDrop::new(self);
        match watch.begun {
            Some(Begun { series, started, .. }) => watch.stage.keep(series, started),
            None => watch.stage.pause(),
        }
    }

    /// The code has returned, and the attempt ends as the value says.
    #[inline]
    pub(super) fn returned<R: ?Sized>(self, judge: &impl Judge<R>, returned: &R) {
        let mut watch = ManuallyDrop::new(self);
        match watch.begun {
            Some(begun) if judge.succeeds(returned) => end_well_in(begun.series, begun.own, begun.nanos()),
            Some(begun) => {
                let nanos = begun.nanos();
                begun.series.end_in(begun.own, nanos, read(judge, returned, begun.series));
            }
            None => watch.stage.end_judged(judge, returned),
        }
    }
}

impl Drop for Watch<'_> {
    #[inline]
    fn drop(&mut self) {
        let started = self.begun.map_or(Ticks::NONE, |begun| begun.started);
        unwound(self.begun.map(|begun| begun.series), started, self.stage);
    }
}

/// It takes what began in parts: a whole one would be put into memory in every call, also where nothing unwinds.
#[cold]
#[inline(never)]
fn unwound(began_in: Option<&'static Series>, started: Ticks, stage: &mut Stage) {
    match began_in {
        Some(series) => stage.keep(series, started),
        None => stage.pause(),
    }
    stage.end(Ended::with(Outcome::Failure(Reason::Panicked)));
}

/// Counts a success where the attempt began. It takes what is known of that in parts: in registers.
#[inline(never)]
fn end_well_in(series: &'static Series, own: Own<'static>, nanos: u64) {
    series.end_well_in(own, nanos);
}
