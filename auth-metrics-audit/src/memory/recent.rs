//! `Recent`: a table of what was seen lately, with a bound.

use std::collections::HashMap;

/// What is kept of each of those that were seen last: at least as many as it has room for, at most twice as many.
///
/// There are two halves. What is seen moves to the younger one; when that is full, the older one is forgotten and the younger one takes
/// its place.
pub(super) struct Recent<T> {
    room: usize,
    /// In milliseconds.
    life: u64,
    younger: HashMap<u64, Seen<T>>,
    older: HashMap<u64, Seen<T>>,
}

struct Seen<T> {
    at: u64,
    kept: T,
}

impl<T: Default> Recent<T> {
    pub(super) fn new(room: usize, life: u64) -> Recent<T> {
        Recent { room, life, younger: HashMap::with_capacity(room), older: HashMap::new() }
    }

    /// Returns what is kept of a hash: something new if it was not seen for its life.
    pub(super) fn get(&mut self, hash: u64, now: u64) -> &mut T {
        if !self.younger.contains_key(&hash) {
            let seen = self.older.remove(&hash).unwrap_or_else(|| Seen { at: now, kept: T::default() });
            if self.younger.len() >= self.room {
                self.older = std::mem::replace(&mut self.younger, HashMap::with_capacity(self.room));
            }
            self.younger.insert(hash, seen);
        }
        let seen = self.younger.entry(hash).or_insert_with(|| Seen { at: now, kept: T::default() });
        // A clock that was set back makes nobody old.
        if now.saturating_sub(seen.at) > self.life {
            seen.kept = T::default();
        }
        seen.at = now;
        &mut seen.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_kept_and_no_more_than_twice_the_room() {
        let mut recent = Recent::<u64>::new(10, 1_000);
        for hash in 0..1_000 {
            *recent.get(hash, hash) = hash + 1;
            let oldest = hash.saturating_sub(9);
            for kept in oldest..=hash {
                assert_eq!(*recent.get(kept, hash), kept + 1, "{kept} of {hash}");
            }
            assert!(recent.younger.len() + recent.older.len() <= 20);
        }
    }

    #[test]
    fn what_was_not_seen_for_its_life_is_new() {
        let mut recent = Recent::<u64>::new(10, 1_000);
        *recent.get(1, 5_000) = 7;
        assert_eq!(*recent.get(1, 6_000), 7);
        assert_eq!(*recent.get(1, 3_000), 7);
        assert_eq!(*recent.get(1, 4_001), 0);
    }
}
