//! What watches an attempt while the user's code runs. It is compiled once for each annotated function, so it is a few calls.

use std::mem::ManuallyDrop;

use super::call::Begin;
use super::stage::Stage;
use crate::handle::Begun;
use crate::terms::ReasonSet;
use crate::verdict::Judge;

/// An attempt while the user's code runs. If that unwinds, this is dropped: the attempt ends as panicked. A drop outside of
/// a poll is none of its business, even while some other future unwinds.
pub(super) struct Watch<'a> {
    /// An attempt that began here, and needs no place of its own as long as it does not go on elsewhere.
    begun: Option<Begun>,
    stage: &'a mut Stage,
}

impl<'a> Watch<'a> {
    /// The user's code runs now; the attempt starts, if it is still to begin.
    #[inline]
    pub(super) fn enter<B: Begin>(
        stage: &'a mut Stage,
        call: &mut Option<B>,
        reasons: &'static ReasonSet,
    ) -> Watch<'a> {
        let mut begun = None;
        if let Some(call) = call.take() {
            begun = call.begin(reasons);
            if begun.is_none() {
                begun = call.start(stage, reasons);
            }
        } else {
            stage.resume();
        }
        Watch { begun, stage }
    }

    /// The code waits.
    #[inline]
    pub(super) fn waits(self) {
        let mut watch = ManuallyDrop::new(self);
        let begun = watch.begun;
        watch.stage.pause(begun);
    }

    /// The code has returned, and the attempt ends as the value says.
    #[inline]
    pub(super) fn returned<R: ?Sized>(self, judge: &impl Judge<R>, returned: &R) {
        let mut watch = ManuallyDrop::new(self);
        match watch.begun {
            Some(begun) if judge.succeeds(returned) => begun.end_well(),
            begun => watch.stage.end_judged(begun, judge, returned),
        }
    }
}

impl Drop for Watch<'_> {
    #[inline]
    fn drop(&mut self) {
        self.stage.unwound(self.begun);
    }
}
