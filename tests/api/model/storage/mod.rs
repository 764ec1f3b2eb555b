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

pub(crate) use cells::Cells;
pub(crate) use latest::Latest;
use table::Table;

pub(crate) use crate::handle::Buckets;

/// A reading of a clock that stands still.
#[derive(Clone, Copy)]
pub(crate) struct Ticks;
