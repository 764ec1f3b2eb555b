//! A hash table of names that is only ever added to: read without a lock. It begins small and grows with its names, however
//! many it may take in the end.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::fast::RandomState;

/// How many places the first level has.
const FIRST: usize = 16;
/// Each level has twice as many places as the one before: the last has room for over a hundred million names.
const LEVELS: usize = 24;

/// The first and the last bytes of a name, which overlap in a short one: with its length, they are all of it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ends(u64, u64);

impl Ends {
    /// The most bytes that they can be all of.
    const ALL: usize = 16;

    #[inline]
    fn of(name: &[u8]) -> Ends {
        if let (Some(first), Some(last)) = (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            Ends(u64::from_ne_bytes(*first), u64::from_ne_bytes(*last))
        } else if let (Some(first), Some(last)) = (name.first_chunk::<4>(), name.last_chunk::<4>()) {
            Ends(u32::from_ne_bytes(*first).into(), u32::from_ne_bytes(*last).into())
        } else if let [first, .., last] = name {
            Ends((*first).into(), u64::from(name[name.len() / 2]) << 8 | u64::from(*last))
        } else {
            Ends(name.first().copied().unwrap_or_default().into(), 0)
        }
    }
}

/// A name with its value.
#[derive(Clone)]
struct Entry<V> {
    ends: Ends,
    name: Arc<str>,
    value: V,
}

/// An entry, once there is one here.
type Place<V> = OnceLock<Entry<V>>;

/// Open addressing, never more than half full, so that every search ends at an empty place.
type Level<V> = Box<[Place<V>]>;

pub(crate) struct Lookup<V> {
    /// The newest level has every name; those before it stay for readers that are still there.
    levels: [OnceLock<Level<V>>; LEVELS],
    newest: AtomicUsize,
    hasher: RandomState,
    /// How many names there are; held while one is added.
    len: Mutex<usize>,
    capacity: usize,
}

impl<V: Copy> Lookup<V> {
    /// A table for `capacity` names.
    pub(crate) fn new(capacity: usize) -> Lookup<V> {
        Lookup {
            levels: std::array::from_fn(|_| OnceLock::new()),
            newest: AtomicUsize::new(0),
            hasher: RandomState::default(),
            len: Mutex::new(0),
            capacity,
        }
    }

    /// A reader that still has an older level misses the newest names only; whoever adds one looks again.
    pub(crate) fn get(&self, name: &str) -> Option<V> {
        if name.len() <= Ends::ALL {
            return self.get_short(name);
        }
        let ends = Ends::of(name.as_bytes());
        search(self.level()?, self.hash(name), |entry| entry.ends == ends && *entry.name == *name).ok()
    }

    /// The same in a few steps, of a name that is no longer than its ends. It finds no other.
    #[inline]
    pub(crate) fn get_short(&self, name: &str) -> Option<V> {
        if name.len() > Ends::ALL {
            return None;
        }
        let (ends, len) = (Ends::of(name.as_bytes()), name.len());
        search(self.level()?, self.hash_short(ends), |entry| entry.ends == ends && entry.name.len() == len)
            .ok()
    }

    #[inline]
    fn level(&self) -> Option<&Level<V>> {
        self.levels.get(self.newest.load(Ordering::Acquire))?.get()
    }

    fn hash(&self, name: &str) -> u64 {
        if name.len() <= Ends::ALL {
            return self.hash_short(Ends::of(name.as_bytes()));
        }
        let mut hasher = self.hasher.build_hasher();
        hasher.write(name.as_bytes());
        hasher.finish()
    }

