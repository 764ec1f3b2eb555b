//! A bounded table of names in the order they came. What does not fit has one place of its own at the end. Knows nothing
//! of what the names stand for.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::{Lookup, Table};

/// Where a name stands: its index, and whether it was folded into the last place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) index: usize,
    pub(crate) folded: bool,
}

struct Entry<V> {
    name: Arc<str>,
    value: V,
}

pub(crate) struct Names<V> {
    indices: Lookup<usize>,
    entries: Table<Entry<V>>,
    /// Every entry below is complete.
    len: AtomicUsize,
    capacity: usize,
    /// What stands for every name that does not fit, at the index `capacity`; made when it is first needed.
    last: OnceLock<V>,
    last_name: Arc<str>,
}

impl<V> Names<V> {
    /// A table for `capacity` names; all others are `last_name`.
    pub(crate) fn new(capacity: usize, last_name: &'static str) -> Names<V> {
        Names {
            indices: Lookup::new(capacity),
            entries: Table::new(capacity),
            len: AtomicUsize::new(0),
            capacity,
            last: OnceLock::new(),
            last_name: last_name.into(),
        }
    }

    /// How many names fit.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many indices can be handed out.
    pub(crate) fn places(&self) -> usize {
        self.capacity + 1
    }

    /// The index of a name that is there.
    #[inline]
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.indices.get(name)
    }

    /// The value of a name, made now if the name is new. A name that `is_valid` refuses, or that finds the table full,
    /// is folded into the last place; that place's own name is there by right.
    #[inline]
    pub(crate) fn resolve(
        &self,
        name: &str,
        is_valid: impl FnOnce(&str) -> bool,
        make: impl Fn(usize) -> V,
    ) -> (Place, &V) {
        match self.find(name).and_then(|index| Some((index, self.get(index)?))) {
            Some((index, value)) => (Place { index, folded: false }, value),
            None => self.add(name, is_valid, make),
        }
    }

    #[cold]
    fn add(&self, name: &str, is_valid: impl FnOnce(&str) -> bool, make: impl Fn(usize) -> V) -> (Place, &V) {
        let added = if name != &*self.last_name && is_valid(name) { self.insert(name, &make) } else { None };
        let (index, value) =
            added.unwrap_or_else(|| (self.capacity, self.last.get_or_init(|| make(self.capacity))));
        (Place { index, folded: index == self.capacity && name != &*self.last_name }, value)
    }

    fn insert(&self, name: &str, make: &impl Fn(usize) -> V) -> Option<(usize, &V)> {
        let complete = |index| {
            self.entries.get_or_make(index, || Entry { name: name.into(), value: make(index) });
            index
        };
        let index =
            if self.is_full() { self.find(name)? } else { self.indices.get_or_add(name, complete)? };
        // Only now is the name's place in sight of those who find the table full.
        self.len.fetch_max(index + 1, Ordering::Release);
        Some((index, self.get(index)?))
    }

    fn is_full(&self) -> bool {
        self.len.load(Ordering::Acquire) == self.capacity
    }

    /// Where a name stands, or would be folded to; none if it is not there and would be added.
    pub(crate) fn stands_at(&self, name: &str, is_valid: impl FnOnce(&str) -> bool) -> Option<usize> {
        let folded =
            || (name == &*self.last_name || self.is_full() || !is_valid(name)).then_some(self.capacity);
        self.find(name).or_else(folded)
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&V> {
        if index == self.capacity {
            self.last.get()
        } else {
            self.entries.get(index).map(|entry| &entry.value)
        }
    }

    /// The name at an index that was handed out.
    pub(crate) fn name(&self, index: usize) -> &Arc<str> {
        self.entries.get(index).map_or(&self.last_name, |entry| &entry.name)
    }

    /// Every name so far with its index and value, in the order they came, the last place at the end if it is taken.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &Arc<str>, &V)> {
        let complete = self.entries.iter().take(self.len.load(Ordering::Acquire));
        let named = complete.map(|(index, entry)| (index, &entry.name, &entry.value));
        named.chain(self.last.get().map(|value| (self.capacity, &self.last_name, value)))
    }
}
