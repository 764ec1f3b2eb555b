//! The cells of one operation of one service: one outcome cell and one histogram cell are written per attempt.

use std::sync::{Arc, OnceLock};

use super::{Core, Followed, InternalError};
use crate::storage::{Buckets, Cells, Ticks};
use crate::terms::{Ended, Outcome, Positions, ReasonSet};

const STARTED: usize = 0;
const SUCCESS: u8 = 1;
const FIRST_REASON: usize = 2;

pub(crate) struct Series {
    core: Arc<Core>,
    followed: Option<Box<Followed>>,
    buckets: Arc<Buckets>,
    cells: Cells,
    /// The reasons that were known to be possible: each has a cell, in their order.
    reasons: Positions,
    /// The cell of each end: of a reason by its position, `NO_CELL` if it was not known to be possible, and of a success.
    end_cells: [u8; Ended::COUNT],
    /// The first pair of cells of the buckets: each has its count and, beside that, its rest.
    first_bucket: usize,
    /// By position, the reasons that came all the same.
    late: OnceLock<Cells>,
}

const NO_CELL: u8 = 0;

impl Series {
    pub(super) fn new(core: &Arc<Core>, reasons: Positions, followed: Option<Box<Followed>>) -> Series {
        let mut end_cells = [NO_CELL; Ended::COUNT];
        end_cells[Ended::with(Outcome::Success).index()] = SUCCESS;
        let mut first_bucket = FIRST_REASON;
        for (cell, position) in (2_u8..).zip(reasons.iter()) {
            end_cells[position] = cell;
            first_bucket += 1;
        }
        let first_bucket = first_bucket.next_multiple_of(2);
        let cells = Cells::new(first_bucket + 2 * core.buckets.count());
        Series {
            core: Arc::clone(core),
            followed,
            buckets: Arc::clone(&core.buckets),
            cells,
            reasons,
            end_cells,
            first_bucket,
            late: OnceLock::new(),
        }
    }

    /// What it keeps of an attempt beyond its counts, if anybody asks for more.
    #[inline]
    pub(crate) fn followed(&self) -> Option<&Followed> {
        self.followed.as_deref()
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
    pub(crate) fn end(&self, nanos: u64, ended: Ended) {
        let writer = self.cells.writer();
        let (bucket, above) = self.buckets.place(nanos);
        writer.add_pair(self.first_bucket + 2 * bucket, 1, above);
        match self.end_cells[ended.index()] {
            NO_CELL => self.end_late(ended),
            cell => writer.add(usize::from(cell), 1),
        }
    }

    #[cold]
    fn end_late(&self, ended: Ended) {
        let late = self.late.get_or_init(|| Cells::new(ReasonSet::CAPACITY));
        late.writer().add(ended.index(), 1);
    }

    pub(crate) fn count_internal_error(&self, error: InternalError) {
        self.core.internal_errors.count(error as usize);
    }

    /// Adds what was counted to `into`. What ended is read before what started, so that no end is seen without its start.
    /// `observed` takes the counts of the buckets, then their rests.
    pub(crate) fn read(&self, into: &mut Counts, observed: &mut [u64]) {
        const ENDS: usize = SUCCESS as usize;
        let mut outcomes = [0; FIRST_REASON + ReasonSet::CAPACITY];
        self.cells.add_sums(ENDS, &mut outcomes[ENDS..self.first_bucket]);
        into.success += outcomes[ENDS];
        for (position, count) in self.reasons.iter().zip(&outcomes[FIRST_REASON..]) {
            into.reasons[position] += count;
        }
        into.seen = into.seen.union(self.reasons);
        if let Some(late) = self.late.get() {
            late.add_sums(0, &mut into.reasons);
            let counted = into.reasons.iter().enumerate().filter(|(_, count)| **count > 0);
            into.seen = counted.fold(into.seen, |seen, (position, _)| seen.with(position));
        }
        let (counts, rests) = observed.split_at_mut(observed.len() / 2);
        self.cells.add_pair_sums(self.first_bucket, counts, rests);
        into.started += self.cells.sum(STARTED);
    }
}

/// What a series had counted at one moment, its histogram apart.
pub(crate) struct Counts {
    pub(crate) started: u64,
    pub(crate) success: u64,
    /// By position of the reason.
    pub(crate) reasons: [u64; ReasonSet::CAPACITY],
    /// The reasons that have a count, zero or not.
    pub(crate) seen: Positions,
}

impl Counts {
    pub(crate) const ZERO: Counts =
        Counts { started: 0, success: 0, reasons: [0; ReasonSet::CAPACITY], seen: Positions::NONE };
}
