//! `Walks`: the evidence about each of many, in a table of fixed size.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::fading::faded;
#[cfg(feature = "redis")]
use super::pending::Pending;
use crate::keys::place_of;
use crate::saved::Saved;

/// Entries of a set.
pub(super) const WAYS: usize = 8;
/// Evidence from which an entry is never evicted, in steps: 4 nats.
pub(super) const KEPT: u32 = 4 * 256;
/// No walk falls lower: nobody collects credit without end.
const FLOOR: f32 = -8.0;
const CEILING: f32 = 100.0;
/// Seconds of a tick.
const TICK: f64 = 8.0;
const TICKS: u64 = 1 << 22;
/// Evidence is kept in steps of this size.
const STEP: f32 = 1.0 / 256.0;
/// Credit counts this many times less when an entry is chosen for eviction.
const CREDIT: u32 = 3;
/// The flags of an entry: several are behind its evidence; only other replicas had attempts of it.
const SEVERAL: u64 = 1;
#[cfg(feature = "redis")]
pub(super) const GUEST: u64 = 2;

/// Walks by hash: a log-likelihood ratio that fades, and a note of eight bytes beside it.
///
/// The word of a walk can be read from any thread: tag (24 bits), flag (2), tick (22), evidence (16). An empty one is zero.
pub(crate) struct Walks<N> {
    words: Arc<[AtomicU64]>,
    notes: Box<[N]>,
    pub(super) half_life: f64,
    /// Half-lives of a tick, times 2^32.
    halvings: u64,
    /// What other replicas were not told yet; none if there are none.
    #[cfg(feature = "redis")]
    pub(super) pending: Option<Box<Pending>>,
}

/// Reads walks from any thread.
#[derive(Clone)]
pub(crate) struct Reader {
    words: Arc<[AtomicU64]>,
    half_life: f64,
}

/// How an entry was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It was there, or in an empty place.
    Free(usize),
    /// Another one with less evidence made room.
    Evicting(usize),
    /// All others of its set have evidence that must not be lost.
    Refused,
}

impl<N: Copy + Default> Walks<N> {
    /// Makes a table of so many bytes.
    pub(crate) fn new(bytes: usize, half_life: f64) -> Walks<N> {
        let sets = (bytes / (WAYS * (8 + size_of::<N>()))).max(1);
        let words = (0..sets * WAYS).map(|_| AtomicU64::new(0)).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "far below 2^53")]
        let halvings = (TICK / half_life * 4_294_967_296.0) as u64;
        Walks {
            words,
            notes: vec![N::default(); sets * WAYS].into(),
            half_life,
            halvings,
            #[cfg(feature = "redis")]
            pending: None,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.words.len() * (8 + size_of::<N>())
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader { words: Arc::clone(&self.words), half_life: self.half_life }
    }

    pub(crate) fn find(&self, hash: u64) -> Option<usize> {
        let set = set_of(hash, self.words.len());
        (set..set + WAYS).find(|&index| tag(self.word(index)) == tag_of(hash))
    }

    /// Finds an entry, or makes one in place of that with the least evidence.
    pub(crate) fn admit(&mut self, hash: u64, now: f64) -> Admission {
        if let Some(index) = self.find(hash) {
            return Admission::Free(index);
        }
        let set = set_of(hash, self.words.len());
        let now_tick = tick(now);
        let (mut index, mut least) = (set, u32::MAX);
        for way in set..set + WAYS {
            let word = self.word(way);
            if word == 0 {
                self.make(way, hash, now);
                return Admission::Free(way);
            }
            let worth = worth(word, now_tick, self.halvings);
            // What no attempt here was about never stands in the way of what one is about.
            let worth = if is_guest(word) { 0 } else { worth };
            if worth < least {
                (index, least) = (way, worth);
            }
        }
        if least >= KEPT {
            return Admission::Refused;
        }
        self.make(index, hash, now);
        Admission::Evicting(index)
    }

    /// Finds an entry, or makes one in an empty place.
    pub(crate) fn find_or_fill(&mut self, hash: u64, now: f64) -> Option<usize> {
        let set = set_of(hash, self.words.len());
        self.find(hash).or_else(|| {
            let free = (set..set + WAYS).find(|&way| self.word(way) == 0)?;
            self.make(free, hash, now);
            Some(free)
        })
    }

    fn make(&mut self, index: usize, hash: u64, now: f64) {
        self.notes[index] = N::default();
        self.put(index, tag_of(hash), 0, now, 0.0);
    }

    /// The evidence of an entry as of now.
    pub(crate) fn evidence(&self, index: usize, now: f64) -> f32 {
        evidence(self.word(index), now, self.half_life)
    }

    /// How long an entry is unchanged, in seconds, to some seconds.
    pub(crate) fn age(&self, index: usize, now: f64) -> f64 {
        seconds(age(self.word(index), tick(now)))
    }

    /// Adds evidence about the hash that an entry is of; returns what there is then.
    pub(crate) fn add(&mut self, index: usize, hash: u64, now: f64, ratio: f32) -> f32 {
        let before = self.evidence(index, now);
        let walk = (before + ratio).clamp(FLOOR, CEILING);
        #[cfg(feature = "redis")]
        if let Some(pending) = &mut self.pending {
            pending.add(hash, walk - before, now, self.half_life);
        }
        debug_assert_eq!(tag(self.word(index)), tag_of(hash), "the entry is of another hash");
        self.put(index, tag_of(hash), flag(self.word(index)) & SEVERAL, now, walk);
        walk
    }

    /// Sets whether several are behind the evidence, for readers.
    pub(crate) fn set_flag(&mut self, index: usize, is_set: bool) {
        let word = self.word(index) & !(3 << 38);
        self.words[index].store(word | u64::from(is_set) << 38, Ordering::Relaxed);
    }

    pub(crate) fn peek(&self, index: usize) -> &N {
        &self.notes[index]
    }

    pub(crate) fn note(&mut self, index: usize) -> &mut N {
        &mut self.notes[index]
    }

    /// Empties an entry.
    pub(crate) fn clear(&mut self, index: usize) {
        self.words[index].store(0, Ordering::Relaxed);
        self.notes[index] = N::default();
    }

    /// Empties all entries.
    pub(crate) fn clear_all(&mut self) {
        (0..self.words.len()).for_each(|index| self.clear(index));
    }

    /// Empties an entry that says nothing any more.
    pub(crate) fn sweep(&mut self, index: usize, now: f64) {
        if self.word(index) != 0 && self.evidence(index, now).abs() < 0.05 {
            self.clear(index);
        }
    }

    #[cfg(feature = "redis")]
    pub(super) fn worth(&self, index: usize, now: f64) -> u32 {
        worth(self.word(index), tick(now), self.halvings)
    }

    pub(super) fn word(&self, index: usize) -> u64 {
        self.words[index].load(Ordering::Relaxed)
    }

    pub(super) fn put(&mut self, index: usize, tag: u64, flag: u64, now: f64, walk: f32) {
        #[expect(clippy::cast_possible_truncation, reason = "clamped to far below")]
        let steps = (walk / STEP).round() as i16;
        let word = tag << 40 | flag << 38 | tick(now) << 16 | u64::from(steps.cast_unsigned());
        self.words[index].store(word, Ordering::Relaxed);
    }
}

