//! A table that is filled as it is used: entries are made once, found without a lock, and never move.

use super::atomic::OnceLock;

const SEGMENT: usize = 32;

type Segment<T> = Box<[OnceLock<T>; SEGMENT]>;

pub(crate) struct Table<T> {
    segments: Box<[OnceLock<Segment<T>>]>,
    capacity: usize,
}

impl<T> Table<T> {
    /// A table for `capacity` entries, none of them made yet.
    pub(crate) fn new(capacity: usize) -> Table<T> {
        Table { segments: (0..capacity.div_ceil(SEGMENT)).map(|_| OnceLock::new()).collect(), capacity }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.segments.get(index / SEGMENT)?.get()?[index % SEGMENT].get()
    }

    /// The entry at `index`, made now if it was not; none beyond the capacity.
    #[inline]
    pub(crate) fn get_or_make(&self, index: usize, make: impl FnOnce() -> T) -> Option<&T> {
        if index >= self.capacity {
            return None;
        }
        let segment = self.segments.get(index / SEGMENT)?;
        let segment = segment.get_or_init(|| Box::new(std::array::from_fn(|_| OnceLock::new())));
        Some(segment[index % SEGMENT].get_or_init(make))
    }

    /// The entries made so far, with their indices in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        let segments =
            self.segments.iter().enumerate().filter_map(|(index, segment)| Some((index, segment.get()?)));
        segments.flat_map(|(index, segment)| {
            let entries = segment.iter().enumerate();
            entries.filter_map(move |(offset, entry)| Some((index * SEGMENT + offset, entry.get()?)))
        })
    }
}
