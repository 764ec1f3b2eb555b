//! The cells of one operation of one service: one outcome cell and one histogram cell are written per attempt.

use std::sync::{Arc, OnceLock};

use super::nested::{enter_shortly, leave_shortly};
use super::{Core, Entered, Followed, InternalError, Place};
use crate::events::Ending;
use crate::storage::{Buckets, Cells, FirstRow, LINE, Machine, Rate, Ticks};
use crate::terms::{Ended, OperationKind, Outcome, Positions, ReasonSet};

const STARTED: usize = 0;
const SUCCESS: usize = 1;
const FIRST_REASON: usize = 2;
/// As many reasons as the first line of cells has room for stand there, the others after the buckets: so each bucket has the
/// same place in every series.
const NEAR_REASONS: usize = LINE - FIRST_REASON;
/// The first pair of cells of the buckets: each has its count and, beside that, its rest.
const FIRST_BUCKET: usize = LINE;
/// A row has room for the default buckets.
const ROW: usize = 64;

pub(crate) struct Series {
    core: Arc<Core>,
    /// The index of its service.
    service: usize,
    kind: OperationKind,
    followed: Option<Box<Followed>>,
    buckets: Arc<Buckets>,
    cells: Cells<Short, ROW>,
    /// The reasons that were known to be possible: each has a cell, in their order.
    reasons: Positions,
    /// The cell of each end: of a reason by its position, `NO_CELL` if it was not known to be possible, and of a success.
    end_cells: [u16; Ended::COUNT],
    /// By position, the reasons that came all the same.
    late: OnceLock<Cells>,
    /// The ends of attempts that were part of another one, by index, and then how many hid what failed inside of them.
    nested: OnceLock<Cells>,
}

/// The counter of those that hid something, after those of the ends.
const HIDING: usize = Ended::COUNT;

const NO_CELL: u16 = 0;

impl Series {
    pub(super) fn new(
        core: &Arc<Core>,
        service: usize,
        kind: OperationKind,
        reasons: Positions,
        followed: Option<Box<Followed>>,
    ) -> Series {
        let far_reasons = FIRST_BUCKET + 2 * core.buckets.count();
        let mut end_cells = [NO_CELL; Ended::COUNT];
        end_cells[Ended::with(Outcome::Success).index()] = u16::try_from(SUCCESS).unwrap_or(NO_CELL);
        let mut count = far_reasons;
        for (cell, position) in (FIRST_REASON..LINE).chain(far_reasons..).zip(reasons.iter()) {
            // There are not 600 cells.
            end_cells[position] = u16::try_from(cell).unwrap_or(NO_CELL);
            count = count.max(cell + 1);
        }
        Series {
            core: Arc::clone(core),
            service,
            kind,
            followed,
            buckets: Arc::clone(&core.buckets),
            cells: Cells::of(count),
            reasons,
            end_cells,
            late: OnceLock::new(),
            nested: OnceLock::new(),
        }
    }

    /// The index of its service.
    #[inline]
    pub(crate) fn service(&self) -> usize {
        self.service
    }

    /// What it keeps of an attempt beyond its counts, if anybody asks for more.
    pub(crate) fn followed(&self) -> Option<&Followed> {
        self.followed.as_deref()
    }

    /// Counts a start and reads the clock, where that takes next to nothing: the thread has cells near, the machine's clock
    /// times, and nobody observes. None, and nothing counted, elsewhere.
    #[inline]
    pub(crate) fn begin(&'static self) -> Option<Begun> {
        let short = self.cells.short()?.beside().get()?;
        short.row.count(STARTED)?;
        enter_shortly(self.kind);
        Some(Begun { short, started: short.machine.now() })
    }

    /// The same where it was not so before, but may be from now on.
    pub(crate) fn begin_shortly(&'static self) -> Option<Begun> {
        if !self.core.is_plain {
            return None;
        }
        let (block, machine) = (self.cells.short()?, Machine::calibrated()?);
        let row = block.first_row()?;
        let end_well =
            if self.followed.is_some() { Begun::end_well_followed } else { Begun::end_well_plainly };
        block.beside().get_or_init(|| Short {
            end_well,
            series: self,
            row,
            machine,
            rate: machine.rate(),
            buckets: &self.buckets,
        });
        self.begin()
    }

    /// Counts a start and reads the clock.
    pub(crate) fn start(&self) -> Ticks {
        self.cells.writer().add(STARTED, 1);
        self.core.clock.now()
    }

