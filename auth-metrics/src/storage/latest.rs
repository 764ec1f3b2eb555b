//! `Latest`: some words that are replaced now and then, by whichever thread comes first, and read whole. Knows nothing of what they say.
//!
//! Whoever writes makes the version odd, and even again when it is done. Who finds it odd, or changed, gives up: no one waits.

use super::atomic::{AtomicU64, Ordering, fence};

/// How often a reader tries.
const TRIES: usize = 3;

/// A few words, or none yet.
pub(crate) struct Latest<const WORDS: usize> {
    version: AtomicU64,
    words: [AtomicU64; WORDS],
}

impl<const WORDS: usize> Latest<WORDS> {
    pub(crate) fn new() -> Latest<WORDS> {
        Latest { version: AtomicU64::new(0), words: std::array::from_fn(|_| AtomicU64::new(0)) }
    }

    /// One of the words as it is now, which may be newer or older than the others; none before the first.
    #[inline]
    pub(crate) fn peek(&self, word: usize) -> Option<u64> {
        (self.version.load(Ordering::Acquire) != 0).then(|| self.words[word].load(Ordering::Relaxed))
    }

    /// Replaces the words, unless another thread does so now.
    pub(crate) fn set(&self, words: [u64; WORDS]) {
        let version = self.version.load(Ordering::Relaxed);
        if version % 2 == 1 {
            return;
        }
        let claimed =
            self.version.compare_exchange(version, version + 1, Ordering::Acquire, Ordering::Relaxed);
        if claimed.is_err() {
            return;
        }
        // Who reads one of the new words reads the odd version too.
        fence(Ordering::Release);
        for (place, word) in self.words.iter().zip(words) {
            place.store(word, Ordering::Relaxed);
        }
        self.version.store(version + 2, Ordering::Release);
    }

    /// The words, all of one time; none before the first, or if they are replaced again and again meanwhile.
    pub(crate) fn get(&self) -> Option<[u64; WORDS]> {
        (0..TRIES).find_map(|_| {
            let version = self.version.load(Ordering::Acquire);
            if version == 0 || version % 2 == 1 {
                return None;
            }
            let words = std::array::from_fn(|word| self.words[word].load(Ordering::Relaxed));
            // What was read before comes before the version that is read again.
            fence(Ordering::Acquire);
            (self.version.load(Ordering::Relaxed) == version).then_some(words)
        })
    }
}