impl Reader {
    /// The evidence about a hash and its flag; zero if there is none. The work is the same whatever the answer.
    pub(crate) fn evidence(&self, hash: u64, now: f64) -> (f32, bool) {
        let set = set_of(hash, self.words.len());
        let mut found = 0;
        for word in self.words.get(set..set + WAYS).unwrap_or_default() {
            let word = word.load(Ordering::Relaxed);
            found |= if tag(word) == tag_of(hash) { word } else { 0 };
        }
        (evidence(found, now, self.half_life), flag(found) & SEVERAL != 0)
    }
}

/// How much would be lost with an entry, in steps. It fades in halves, which is exact enough to choose by, and needs no exponential.
pub(super) fn worth(word: u64, now: u64, halvings: u64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the low 16 bits")]
    let steps = (word as u16).cast_signed();
    let left = u32::from(steps.unsigned_abs()) >> ((age(word, now) * halvings) >> 32).min(15);
    if steps < 0 { left / CREDIT } else { left }
}

fn steps(word: u64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "the low 16 bits")]
    let steps = (word as u16).cast_signed();
    f32::from(steps) * STEP
}

pub(super) fn set_of(hash: u64, entries: usize) -> usize {
    place_of(hash, entries / WAYS) * WAYS
}

/// Never zero: that is an empty word.
pub(super) fn tag_of(hash: u64) -> u64 {
    (hash & 0xff_ffff).max(1)
}

pub(super) fn tag(word: u64) -> u64 {
    word >> 40
}

pub(super) fn flag(word: u64) -> u64 {
    word >> 38 & 3
}

pub(super) fn is_guest(word: u64) -> bool {
    flag(word) & !SEVERAL != 0
}

fn tick(now: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the clock is never negative"
    )]
    let ticks = (now / TICK) as u64;
    ticks % TICKS
}

/// Ticks since an entry was changed.
fn age(word: u64, now: u64) -> u64 {
    let ticks = now.wrapping_sub(word >> 16) % TICKS;
    // More than half the range is not the past: a reader is ahead of the owner by a tick at most.
    if ticks > TICKS / 2 { 0 } else { ticks }
}

fn seconds(ticks: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "below 2^22")]
    let seconds = ticks as f64 * TICK;
    seconds
}

fn evidence(word: u64, now: f64, half_life: f64) -> f32 {
    steps(word) * faded(seconds(age(word, tick(now))), half_life)
}

impl<N: crate::saved::Saved> Walks<N> {
    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.words.iter().for_each(|word| word.load(Ordering::Relaxed).save(out));
        crate::saved::save_all(&self.notes, out);
    }

    pub(crate) fn load(&mut self, input: &mut &[u8]) -> Option<()> {
        for word in &*self.words {
            word.store(u64::load(input)?, Ordering::Relaxed);
        }
        crate::saved::load_all(&mut self.notes, input)
    }
}