    /// Counts the end of an attempt that was entered and left, and tells the one around it.
    pub(crate) fn end_among(
        &self,
        place: Place,
        entered: Entered,
        is_nested: bool,
        nanos: u64,
        ended: Ended,
        knows_subject: bool,
    ) {
        if is_nested {
            self.end_nested(nanos, ended);
        } else {
            self.end(nanos, ended);
        }
        if (!is_nested || entered.keeps) && entered.inside.hidden_by(ended).is_some() {
            self.count_hiding();
        }
        if is_nested {
            place.tell(ended, knows_subject);
        }
    }

    /// The nanoseconds since a reading of this series' clock.
    pub(crate) fn nanos_since(&self, start: Ticks) -> u64 {
        self.core.clock.nanos_since(start)
    }

    /// Counts an end: when it came, and how.
    #[inline(never)]
    pub(crate) fn end(&self, nanos: u64, ended: Ended) {
        let writer = self.cells.writer();
        let (bucket, above) = self.buckets.place(nanos);
        writer.add_pair(FIRST_BUCKET + 2 * bucket, 1, above);
        match self.end_cells[ended.index()] {
            NO_CELL => self.end_late(ended),
            cell => writer.add(usize::from(cell), 1),
        }
    }

    #[inline(never)]
    fn end_well(&self, nanos: u64) {
        self.end(nanos, Ended::SUCCESS);
    }

    /// The kind of its operation.
    pub(crate) fn kind(&self) -> OperationKind {
        self.kind
    }

    /// Among which attempts its own are.
    pub(crate) fn place(&self) -> Place {
        self.core.place(self.kind)
    }

    /// Counts the end of an attempt that is part of another one.
    #[cold]
    pub(crate) fn end_nested(&self, nanos: u64, ended: Ended) {
        let (bucket, above) = self.buckets.place(nanos);
        self.cells.writer().add_pair(FIRST_BUCKET + 2 * bucket, 1, above);
        self.nested().writer().add(ended.index(), 1);
    }

    /// Counts an attempt that ended better than one inside of it.
    #[cold]
    pub(crate) fn count_hiding(&self) {
        self.nested().writer().add(HIDING, 1);
    }

    fn nested(&self) -> &Cells {
        self.nested.get_or_init(|| Cells::new(HIDING + 1))
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
        const ENDS: usize = NEAR_REASONS + 1;
        let mut ends = [0; 1 + ReasonSet::CAPACITY];
        let known = 1 + self.reasons.iter().count();
        let (near, far) = ends[..known].split_at_mut(known.min(ENDS));
        self.cells.add_sums(SUCCESS, near);
        if !far.is_empty() {
            self.cells.add_sums(FIRST_BUCKET + 2 * self.buckets.count(), far);
        }
        into.success += ends[0];
        for (position, count) in self.reasons.iter().zip(&ends[1..]) {
            into.reasons[position] += count;
        }
        into.seen = into.seen.union(self.reasons);
        if let Some(late) = self.late.get() {
            late.add_sums(0, &mut into.reasons);
            let counted = into.reasons.iter().enumerate().filter(|(_, count)| **count > 0);
            into.seen = counted.fold(into.seen, |seen, (position, _)| seen.with(position));
        }
        if let Some(nested) = self.nested.get() {
            Series::read_nested(nested, into);
        }
        let (counts, rests) = observed.split_at_mut(observed.len() / 2);
        self.cells.add_pair_sums(FIRST_BUCKET, counts, rests);
        into.started += self.cells.sum(STARTED);
    }
}

impl Series {
    fn read_nested(nested: &Cells, into: &mut Counts) {
        let mut counts = [0; HIDING + 1];
        nested.add_sums(0, &mut counts);
        let (ends, hiding) = counts.split_at(HIDING);
        into.hiding += hiding[0];
        into.success += ends[Ended::SUCCESS.index()];
        into.nested.copy_from_slice(ends);
        for (position, count) in
            ends.iter().enumerate().take(ReasonSet::CAPACITY).filter(|(_, count)| **count > 0)
        {
            into.reasons[position] += count;
            into.seen = into.seen.with(position);
        }
    }
}

/// All that an attempt needs which begins and ends on one thread without a pause, for a series that lives for ever.
pub(crate) struct Short {
    /// How it counts a success. Chosen once, so that those who read no trace make no test.
    end_well: fn(Begun),
    series: &'static Series,
    row: FirstRow<'static, ROW>,
    machine: &'static Machine,
    rate: Rate,
    buckets: &'static Buckets,
}

