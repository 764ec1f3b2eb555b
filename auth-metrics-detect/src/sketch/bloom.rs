//! `Filter`: a set of hashes in two generations, which forgets what is old.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::keys::mix;

/// Words of a block: one cache line.
const BLOCK: usize = 8;
/// Bits of an element.
const BITS: u32 = 6;
/// Bits of memory for each element.
const BITS_OF_ELEMENT: usize = 8;

/// A blocked Bloom filter of two generations. New elements go into the young one; when that is full or old, it becomes the old one.
pub(crate) struct Filter {
    words: Arc<[AtomicU64]>,
    young: Arc<AtomicU64>,
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
        Filter { words, young: Arc::default(), inserted: 0, began: 0.0, lifetime }
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
        if now - self.began > self.lifetime || self.inserted as usize > full {
            self.turn(now);
        }
        let half = self.young.load(Ordering::Relaxed) as usize * self.words.len() / 2;
        let (block, bits) = place(hash, self.words.len() / 2);
        let mut is_new = false;
        for (word, bit) in bits {
            let word = &self.words[half + block + word];
            let before = word.load(Ordering::Relaxed);
            is_new |= before & bit == 0;
            word.store(before | bit, Ordering::Relaxed);
        }
        self.inserted += u32::from(is_new);
        is_new
    }

    /// Forgets the old generation.
    fn turn(&mut self, now: f64) {
        let young = 1 - self.young.load(Ordering::Relaxed);
        let half = self.words.len() / 2;
        let words = &self.words[young as usize * half..][..half];
        words.iter().for_each(|word| word.store(0, Ordering::Relaxed));
        self.young.store(young, Ordering::Relaxed);
        (self.inserted, self.began) = (0, now);
    }
}

impl FilterReader {
    pub(crate) fn contains(&self, hash: u64) -> bool {
        contains(&self.words, hash)
    }
}

/// Looks at both generations, whatever the answer.
fn contains(words: &[AtomicU64], hash: u64) -> bool {
    let half = words.len() / 2;
    let (block, bits) = place(hash, half);
    let mut missing = [0; 2];
    for (word, bit) in bits {
        missing[0] |= bit & !words[block + word].load(Ordering::Relaxed);
        missing[1] |= bit & !words[half + block + word].load(Ordering::Relaxed);
    }
    (missing[0] == 0) | (missing[1] == 0)
}

/// The first word of an element's block, and its bits.
fn place(hash: u64, words: usize) -> (usize, [(usize, u64); BITS as usize]) {
    let blocks = (words / BLOCK) as u64;
    let block = ((u128::from(hash) * u128::from(blocks)) >> 64) as usize * BLOCK;
    let mut rest = mix(hash, 0x51);
    let bits = std::array::from_fn(|_| {
        let at = rest & 511;
        rest >>= 9;
        ((at >> 6) as usize, 1 << (at & 63))
    });
    (block, bits)
}
