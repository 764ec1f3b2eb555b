//! As little of the library's terms as a series needs: attempts that succeed, and no reason.

pub(crate) enum ReasonSet {}

impl ReasonSet {
    pub(crate) const CAPACITY: usize = 1;
}

/// A set with no reason in it.
#[derive(Clone, Copy)]
pub(crate) struct Positions;

impl Positions {
    pub(crate) const NONE: Positions = Positions;

    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        std::iter::empty()
    }

    pub(crate) fn union(self, _: Positions) -> Positions {
        Positions
    }

    pub(crate) fn with(self, _: usize) -> Positions {
        Positions
    }
}

#[derive(Clone, Copy)]
pub(crate) enum OperationKind {
    Authentication,
}

pub(crate) enum Outcome {
    Success,
}

/// How an attempt ended: after the one reason that there is room for comes the success.
#[derive(Clone, Copy)]
pub(crate) struct Ended;

impl Ended {
    pub(crate) const COUNT: usize = ReasonSet::CAPACITY + 1;

    pub(crate) const SUCCESS: Ended = Ended;

    pub(crate) fn with(outcome: Outcome) -> Ended {
        match outcome {
            Outcome::Success => Ended,
        }
    }

    pub(crate) fn index(self) -> usize {
        ReasonSet::CAPACITY
    }
}
