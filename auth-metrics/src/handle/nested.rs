//! The attempts that run on this thread, by kind. One inside of another of its kind is a part of that one: a login that asks two layers
//! is one login. Knows nothing of what they count in.
//!
//! A future is here while it is polled, so this is about its task and not about its thread.

use std::cell::{Cell, RefCell};

use crate::terms::{Ended, OperationKind, Outcome, OutcomeLabel, Reason};

/// A power of two, and no fewer than there are kinds: an index is in range without a look.
const KINDS: usize = 8;
const _: () = assert!(OperationKind::ALL.len() <= KINDS);

thread_local! {
    /// Those of the process's handle. Has no destructor, so it can be read until the very end of its thread.
    static OF_PROCESS: [Cell<Running>; KINDS] = const { [const { Cell::new(Running::NONE) }; KINDS] };
    /// Those of all other handles.
    static OF_OTHERS: RefCell<Vec<(Place, Running)>> = const { RefCell::new(Vec::new()) };
}

/// How many attempts of a kind run, one inside of the other, and what ended inside of the innermost that is told of it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Running(u32);

/// The lower bits count, the upper ones have what ended inside.
const DEPTH_BITS: u32 = 24;

impl Running {
    const NONE: Running = Running(0);
    const ONE: Running = Running(1);

    fn of(depth: u32, inside: Inside) -> Running {
        Running(depth | u32::from(inside.0) << DEPTH_BITS)
    }

    fn depth(self) -> u32 {
        self.0 & ((1 << DEPTH_BITS) - 1)
    }

    fn inside(self) -> Inside {
        Inside((self.0 >> DEPTH_BITS).to_le_bytes()[0])
    }
}

/// What ended inside of an attempt: nothing, or the worst end, and whether it was known of whom one of them was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inside(u8);

/// The bit for whom; the others have one more than the index of the worst end, of which there are 65.
const KNOWS_SUBJECT: u8 = 1 << 7;

impl Inside {
    fn of(ended: Ended, knows_subject: bool) -> Inside {
        let worst = u8::try_from(ended.index() + 1).unwrap_or_default();
        Inside(worst | if knows_subject { KNOWS_SUBJECT } else { 0 })
    }

    /// The end of an attempt that ended like this by itself, if what failed inside of it decides: the worse of both, and of two that are
    /// as bad the one inside, which knows why.
    pub(crate) fn decided(self, ended: Ended) -> Option<Ended> {
        let is_of_its_own = matches!(ended.outcome(), Outcome::Failure(Reason::Cancelled | Reason::Panicked));
        self.worst().filter(|worst| rank(*worst) > 0 && rank(*worst) >= rank(ended) && !is_of_its_own)
    }

    fn worst(self) -> Option<Ended> {
        Some(Ended::at(usize::from((self.0 & !KNOWS_SUBJECT).checked_sub(1)?)))
    }

    /// Together with what ended besides.
    fn and(self, other: Inside) -> Inside {
        let worse = match (self.worst(), other.worst()) {
            (None, _) => other,
            (Some(one), Some(another)) if rank(another) > rank(one) => other,
            _ => self,
        };
        Inside(worse.0 | (self.0 | other.0) & KNOWS_SUBJECT)
    }

    /// The worst end, if it is worse than another, which hides it.
    #[inline]
    pub(crate) fn hidden_by(self, ended: Ended) -> Option<Ended> {
        if self.0 == 0 { None } else { self.worse_than(ended) }
    }

    #[cold]
    fn worse_than(self, ended: Ended) -> Option<Ended> {
        let is_cancelled = ended.label() == OutcomeLabel::Cancelled;
        self.worst().filter(|worst| rank(*worst) > rank(ended) && !is_cancelled)
    }

    /// Whether it says already what an attempt around it says with its own end.
    pub(crate) fn tells(self, ended: Ended, knows_subject: bool) -> bool {
        let is_as_bad = self.worst().is_some_and(|worst| rank(worst) >= rank(ended));
        is_as_bad && (!knows_subject || self.0 & KNOWS_SUBJECT != 0)
    }
}

/// How bad an end is: what is no failure of anybody is not.
fn rank(ended: Ended) -> u8 {
    match ended.label() {
        OutcomeLabel::Success | OutcomeLabel::Interim | OutcomeLabel::Cancelled => 0,
        OutcomeLabel::Rejected => 1,
        OutcomeLabel::Error => 2,
    }
}

/// Among which attempts one is: those of its handle and its kind. The kind alone for the process's handle, and else what tells handles
/// apart with it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(usize);

/// An attempt that runs here, between its entry and its leave.
#[derive(Clone, Copy, Default)]
pub(crate) struct Entered {
    /// What ended inside of the attempt.
    pub(crate) inside: Inside,
    /// Whether the attempt keeps that for itself. If not, those around it are told too.
    pub(crate) keeps: bool,
    /// What had ended inside of the attempt around it.
    around: Inside,
}

