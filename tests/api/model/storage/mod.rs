//! The library's cells and slots, with the checker's atomics under them.

pub(crate) mod atomic;
#[path = "../../../../auth-metrics/src/storage/cells.rs"]
#[allow(dead_code, reason = "the library uses more of it than these tests")]
mod cells;
#[path = "../../../../auth-metrics/src/storage/latest.rs"]
#[allow(dead_code, reason = "the library uses more of it than these tests")]
mod latest;
pub(crate) mod slot;
#[path = "../../../../auth-metrics/src/storage/table.rs"]
#[allow(dead_code, reason = "the library uses more of it than these tests")]
mod table;
#[path = "../../../../auth-metrics/src/storage/taken.rs"]
mod taken;

pub(crate) use cells::{Cells, FirstRow, LINE};
pub(crate) use latest::Latest;
use table::Table;

pub(crate) use crate::handle::Buckets;

/// A reading of a clock that stands still.
#[derive(Clone, Copy)]
pub(crate) struct Ticks;

/// That clock.
pub(crate) struct Machine;

#[expect(clippy::unused_self, reason = "the methods are those of the library")]
impl Machine {
    #[expect(clippy::unnecessary_wraps, reason = "the library's may not be there")]
    pub(crate) fn calibrated() -> Option<&'static Machine> {
        Some(&Machine)
    }

    pub(crate) fn now(&self) -> Ticks {
        Ticks
    }

    pub(crate) fn rate(&self) -> Rate {
        Rate
    }
}

/// Of which no time passes.
#[derive(Clone, Copy)]
pub(crate) struct Rate;

#[expect(clippy::unused_self, reason = "the methods are those of the library")]
impl Rate {
    pub(crate) fn nanos_between(self, _: Ticks, _: Ticks) -> u64 {
        0
    }
}