/// An attempt that has begun the short way; not to be kept across an await. Two words, so that it is handed on in registers.
#[derive(Clone, Copy)]
pub struct Begun {
    short: &'static Short,
    started: Ticks,
}

impl Begun {
    /// What it counts in, and when it started, to go on elsewhere.
    pub(crate) fn into_parts(self) -> (&'static Series, Ticks) {
        (self.short.series, self.started)
    }

    /// Counts a success, which is what most calls are.
    #[inline]
    pub(crate) fn end_well(self) {
        (self.short.end_well)(self);
    }

    fn end_well_plainly(self) {
        let nanos = self.nanos();
        if !leave_shortly(self.short.series.kind) {
            return self.short.end_inside(self.started, nanos, |_| Ended::SUCCESS);
        }
        if self.short.count(nanos, SUCCESS).is_none() {
            self.short.series.end_well(nanos);
        }
    }

    /// The same, and keeps the trace.
    fn end_well_followed(self) {
        let nanos = self.nanos();
        if !leave_shortly(self.short.series.kind) {
            return self.short.end_inside(self.started, nanos, |_| Ended::SUCCESS);
        }
        if self.short.count(nanos, SUCCESS).is_none() {
            self.short.series.end_well(nanos);
        }
        self.short.follow(self.started, nanos, Ended::SUCCESS, false);
    }

    /// Counts another end. How it ended may be the user's code that says so: the clock is read before.
    #[inline]
    pub(crate) fn end(self, ended: impl FnOnce(&Series) -> Ended) {
        let nanos = self.nanos();
        if !leave_shortly(self.short.series.kind) {
            return self.short.end_inside(self.started, nanos, ended);
        }
        self.short.end(self.started, nanos, ended(self.short.series));
    }

    #[inline]
    fn nanos(self) -> u64 {
        self.short.rate.nanos_between(self.started, self.short.machine.now())
    }
}

impl Short {
    #[inline(never)]
    fn end(&self, started: Ticks, nanos: u64, ended: Ended) {
        let cell = self.series.end_cells[ended.index()];
        if cell == NO_CELL || self.count(nanos, usize::from(cell)).is_none() {
            self.series.end(nanos, ended);
        }
        self.follow(started, nanos, ended, false);
    }

    /// The same for an attempt inside of another one, or with others inside.
    #[cold]
    #[inline(never)]
    fn end_inside(&self, started: Ticks, nanos: u64, ended: impl FnOnce(&Series) -> Ended) {
        let place = Place::of_process(self.series.kind);
        let mut entered = Entered::default();
        place.leave(&mut entered);
        let ended = ended(self.series);
        let is_nested = place.is_taken();
        self.series.end_among(place, entered, is_nested, nanos, ended, false);
        self.follow(started, nanos, ended, is_nested);
    }

    /// Keeps the trace of what ended, if traces are read.
    fn follow(&self, started: Ticks, nanos: u64, ended: Ended, is_nested: bool) {
        if let Some(followed) = self.series.followed() {
            // Nobody observes what goes the short way.
            followed.end(&Ending { ended, started, nanos, is_nested, is_told_inside: false }, None);
        }
    }

    /// Counts an end in a cell; none, and nothing counted, where one of its counters is in another row.
    #[inline]
    fn count(&self, nanos: u64, cell: usize) -> Option<()> {
        if cell >= ROW {
            return None;
        }
        let (bucket, above) = self.buckets.place_at_once(nanos)?;
        self.row.count_pair(FIRST_BUCKET + 2 * bucket, above)?;
        self.row.count(cell)
    }
}

/// What a series had counted at one moment, its histogram apart.
pub(crate) struct Counts {
    pub(crate) started: u64,
    pub(crate) success: u64,
    /// By position of the reason.
    pub(crate) reasons: [u64; ReasonSet::CAPACITY],
    /// Of all these, the ends of attempts that were part of another one, by index of the end.
    pub(crate) nested: [u64; Ended::COUNT],
    /// How many ended better than one inside of them.
    pub(crate) hiding: u64,
    /// The reasons that have a count, zero or not.
    pub(crate) seen: Positions,
}

impl Counts {
    pub(crate) const ZERO: Counts = Counts {
        started: 0,
        success: 0,
        reasons: [0; ReasonSet::CAPACITY],
        nested: [0; Ended::COUNT],
        hiding: 0,
        seen: Positions::NONE,
    };
}