impl Entered {
    /// One that has not been entered yet.
    pub(crate) fn new(keeps: bool) -> Entered {
        Entered { keeps, ..Entered::default() }
    }
}

impl Place {
    pub(super) const KINDS: usize = KINDS;

    pub(super) const fn of_process(kind: OperationKind) -> Place {
        Place(kind as usize)
    }

    /// `handle` tells handles that live apart: the address of something that no other has, and a multiple of eight.
    pub(super) fn of_handle(handle: usize, kind: OperationKind) -> Place {
        Place(handle | kind as usize)
    }

    pub(crate) fn is_of_process(self) -> bool {
        self.of_kind().is_some()
    }

    /// Where it is among those of the process's handle.
    #[inline]
    fn of_kind(self) -> Option<usize> {
        (self.0 < KINDS).then_some(self.0)
    }

    /// Whether an attempt runs here.
    #[inline]
    pub(crate) fn is_taken(self) -> bool {
        self.read().depth() > 0
    }

    /// An attempt runs here from now on.
    pub(crate) fn enter(self, entered: &mut Entered) {
        self.change(|running| {
            entered.around = running.inside();
            Running::of(running.depth() + 1, entered.inside)
        });
    }

    /// It does no longer. What was entered last is left first.
    pub(crate) fn leave(self, entered: &mut Entered) {
        self.change(|running| {
            let left = running.depth().saturating_sub(1);
            entered.inside = running.inside();
            let around = if entered.keeps { entered.around } else { entered.around.and(entered.inside) };
            if left == 0 { Running::NONE } else { Running::of(left, around) }
        });
    }

    /// Tells the attempt that runs here how one inside of it ended, and whether it was known of whom that one was.
    pub(crate) fn tell(self, ended: Ended, knows_subject: bool) {
        self.change(|running| {
            if running == Running::NONE {
                return running;
            }
            Running::of(running.depth(), running.inside().and(Inside::of(ended, knows_subject)))
        });
    }

    #[inline]
    fn read(self) -> Running {
        match self.of_kind() {
            Some(kind) => OF_PROCESS.try_with(|running| running[kind].get()).unwrap_or(Running::NONE),
            None => self.read_other(),
        }
    }

    fn read_other(self) -> Running {
        let read = |others: &RefCell<Vec<(Place, Running)>>| {
            let others = others.borrow();
            others.iter().find(|(place, _)| *place == self).map(|(_, running)| *running)
        };
        OF_OTHERS.try_with(read).ok().flatten().unwrap_or(Running::NONE)
    }

    #[inline]
    fn change(self, change: impl FnOnce(Running) -> Running) {
        if let Some(kind) = self.of_kind() {
            let _ = OF_PROCESS.try_with(|running| running[kind].set(change(running[kind].get())));
            return;
        }
        // A thread that is being torn down keeps none.
        let _ = OF_OTHERS.try_with(|others| {
            let mut others = others.borrow_mut();
            let at = others.iter().position(|(place, _)| *place == self);
            let changed = change(at.map_or(Running::NONE, |at| others[at].1));
            match at {
                Some(at) if changed == Running::NONE => drop(others.swap_remove(at)),
                Some(at) => others[at].1 = changed,
                None if changed == Running::NONE => {}
                None => others.push((self, changed)),
            }
        });
    }
}

/// Enters an attempt of the process's handle that goes the short way.
#[inline]
pub(super) fn enter_shortly(kind: OperationKind) {
    let _ = OF_PROCESS.try_with(|running| {
        let running = &running[kind as usize % KINDS];
        running.set(Running(running.get().0 + 1));
    });
}

