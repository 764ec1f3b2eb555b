//! As little of the library's taxonomy as a series needs.

#[derive(Clone, Copy)]
pub(crate) struct Reason;

impl Reason {
    pub(crate) const ALL: &'static [Reason] = &[];

    pub(crate) fn position(self) -> usize {
        0
    }
}

/// A set with no reason in it.
#[derive(Clone, Copy)]
pub(crate) struct ReasonSet;

impl ReasonSet {
    pub(crate) const CAPACITY: usize = 1;
    pub(crate) const EMPTY: ReasonSet = ReasonSet;

    pub(crate) fn of(_: &[Reason]) -> ReasonSet {
        ReasonSet
    }

    pub(crate) fn union(self, _: ReasonSet) -> ReasonSet {
        ReasonSet
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Reason> {
        std::iter::empty()
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Success;

pub(crate) type Outcome = Success;

impl Success {
    pub(crate) fn reason(self) -> Option<Reason> {
        None
    }
}
