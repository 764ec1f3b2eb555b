//! Counters that each thread owns for itself: written by plain stores, summed when somebody reads.
//! A block of counters stays with its slot, so a thread that ends loses nothing and its successor goes on counting.
//!
//! A block of one's own costs memory, so a thread shares one until it has counted for a while: threads that count something
//! once, of which there may be hundreds, cost nothing.

use super::atomic::{AtomicU64, OnceLock, Ordering};
use super::{Table, slot};

/// Counters side by side. They begin with a pair of cache lines: what one thread writes never shares a line, or a prefetched
/// pair of lines, with another's.
#[repr(align(128))]
struct Row<const LEN: usize>([AtomicU64; LEN]);

/// How many counters stand in a pair of cache lines.
pub(crate) const LINE: usize = 16;

/// The counters of one thread, or those that threads share.
pub(crate) struct Block<T, const ROW: usize> {
    rows: Box<[Row<ROW>]>,
    /// What is known of them beside their counts; kept here for its owner, who is here anyway.
    beside: OnceLock<T>,
}

const NEAR: usize = 8;

/// A fixed number of counters that any thread may add to, in rows of `ROW`. What stands in the first row is reached soonest.
pub(crate) struct Cells<T = (), const ROW: usize = LINE> {
    /// The blocks of the first slots, one step away: few processes record from more threads.
    near: [OnceLock<Box<Block<T, ROW>>>; NEAR],
    /// The blocks of all other slots, once a thread has one of them.
    far: OnceLock<Box<Table<Box<Block<T, ROW>>>>>,
    /// For threads without a slot, and for those that have not counted often enough for a block of their own.
    shared: OnceLock<Box<Block<T, ROW>>>,
    count: usize,
}

impl Cells {
    pub(crate) fn new(count: usize) -> Cells {
        Cells::of(count)
    }
}

impl<T, const ROW: usize> Cells<T, ROW> {
    /// Counters of which something is kept beside their counts.
    pub(crate) fn of(count: usize) -> Cells<T, ROW> {
        let near = std::array::from_fn(|_| OnceLock::new());
        Cells { near, far: OnceLock::new(), shared: OnceLock::new(), count }
    }

    /// How many counters there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    fn block(&self) -> Block<T, ROW> {
        let row = || Row(std::array::from_fn(|_| AtomicU64::new(0)));
        let rows = (0..self.count.div_ceil(ROW)).map(|_| row()).collect();
        Block { rows, beside: OnceLock::new() }
    }

    /// The counters that only this thread adds to, if it has some near; not to be kept across an await.
    #[inline]
    pub(crate) fn own(&self) -> Option<&Block<T, ROW>> {
        self.near.get(slot::known())?.get().map(|block| &**block)
    }

    /// The same where the thread may go the short way.
    #[inline]
    pub(crate) fn short(&self) -> Option<&Block<T, ROW>> {
        self.near.get(slot::short())?.get().map(|block| &**block)
    }

    /// The counters that this thread adds to from here on; not to be kept across an await.
    #[inline]
    pub(crate) fn writer(&self) -> Writer<'_, ROW> {
        match self.own() {
            Some(block) => Writer { block: &block.rows, owned: true },
            None => self.other_writer(slot::current()),
        }
    }

    /// The counters of a thread that has none near, or none of its own here yet.
    #[inline(never)]
    fn other_writer(&self, slot: usize) -> Writer<'_, ROW> {
        let far = || self.far.get()?.get(slot.checked_sub(NEAR)?).map(|block| &**block);
        let owned = far().or_else(|| slot::earns_cells(slot).then(|| self.make_block(slot)).flatten());
        match owned {
            Some(block) => Writer { block: &block.rows, owned: true },
            None => Writer { block: &self.shared.get_or_init(|| Box::new(self.block())).rows, owned: false },
        }
    }

    /// A block that only the thread on this slot writes to; none beyond the slots.
    fn make_block(&self, slot: usize) -> Option<&Block<T, ROW>> {
        if let Some(near) = self.near.get(slot) {
            return Some(near.get_or_init(|| Box::new(self.block())));
        }
        let far = self.far.get_or_init(|| Box::new(Table::new(slot::SLOTS - NEAR)));
        far.get_or_make(slot - NEAR, || Box::new(self.block())).map(|block| &**block)
    }

    /// The sum of one counter over all threads.
    pub(crate) fn sum(&self, cell: usize) -> u64 {
        self.blocks().map(|block| at(block, cell).load(Ordering::Acquire)).fold(0, u64::saturating_add)
    }

    /// Adds the sums of the counters from `first` on to `sums`, thread by thread.
    pub(crate) fn add_sums(&self, first: usize, sums: &mut [u64]) {
        for block in self.blocks() {
            let (mut left, mut offset) = (&mut *sums, first % ROW);
            // Row by row: within one, the loop is a plain one over two slices.
            for row in &block[first / ROW..] {
                let cells = &row.0[offset..];
                let (here, further) = left.split_at_mut(left.len().min(cells.len()));
                for (sum, cell) in here.iter_mut().zip(cells) {
                    *sum = sum.saturating_add(cell.load(Ordering::Acquire));
                }
                (left, offset) = (further, 0);
            }
        }
    }

    /// The same for the pairs from `first` on: what was added to the one and to the other of each.
    pub(crate) fn add_pair_sums(&self, first: usize, ones: &mut [u64], others: &mut [u64]) {
        for block in self.blocks() {
            let (mut ones, mut others, mut offset) = (&mut *ones, &mut *others, first % ROW);
            for row in &block[first / ROW..] {
                let pairs = row.0[offset..].chunks_exact(2);
                let (here, further) = ones.split_at_mut(ones.len().min(pairs.len()));
                let (beside, further_beside) = others.split_at_mut(others.len().min(pairs.len()));
                for ((one, other), pair) in here.iter_mut().zip(beside).zip(pairs) {
                    *one = one.saturating_add(pair[0].load(Ordering::Acquire));
                    *other = other.saturating_add(pair[1].load(Ordering::Acquire));
                }
                (ones, others, offset) = (further, further_beside, 0);
            }
        }
    }

    fn blocks(&self) -> impl Iterator<Item = &[Row<ROW>]> {
        let near = self.near.iter().filter_map(OnceLock::get);
        let far = self.far.get().into_iter().flat_map(|far| far.iter());
        near.chain(far.map(|(_, block)| block)).chain(self.shared.get()).map(|block| &*block.rows)
    }
}