/// Leaves it, if that is all there is to know: it was alone, and nothing is told of it.
#[inline]
pub(super) fn leave_shortly(kind: OperationKind) -> bool {
    let left = OF_PROCESS.try_with(|running| {
        let running = &running[kind as usize % KINDS];
        let is_alone = running.get() == Running::ONE;
        if is_alone {
            running.set(Running::NONE);
        }
        is_alone
    });
    left.unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    fn rejected() -> Ended {
        Ended::failed(Reason::InvalidCredentials)
    }

    fn error() -> Ended {
        Ended::failed(Reason::DependencyUnavailable)
    }

    fn places() -> [Place; 2] {
        [Place::of_process(OperationKind::Token), Place::of_handle(64, OperationKind::Token)]
    }

    fn entered(place: Place) -> Entered {
        let mut entered = Entered::default();
        place.enter(&mut entered);
        entered
    }

    /// What is told of an outermost attempt with these ends inside.
    fn inside(place: Place, ends: &[Ended]) -> Inside {
        let mut outer = entered(place);
        for ended in ends {
            place.leave(&mut entered(place));
            place.tell(*ended, false);
        }
        place.leave(&mut outer);
        assert!(!place.is_taken());
        outer.inside
    }

    #[test]
    fn the_worst_end_is_told_whatever_came_after() {
        for place in places() {
            assert_eq!(
                inside(place, &[rejected(), error(), rejected(), Ended::SUCCESS]),
                Inside::of(error(), false)
            );
            assert_eq!(inside(place, &[Ended::SUCCESS]).hidden_by(Ended::SUCCESS).map(Ended::index), None);
            assert_eq!(inside(place, &[]), Inside::default());
        }
    }

    #[test]
    fn an_end_is_hidden_by_a_better_one_and_never_by_a_cancellation() {
        let hidden = |by: Ended| Inside::of(rejected(), false).hidden_by(by).map(Ended::outcome);
        assert_eq!(hidden(Ended::SUCCESS), Some(Outcome::Failure(Reason::InvalidCredentials)));
        assert_eq!((hidden(rejected()), hidden(error())), (None, None));
        assert_eq!(hidden(Ended::failed(Reason::Cancelled)), None);
        assert_eq!(Inside::default().hidden_by(Ended::SUCCESS).map(Ended::outcome), None);
    }

    #[test]
    fn an_end_is_told_inside_if_it_is_no_worse_and_nobody_new_is_named() {
        let told = |inside: Ended, named, ended, names| Inside::of(inside, named).tells(ended, names);
        assert!(told(rejected(), true, rejected(), true) && told(rejected(), false, Ended::SUCCESS, false));
        assert!(!told(Ended::SUCCESS, true, rejected(), true), "the outer one has a failure of its own");
        assert!(!told(rejected(), false, rejected(), true), "the outer one alone knows who");
        assert!(!Inside::default().tells(Ended::SUCCESS, false));
    }

    #[test]
    fn the_worse_end_decides_and_of_equals_the_one_inside() {
        let decided = |by: Ended| Inside::of(rejected(), false).decided(by).map(Ended::outcome);
        let inside = Some(Outcome::Failure(Reason::InvalidCredentials));
        assert_eq!(
            (decided(Ended::SUCCESS), decided(Ended::failed(Reason::TokenMalformed))),
            (inside, inside)
        );
        assert_eq!((decided(error()), decided(Ended::failed(Reason::Cancelled))), (None, None));
        assert_eq!(
            Inside::of(error(), true).decided(Ended::failed(Reason::Panicked)).map(Ended::outcome),
            None
        );
        assert_eq!(Inside::default().decided(rejected()).map(Ended::outcome), None);
        assert_eq!(
            Inside::of(Ended::SUCCESS, true).decided(Ended::failed(Reason::MfaRequired)).map(Ended::outcome),
            None
        );
    }

    #[test]
    fn kinds_and_handles_do_not_meet() {
        let token = Place::of_handle(64, OperationKind::Token);
        let mut running = entered(token);
        let others =
            [Place::of_handle(72, OperationKind::Token), Place::of_handle(64, OperationKind::Session)];
        assert!(others.iter().all(|place| !place.is_taken()) && token.is_taken());
        token.leave(&mut running);
    }

    #[test]
    fn what_ends_inside_is_told_all_around_unless_somebody_keeps_it() {
        for (place, keeps) in places().into_iter().flat_map(|place| [(place, false), (place, true)]) {
            let (mut outer, mut middle) = (entered(place), Entered::new(keeps));
            place.enter(&mut middle);
            place.tell(error(), true);
            place.leave(&mut middle);
            place.leave(&mut outer);
            let told = Inside::of(error(), true);
            assert_eq!((middle.inside, outer.inside), (told, if keeps { Inside::default() } else { told }));
        }
    }

    #[test]
    fn an_attempt_is_told_of_what_is_inside_and_not_of_what_was_before() {
        for place in places() {
            let mut outer = entered(place);
            place.tell(error(), true);
            let mut second = entered(place);
            place.leave(&mut second);
            place.leave(&mut outer);
            assert_eq!((second.inside, outer.inside), (Inside::default(), Inside::of(error(), true)));
        }
    }

    #[test]
    fn an_attempt_that_waits_is_not_around_what_else_runs_here() {
        for place in places() {
            let mut waiting = entered(place);
            place.tell(rejected(), false);
            place.leave(&mut waiting);
            assert!(!place.is_taken());
            place.enter(&mut waiting);
            place.leave(&mut waiting);
            assert_eq!(waiting.inside, Inside::of(rejected(), false));
        }
    }

    #[test]
    fn the_short_way_is_left_shortly_only_where_nothing_is_told() {
        let kind = OperationKind::Enrolment;
        enter_shortly(kind);
        assert!(leave_shortly(kind));
        enter_shortly(kind);
        Place::of_process(kind).tell(rejected(), false);
        assert!(!leave_shortly(kind));
        Place::of_process(kind).leave(&mut Entered::default());
        assert!(!Place::of_process(kind).is_taken());
    }
}
