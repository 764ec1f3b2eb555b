//! The library's series, with next to nothing around it.

#[path = "../../../auth-metrics/src/handle/series.rs"]
#[allow(dead_code, reason = "the library uses more of it than these tests")]
mod series;

use std::sync::Arc;

pub(crate) use series::{Counts, Series};

use crate::storage::Ticks;
use crate::terms::Positions;

/// A series that knows of no failure.
pub(crate) fn new_series() -> Series {
    Series::new(&Arc::new(Core { clock: Clock, buckets: Buckets, faults: Faults }), Positions)
}

struct Core {
    clock: Clock,
    buckets: Buckets,
    faults: Faults,
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

struct Buckets;

impl Buckets {
    fn count(&self) -> usize {
        1
    }

    fn place(&self, _: u64) -> (usize, u64) {
        (0, 0)
    }
}

pub(crate) struct Fault;

struct Faults;

impl Faults {
    fn count(&self, _: Fault) {}
}
