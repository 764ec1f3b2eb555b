//! The cells of one operation of one service: one outcome cell and one histogram cell are written per attempt.

use std::sync::{Arc, OnceLock};

use super::{Core, Fault};
use crate::storage::{Cells, Ticks};
use crate::taxonomy::{Outcome, Reason, ReasonSet};

const STARTED: usize = 0;
const NANOS: usize = 1;
const SUCCESS: usize = 2;
const FIRST_REASON: usize = 3;

pub(crate) struct Series {
    core: Arc<Core>,
    cells: Cells,
    /// The reasons that were known to be possible: each has a cell, in their order.
    reasons: ReasonSet,
    /// The cell of each reason by its position; `NO_CELL` for one that was not known to be possible.
    reason_cells: [u8; ReasonSet::CAPACITY],
    first_bucket: usize,
    /// By position, the reasons that came all the same.
    late: OnceLock<Cells>,
}

const NO_CELL: u8 = 0;

impl Series {
    pub(super) fn new(core: &Arc<Core>, reasons: ReasonSet) -> Series {
        let mut reason_cells = [NO_CELL; ReasonSet::CAPACITY];
        let mut first_bucket = FIRST_REASON;
        for (cell, reason) in (3_u8..).zip(reasons.iter()) {
            reason_cells[reason.position()] = cell;
            first_bucket += 1;
        }
        let cells = Cells::new(first_bucket + core.buckets.count());
        Series { core: Arc::clone(core), cells, reasons, reason_cells, first_bucket, late: OnceLock::new() }
    }

    /// Counts a start and reads the clock.
    #[inline]
    pub(crate) fn start(&self) -> Ticks {
        self.cells.writer().add(STARTED, 1);
        self.core.clock.now()
    }

    /// The nanoseconds since a reading of this series' clock.
    #[inline]
    pub(crate) fn nanos_since(&self, start: Ticks) -> u64 {
        self.core.clock.nanos_since(start)
    }

    /// Counts an end: when it came, and how.
    #[inline]
    pub(crate) fn end(&self, nanos: u64, outcome: Outcome) {
        let writer = self.cells.writer();
        writer.add(NANOS, nanos);
        writer.add(self.first_bucket + self.core.buckets.index(nanos), 1);
        let cell =
            outcome.reason().map_or(SUCCESS, |reason| usize::from(self.reason_cells[reason.position()]));
        if cell == usize::from(NO_CELL) {
            self.end_late(outcome);
        } else {
            writer.add(cell, 1);
        }
    }

    #[cold]
    fn end_late(&self, outcome: Outcome) {
        if let Some(reason) = outcome.reason() {
            let late = self.late.get_or_init(|| Cells::new(ReasonSet::CAPACITY));
            late.writer().add(reason.position(), 1);
        }
    }

    pub(crate) fn count_fault(&self, fault: Fault) {
        self.core.faults.count(fault);
    }

    /// Adds what was counted to `into`. What ended is read before what started, so that no end is seen without its start.
    pub(crate) fn read(&self, into: &mut Counts, buckets: &mut [u64]) {
        let mut outcomes = [0; FIRST_REASON + ReasonSet::CAPACITY];
        self.cells.add_sums(NANOS, &mut outcomes[NANOS..self.first_bucket]);
        into.nanos = into.nanos.saturating_add(outcomes[NANOS]);
        into.success += outcomes[SUCCESS];
        for (reason, count) in self.reasons.iter().zip(&outcomes[FIRST_REASON..]) {
            into.reasons[reason.position()] += count;
        }
        into.seen = into.seen.union(self.reasons);
        if let Some(late) = self.late.get() {
            late.add_sums(0, &mut into.reasons);
            let counted = Reason::ALL.iter().filter(|reason| into.reasons[reason.position()] > 0);
            into.seen = counted.fold(into.seen, |seen, reason| seen.union(ReasonSet::of(&[*reason])));
        }
        self.cells.add_sums(self.first_bucket, buckets);
        into.started += self.cells.sum(STARTED);
    }
}

/// What a series had counted at one moment, its buckets apart.
pub(crate) struct Counts {
    pub(crate) started: u64,
    pub(crate) success: u64,
    pub(crate) nanos: u64,
    /// By position of the reason.
    pub(crate) reasons: [u64; ReasonSet::CAPACITY],
    /// The reasons that have a count, zero or not.
    pub(crate) seen: ReasonSet,
}

impl Counts {
    pub(crate) const ZERO: Counts = Counts {
        started: 0,
        success: 0,
        nanos: 0,
        reasons: [0; ReasonSet::CAPACITY],
        seen: ReasonSet::EMPTY,
    };
}