#[inline]
fn at<const ROW: usize>(block: &[Row<ROW>], cell: usize) -> &AtomicU64 {
    &block[cell / ROW].0[cell % ROW]
}

/// The counter at an even index, and the one beside it.
#[inline]
fn pair_at<const ROW: usize>(block: &[Row<ROW>], cell: usize) -> (&AtomicU64, &AtomicU64) {
    let (row, at) = (&block[cell / ROW].0, cell % ROW);
    (&row[at], &row[at | 1])
}

impl<T, const ROW: usize> Block<T, ROW> {
    /// What is kept beside the counts.
    #[inline]
    pub(crate) fn beside(&self) -> &OnceLock<T> {
        &self.beside
    }

    /// The counters of the first row, if there are any.
    pub(crate) fn first_row(&self) -> Option<FirstRow<'_, ROW>> {
        self.rows.first().map(FirstRow)
    }
}

/// The first counters of a block that no other thread adds to: a store is enough.
///
/// What is counted one by one does not fill a counter: that takes 500 years of nothing else.
///
/// Release: whoever sees this count also sees what this thread counted before, or what happened before it came here.
#[derive(Clone, Copy)]
pub(crate) struct FirstRow<'a, const ROW: usize>(&'a Row<ROW>);

impl<const ROW: usize> FirstRow<'_, ROW> {
    /// Adds one to a counter. None where it is in another row.
    #[inline]
    pub(crate) fn count(self, cell: usize) -> Option<()> {
        store_next(self.0.0.get(cell)?);
        Some(())
    }

    /// Adds one to a counter and `beside` to the one after it; that one first. None where they are in another row.
    #[inline]
    pub(crate) fn count_pair(self, cell: usize, beside: u64) -> Option<()> {
        let [counter, other] = self.0.0.get(cell..)?.first_chunk()?;
        store_sum(other, beside);
        store_next(counter);
        Some(())
    }
}

#[inline]
fn store_next(cell: &AtomicU64) {
    cell.store(cell.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
}

/// A count that is full stays full: a counter never falls.
#[inline]
fn store_sum(cell: &AtomicU64, amount: u64) {
    match cell.load(Ordering::Relaxed).checked_add(amount) {
        Some(sum) => cell.store(sum, Ordering::Release),
        None => fill(cell),
    }
}

#[cold]
fn fill(cell: &AtomicU64) {
    cell.store(u64::MAX, Ordering::Release);
}

/// Adds to counters from the thread that asked for it, whoever else adds to them: as [`FirstRow`] does, or all at once.
pub(crate) struct Writer<'a, const ROW: usize> {
    block: &'a [Row<ROW>],
    /// Whether no other thread writes to the block.
    owned: bool,
}

impl<const ROW: usize> Writer<'_, ROW> {
    pub(crate) fn add(&self, cell: usize, amount: u64) {
        self.add_to(at(self.block, cell), amount);
    }

    pub(crate) fn add_pair(&self, cell: usize, amount: u64, beside: u64) {
        let (cell, other) = pair_at(self.block, cell);
        self.add_to(other, beside);
        self.add_to(cell, amount);
    }

    fn add_to(&self, cell: &AtomicU64, amount: u64) {
        if self.owned {
            store_sum(cell, amount);
        } else {
            let add = |count: u64| Some(count.saturating_add(amount));
            // It always has a value to store.
            let _ = cell.fetch_update(Ordering::Release, Ordering::Relaxed, add);
        }
    }
}
