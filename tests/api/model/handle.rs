//! The library's series, with next to nothing around it.

#[path = "../../../auth-metrics/src/handle/series.rs"]
#[allow(dead_code, reason = "the library uses more of it than these tests")]
mod series;

use std::sync::Arc;

pub(crate) use nested::{Entered, Place};
pub(crate) use series::{Counts, Series};

use crate::events::Ending;
use crate::storage::Ticks;
use crate::terms::{OperationKind, Positions};

/// A series that knows of no failure.
pub(crate) fn new_series() -> Series {
    Series::new(
        &Arc::new(Core {
            clock: Clock,
            is_plain: true,
            buckets: Arc::new(Buckets),
            internal_errors: InternalErrors,
        }),
        0,
        OperationKind::Authentication,
        Positions,
        None,
    )
}

/// Nobody follows the model.
pub(crate) struct Followed;

/// No attempt of the model is inside of another one.
mod nested {
    use crate::terms::{Ended, OperationKind};

    pub(super) fn enter_shortly(_: OperationKind) {}

    pub(super) fn leave_shortly(_: OperationKind) -> bool {
        true
    }

    #[derive(Clone, Copy)]
    pub(crate) struct Place;

    impl Place {
        pub(crate) fn of_process(_: OperationKind) -> Place {
            Place
        }

        pub(crate) fn is_taken(self) -> bool {
            false
        }

        pub(crate) fn leave(self, _: &mut Entered) {}

        pub(crate) fn tell(self, _: Ended, _: bool) {}
    }

    #[derive(Clone, Copy, Default)]
    pub(crate) struct Entered {
        pub(crate) inside: Inside,
        pub(crate) keeps: bool,
    }

    #[derive(Clone, Copy, Default)]
    pub(crate) struct Inside;

    impl Inside {
        pub(crate) fn hidden_by(self, _: Ended) -> Option<Ended> {
            None
        }
    }
}

impl Followed {
    pub(crate) fn end(&self, _: &Ending, _: Option<&()>) {}
}

struct Core {
    clock: Clock,
    is_plain: bool,
    buckets: Arc<Buckets>,
    internal_errors: InternalErrors,
}

impl Core {
    fn place(&self, _: OperationKind) -> Place {
        Place
    }
}

struct Clock;

impl Clock {
    fn now(&self) -> Ticks {
        Ticks
    }

    fn nanos_since(&self, _: Ticks) -> u64 {
        0
    }
}

pub(crate) struct Buckets;

impl Buckets {
    pub(crate) fn count(&self) -> usize {
        1
    }

    pub(crate) fn place(&self, _: u64) -> (usize, u64) {
        (0, 0)
    }

    pub(crate) fn place_at_once(&self, _: u64) -> Option<(usize, u64)> {
        Some((0, 0))
    }
}

#[derive(Clone, Copy)]
pub(crate) enum InternalError {}

struct InternalErrors;

impl InternalErrors {
    fn count(&self, _: usize) {}
}
