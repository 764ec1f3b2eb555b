//! `Times`: until when something holds, by hash, in a table of fixed size.

use crate::keys::place_of;

const ENTRIES: usize = 1024;
const WAYS: usize = 8;

/// The entry that ends first makes room. A hash without an entry is not set.
pub(super) struct Times(Box<[(u64, f64)]>);

impl Times {
    pub(super) fn new() -> Times {
        Times(vec![(0, 0.0); ENTRIES].into())
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }

    pub(super) fn is_set(&self, hash: u64, now: f64) -> bool {
        places(hash).any(|place| self.0[place].0 == hash && self.0[place].1 > now)
    }

    /// Sets it, unless it is set; whether it was not.
    pub(super) fn set(&mut self, hash: u64, now: f64, until: f64) -> bool {
        let is_new = !self.is_set(hash, now);
        if is_new {
            self.extend(hash, until);
        }
        is_new
    }

    /// Sets it until then, or longer if it is set longer.
    pub(super) fn extend(&mut self, hash: u64, until: f64) {
        let known = places(hash).find(|&place| self.0[place].0 == hash);
        let first = || places(hash).min_by(|&one, &other| self.0[one].1.total_cmp(&self.0[other].1));
        if let Some(entry) = known.or_else(first).map(|place| &mut self.0[place]) {
            let before = if entry.0 == hash { entry.1 } else { 0.0 };
            *entry = (hash, before.max(until));
        }
    }
}

fn places(hash: u64) -> std::ops::Range<usize> {
    let set = place_of(hash, ENTRIES / WAYS);
    set * WAYS..(set + 1) * WAYS
}