    /// The hash of a name that is no longer than its ends. No more than nine have the same ones: they differ in length.
    #[inline]
    fn hash_short(&self, Ends(first, last): Ends) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u64(first);
        hasher.write_u64(last);
        hasher.finish()
    }

    /// The value of a name, made now from the number of names before it if it is new; none if there is no room.
    pub(crate) fn get_or_add(&self, name: &str, make: impl FnOnce(usize) -> V) -> Option<V> {
        if let Some(value) = self.get(name) {
            return Some(value);
        }
        let mut len = self.len.lock().unwrap_or_else(PoisonError::into_inner);
        let level = self.roomy(*len)?;
        let place = match search(level, self.hash(name), |entry| *entry.name == *name) {
            Ok(value) => return Some(value),
            Err(place) => place,
        };
        if *len == self.capacity {
            return None;
        }
        let ends = Ends::of(name.as_bytes());
        let entry = place.get_or_init(|| Entry { ends, name: name.into(), value: make(*len) });
        *len += 1;
        Some(entry.value)
    }

    /// The newest level, after it has room for one name more than `len`. It is called with the lock held.
    fn roomy(&self, len: usize) -> Option<&Level<V>> {
        let newest = self.newest.load(Ordering::Relaxed);
        let level = self.levels.get(newest)?.get_or_init(|| empty(FIRST << newest));
        if len < self.capacity && 2 * (len + 1) > level.len() {
            let next = self.levels.get(newest + 1)?.get_or_init(|| self.doubled(level));
            self.newest.store(newest + 1, Ordering::Release);
            return Some(next);
        }
        Some(level)
    }

    /// A level of twice the size with the same entries.
    fn doubled(&self, level: &Level<V>) -> Level<V> {
        let larger = empty(2 * level.len());
        for entry in level.iter().filter_map(OnceLock::get) {
            if let Err(place) = search(&larger, self.hash(&entry.name), |other| *other.name == *entry.name) {
                place.get_or_init(|| entry.clone());
            }
        }
        larger
    }
}

fn empty<V>(places: usize) -> Level<V> {
    (0..places).map(|_| OnceLock::new()).collect()
}

/// The value of a name, or the empty place where it belongs.
#[inline]
fn search<V: Copy>(level: &[Place<V>], hash: u64, is_it: impl Fn(&Entry<V>) -> bool) -> Result<V, &Place<V>> {
    let mask = level.len() - 1;
    // The hasher mixes the upper half best.
    let mut at = (hash >> 32) as usize & mask;
    loop {
        let place = &level[at];
        match place.get() {
            Some(entry) if is_it(entry) => return Ok(entry.value),
            Some(_) => at = (at + 1) & mask,
            None => return Err(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(index: usize) -> String {
        format!("service-{index}")
    }

    #[test]
    fn values_stay_while_the_table_grows() {
        let lookup = Lookup::new(5_000);
        for index in 0..5_000 {
            assert_eq!(lookup.get_or_add(&name(index), |index| index), Some(index));
        }
        assert!((0..5_000).all(|index| lookup.get(&name(index)) == Some(index)));
        assert_eq!(lookup.get_or_add("one more", |index| index), None);
        assert_eq!(lookup.get_or_add(&name(4_999), |_| 0), Some(4_999));
    }

    #[test]
    fn ends_of_a_short_name_are_all_of_it() {
        for len in 0..=Ends::ALL {
            let name = vec![b'n'; len];
            for at in 0..len {
                let mut other = name.clone();
                other[at] = b'm';
                assert!(Ends::of(&name) != Ends::of(&other), "byte {at} of {len}");
            }
        }
    }

    #[test]
    fn names_of_every_length_are_told_apart_by_each_byte() {
        let lookup = Lookup::new(5_000);
        let names: Vec<String> = (0..40)
            .flat_map(|len| {
                let changed = move |at| (0..len).map(|here| if here == at { 'm' } else { 'n' }).collect();
                (0..=len).map(changed)
            })
            .collect();
        for (index, name) in names.iter().enumerate() {
            assert_eq!(lookup.get(name), None, "{name}");
            assert_eq!(lookup.get_or_add(name, |index| index), Some(index), "{name}");
        }
        assert!(names.iter().enumerate().all(|(index, name)| lookup.get(name) == Some(index)));
    }

    #[test]
    fn places_grow_with_the_names_and_not_with_the_capacity() {
        let places = |names: usize| {
            let lookup = Lookup::new(65_536);
            for index in 0..names {
                lookup.get_or_add(&name(index), |index| index);
            }
            lookup.levels.iter().filter_map(OnceLock::get).map(|level| level.len()).sum::<usize>()
        };
        assert_eq!([places(0), places(1), places(8), places(9), places(1_000)], [0, 16, 16, 48, 4_080]);
    }

    #[test]
    fn threads_that_add_the_same_names_agree_on_their_values() {
        let lookup = Lookup::new(2_000);
        let found = std::thread::scope(|threads| {
            let add =
                || (0..2_000).map(|index| lookup.get_or_add(&name(index), |len| len).unwrap()).collect();
            let threads = [(); 4].map(|()| threads.spawn(add));
            threads.map(|thread| -> Vec<usize> { thread.join().unwrap() })
        });
        assert!(found.iter().all(|values| *values == found[0]));
    }
}
