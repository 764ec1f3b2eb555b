//! A hash table of names that is only ever added to: read without a lock, its entries never move.

use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, OnceLock, PoisonError};

use foldhash::fast::RandomState;

/// A name, with its hash before it and its value behind, once there is one here.
type Place<V> = OnceLock<(u64, Box<str>, V)>;

pub(crate) struct Lookup<V> {
    /// Open addressing, never more than half full, so that every search ends at an empty place.
    places: Box<[Place<V>]>,
    hasher: RandomState,
    /// How many names there are; held while one is added.
    len: Mutex<usize>,
    capacity: usize,
}

impl<V> Lookup<V> {
    pub(crate) fn new(capacity: usize) -> Lookup<V> {
        let places = (capacity.max(1) * 2).next_power_of_two();
        Lookup {
            places: (0..places).map(|_| OnceLock::new()).collect(),
            hasher: RandomState::default(),
            len: Mutex::new(0),
            capacity,
        }
    }

    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.search(name).ok()
    }

    #[inline]
    fn hash(&self, name: &str) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(name.as_bytes());
        hasher.finish()
    }

    /// The value of a name, or the empty place where it belongs.
    #[inline]
    fn search(&self, name: &str) -> Result<&V, &Place<V>> {
        let mask = self.places.len() - 1;
        let hash = self.hash(name);
        // The hasher mixes the upper half best.
        let mut at = (hash >> 32) as usize & mask;
        loop {
            let place = &self.places[at];
            match place.get() {
                Some((taken_hash, taken, value)) if *taken_hash == hash && **taken == *name => {
                    return Ok(value);
                }
                Some(_) => at = (at + 1) & mask,
                None => return Err(place),
            }
        }
    }

    /// The value of a name, made now from the number of names before it if it is new; none if there is no room.
    pub(crate) fn get_or_add(&self, name: &str, make: impl FnOnce(usize) -> V) -> Option<&V> {
        if let Some(value) = self.get(name) {
            return Some(value);
        }
        let mut len = self.len.lock().unwrap_or_else(PoisonError::into_inner);
        let place = match self.search(name) {
            Ok(value) => return Some(value),
            Err(place) => place,
        };
        if *len == self.capacity {
            return None;
        }
        let (_, _, value) = place.get_or_init(|| (self.hash(name), name.into(), make(*len)));
        *len += 1;
        Some(value)
    }
}
