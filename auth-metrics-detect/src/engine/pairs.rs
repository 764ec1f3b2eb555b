//! `Pairs`: how a source repeats its failures at one account.

use crate::keys::place_of;

/// Entries that share a place.
const WAYS: usize = 4;
/// A pause after which the count begins anew.
const FORGOTTEN_SECONDS: f64 = 6.0 * 3600.0;
/// Gaps that differ less than this share are those of a program with a timer.
const EVEN: f32 = 0.15;
/// Failures of a program, and how fast it is.
const PROGRAM: u32 = 25;
const PROGRAM_SECONDS: f32 = 15.0;
/// Gaps that say whether they are even.
const ENOUGH_GAPS: u32 = 4;

/// Failures of one pair in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Failures {
    tag: u32,
    /// In tenths of a second.
    last: u32,
    pub(crate) count: u32,
    /// Smoothed, in seconds; and by how much gaps differ from it.
    pub(crate) gap: f32,
    pub(crate) spread: f32,
    /// What repeats have weighed so far.
    pub(crate) weighed: f32,
    /// Where the first one was.
    pub(crate) operation: u8,
}

/// A failure beside the one before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    pub(crate) nth: u32,
    pub(crate) gap: f64,
    pub(crate) is_even: bool,
}

pub(crate) struct Pairs {
    entries: Box<[Failures]>,
}

impl Pairs {
    pub(crate) fn new(bytes: usize) -> Pairs {
        let sets = (bytes / size_of::<Failures>() / WAYS).max(1);
        Pairs { entries: vec![Failures::default(); sets * WAYS].into() }
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.entries)
    }

    /// Counts a failure. The oldest entry of a full place makes room.
    pub(crate) fn fail(&mut self, pair: u64, operation: u8, now: f64) -> (usize, Repeat) {
        let index = self.place(pair);
        let time = tenths(now);
        let entry = &mut self.entries[index];
        let gap = f64::from(time.wrapping_sub(entry.last)) / 10.0;
        if entry.tag != tag(pair) || gap > FORGOTTEN_SECONDS {
            *entry = Failures { tag: tag(pair), last: time, count: 1, operation, ..Failures::default() };
            return (index, Repeat { nth: 1, gap: f64::INFINITY, is_even: false });
        }
        entry.last = time;
        entry.count = entry.count.saturating_add(1);
        entry.learn_gap(gap);
        (index, Repeat { nth: entry.count, gap, is_even: entry.is_even() })
    }

    /// The failures of a pair, if they were within some seconds.
    pub(crate) fn within(&self, pair: u64, now: f64, seconds: f64) -> Option<&Failures> {
        let entry = &self.entries[self.place(pair)];
        let gap = f64::from(tenths(now).wrapping_sub(entry.last)) / 10.0;
        (entry.tag == tag(pair) && gap <= seconds).then_some(entry)
    }

    pub(crate) fn forget(&mut self, pair: u64) {
        if let Some(known) = self.set(pair).find(|&index| self.entries[index].tag == tag(pair)) {
            self.entries[known] = Failures::default();
        }
    }

    pub(crate) fn get(&mut self, index: usize) -> &mut Failures {
        &mut self.entries[index]
    }

    fn place(&self, pair: u64) -> usize {
        let set = self.set(pair);
        let first = set.start;
        let known = set.clone().find(|&index| self.entries[index].tag == tag(pair));
        known.or_else(|| set.min_by_key(|&index| self.entries[index].last)).unwrap_or(first)
    }

    fn set(&self, pair: u64) -> std::ops::Range<usize> {
        let sets = self.entries.len() / WAYS;
        let set = place_of(pair, sets) * WAYS;
        set..set + WAYS
    }
}

impl Failures {
    fn learn_gap(&mut self, gap: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "at most some hours")]
        let gap = gap as f32;
        if self.count == 2 {
            (self.gap, self.spread) = (gap, 0.0);
        } else {
            self.spread += ((gap - self.gap).abs() - self.spread) / 4.0;
            self.gap += (gap - self.gap) / 4.0;
        }
    }

    /// Whether no person has so much patience.
    pub(crate) fn is_program(&self) -> bool {
        self.count >= PROGRAM && self.gap < PROGRAM_SECONDS
    }

    pub(crate) fn is_even(&self) -> bool {
        self.count > ENOUGH_GAPS && self.spread <= EVEN * self.gap
    }
}

/// Never zero: that is an empty entry.
fn tag(pair: u64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the low half")]
    let tag = pair as u32;
    tag.max(1)
}

fn tenths(now: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it wraps after 13 years")]
    let tenths = (now * 10.0) as u64 as u32;
    tenths
}

impl Pairs {
    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        crate::saved::save_all(&self.entries, out);
    }

    pub(crate) fn load(&mut self, input: &mut &[u8]) -> Option<()> {
        crate::saved::load_all(&mut self.entries, input)
    }
}

crate::saved::saved! { Failures { tag, last, count, gap, spread, weighed, operation } }
