//! Counters, histogram bounds, clock and bounded names: lock-free where they are read or written often.
//! Knows no reason, no label and nothing of authentication.

mod atomic;
mod buckets;
mod cells;
mod clock;
mod latest;
mod lookup;
mod names;
mod slot;
mod table;
mod taken;

pub(crate) use buckets::Buckets;
pub(crate) use cells::{Cells, FirstRow, LINE};
pub use clock::Clock;
#[cfg(test)]
pub(crate) use clock::asked as calibrations_asked;
pub(crate) use clock::{Machine, Rate, Ticks, whole_nanos};
pub(crate) use latest::Latest;
pub(crate) use lookup::Lookup;
pub(crate) use names::Names;
pub(crate) use slot::{SLOTS, close_short, current as current_slot, open_short};
pub(crate) use table::Table;
