//! Counters that each thread owns for itself: written by plain stores, summed when somebody reads.
//! A block of counters stays with its slot, so a thread that ends loses nothing and its successor goes on counting.

use super::atomic::{AtomicU64, OnceLock, Ordering};
use super::{Table, slot};

/// Two cache lines: what one thread writes never shares a line, or a prefetched pair of lines, with another's.
#[repr(align(128))]
struct Line([AtomicU64; Line::CELLS]);

impl Line {
    const CELLS: usize = 16;
}

type Block = Box<[Line]>;

const NEAR: usize = 8;

/// A fixed number of counters that any thread may add to.
pub(crate) struct Cells {
    /// The blocks of the first slots, one step away: few processes record from more threads.
    near: [OnceLock<Block>; NEAR],
    /// The blocks of all other slots, once a thread has one of them.
    far: OnceLock<Box<Table<Block>>>,
    /// For threads without a slot of their own.
    shared: OnceLock<Block>,
    count: usize,
}

impl Cells {
    pub(crate) fn new(count: usize) -> Cells {
        let near = std::array::from_fn(|_| OnceLock::new());
        Cells { near, far: OnceLock::new(), shared: OnceLock::new(), count }
    }

    /// How many counters there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    fn block(&self) -> Block {
        let line = || Line(std::array::from_fn(|_| AtomicU64::new(0)));
        (0..self.count.div_ceil(Line::CELLS)).map(|_| line()).collect()
    }

    /// The counters that this thread adds to from here on; not to be kept across an await.
    #[inline]
    pub(crate) fn writer(&self) -> Writer<'_> {
        let slot = slot::current();
        let owned = match self.near.get(slot) {
            Some(near) => Some(near.get_or_init(|| self.block())),
            None => self.far_block(slot),
        };
        match owned {
            Some(block) => Writer { block, owned: true },
            None => Writer { block: self.shared.get_or_init(|| self.block()), owned: false },
        }
    }

    /// The counters of a slot that is not near; none beyond the slots: those threads share.
    fn far_block(&self, slot: usize) -> Option<&Block> {
        if slot >= slot::SLOTS {
            return None;
        }
        let far = self.far.get_or_init(|| Box::new(Table::new(slot::SLOTS - NEAR)));
        far.get_or_make(slot - NEAR, || self.block())
    }

    /// The sum of one counter over all threads.
    pub(crate) fn sum(&self, cell: usize) -> u64 {
        self.blocks().map(|block| at(block, cell).load(Ordering::Acquire)).fold(0, u64::saturating_add)
    }

    /// Adds the sums of the counters from `first` on to `sums`, thread by thread.
    pub(crate) fn add_sums(&self, first: usize, sums: &mut [u64]) {
        for block in self.blocks() {
            let cells = block.iter().flat_map(|line| &line.0).skip(first);
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum = sum.saturating_add(cell.load(Ordering::Acquire));
            }
        }
    }

    fn blocks(&self) -> impl Iterator<Item = &Block> {
        let near = self.near.iter().filter_map(OnceLock::get);
        let far = self.far.get().into_iter().flat_map(|far| far.iter());
        near.chain(far.map(|(_, block)| block)).chain(self.shared.get())
    }
}

#[inline]
fn at(block: &Block, cell: usize) -> &AtomicU64 {
    &block[cell / Line::CELLS].0[cell % Line::CELLS]
}

/// Adds to counters from the thread that asked for it.
pub(crate) struct Writer<'a> {
    block: &'a Block,
    /// Whether no other thread writes to the block.
    owned: bool,
}

impl Writer<'_> {
    /// A count that is full stays full: a counter never falls.
    ///
    /// Release: whoever sees this count also sees what this thread counted before, or what happened before it came here.
    #[inline]
    pub(crate) fn add(&self, cell: usize, amount: u64) {
        let cell = at(self.block, cell);
        if self.owned {
            cell.store(cell.load(Ordering::Relaxed).saturating_add(amount), Ordering::Release);
        } else {
            let add = |count: u64| Some(count.saturating_add(amount));
            // It always has a value to store.
            let _ = cell.fetch_update(Ordering::Release, Ordering::Relaxed, add);
        }
    }
}
