//! `Filter`: a set of hashes in two generations, which forgets what is old.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::keys::{mix, place_of};
use crate::saved::Saved;

/// Words of a block: one cache line.
const BLOCK: usize = 8;
/// Bits of an element.
const BITS: u32 = 4;
/// Bits of memory for each element.
const BITS_OF_ELEMENT: usize = 8;

/// A blocked Bloom filter of two generations. New elements go into the young one; when that is full or old, it becomes the old one.
pub(crate) struct Filter {
    words: Arc<[AtomicU64]>,
    /// Whether the second half is the young generation.
    young: bool,
    inserted: u32,
    began: f64,
    lifetime: f64,
}

/// Reads a filter from any thread.
#[derive(Clone)]
pub(crate) struct FilterReader {
    words: Arc<[AtomicU64]>,
}

impl Filter {
    /// Makes a filter of so many bytes in all, whose generations live so many seconds at most.
    pub(crate) fn new(bytes: usize, lifetime: f64) -> Filter {
        let blocks = (bytes / (2 * BLOCK * 8)).max(1);
        let words = (0..2 * blocks * BLOCK).map(|_| AtomicU64::new(0)).collect();
        Filter { words, young: false, inserted: 0, began: 0.0, lifetime }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.words.len() * 8
    }

    pub(crate) fn reader(&self) -> FilterReader {
        FilterReader { words: Arc::clone(&self.words) }
    }

    pub(crate) fn contains(&self, hash: u64) -> bool {
        contains(&self.words, hash)
    }

    /// Adds an element; whether it was not in the young generation.
    pub(crate) fn insert(&mut self, hash: u64, now: f64) -> bool {
        let full = self.words.len() / 2 * 64 / BITS_OF_ELEMENT;
        self.pass(now);
        if self.inserted as usize > full {
            self.turn(now);
        }
        let half = usize::from(self.young) * self.words.len() / 2;
        let block = block_of(hash, self.words.len() / 2);
        let Some(words) = self.words.get(half + block..half + block + BLOCK) else { return false };
        let (mut rest, mut is_new) = (mix(hash, 0x51), false);
        for _ in 0..BITS {
            let word = &words[(rest >> 6 & 7) as usize];
            let (before, bit) = (word.load(Ordering::Relaxed), 1 << (rest & 63));
            is_new |= before & bit == 0;
            word.store(before | bit, Ordering::Relaxed);
            rest >>= 9;
        }
        self.inserted += u32::from(is_new);
        is_new
    }

    /// Lets time pass where nothing is added: what is too old is no longer in it.
    pub(crate) fn pass(&mut self, now: f64) {
        let age = now - self.began;
        if age > self.lifetime {
            self.turn(now);
        }
        if age > 2.0 * self.lifetime {
            self.turn(now);
        }
    }

    /// Forgets the old generation.
    fn turn(&mut self, now: f64) {
        self.young = !self.young;
        let half = self.words.len() / 2;
        let words = &self.words[usize::from(self.young) * half..][..half];
        for word in words {
            word.store(0, Ordering::Relaxed);
        }
        (self.inserted, self.began) = (0, now);
    }
}

impl FilterReader {
    pub(crate) fn contains(&self, hash: u64) -> bool {
        contains(&self.words, hash)
    }
}

/// Looks at both generations, whatever the answer.
#[inline]
fn contains(words: &[AtomicU64], hash: u64) -> bool {
    let half = words.len() / 2;
    let block = block_of(hash, half);
    let (young, old) = words.split_at(half);
    let (Some(young), Some(old)) = (young.get(block..block + BLOCK), old.get(block..block + BLOCK)) else {
        return false;
    };
    let (mut rest, mut missing_young, mut missing_old) = (mix(hash, 0x51), 0, 0);
    for _ in 0..BITS {
        let (word, bit) = ((rest >> 6 & 7) as usize, 1 << (rest & 63));
        missing_young |= bit & !young[word].load(Ordering::Relaxed);
        missing_old |= bit & !old[word].load(Ordering::Relaxed);
        rest >>= 9;
    }
    let (is_in_young, is_in_old) = (missing_young == 0, missing_old == 0);
    is_in_young | is_in_old
}

/// The first word of an element's block.
#[inline]
fn block_of(hash: u64, words: usize) -> usize {
    place_of(hash, words / BLOCK) * BLOCK
}

impl Filter {
    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.words.iter().for_each(|word| word.load(Ordering::Relaxed).save(out));
        self.young.save(out);
        self.inserted.save(out);
        self.began.save(out);
    }

    pub(crate) fn load(&mut self, input: &mut &[u8]) -> Option<()> {
        for word in &*self.words {
            word.store(u64::load(input)?, Ordering::Relaxed);
        }
        self.young = bool::load(input)?;
        self.inserted = u32::load(input)?;
        self.began = f64::load(input)?;
        Some(())
    }
}
