//! The library's series, with next to nothing around it.

#[path = "../../../auth-metrics/src/handle/series.rs"]
#[allow(dead_code, reason = "the library uses more of it than these tests")]
mod series;

use std::sync::Arc;

pub(crate) use series::{Counts, Series};

use crate::events::Ending;
use crate::storage::Ticks;
use crate::terms::Positions;

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
        Positions,
        None,
    )
}

/// Nobody follows the model.
pub(crate) struct Followed;

impl Followed {
    pub(crate) fn end(&self, _: &Ending, _: Option<&()>) {}
}

struct Core {
    clock: Clock,
    is_plain: bool,
    buckets: Arc<Buckets>,
    internal_errors: InternalErrors,
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
