//! What replicas share of walks: changes go out, and sums come in.

use super::pending::Pending;
use super::walks::{GUEST, KEPT, WAYS, Walks, flag, is_guest, set_of, tag_of};

/// Entries of a set that only other replicas know.
const GUESTS: usize = 2;
/// No sum raises a walk above.
const MOST: f32 = 14.0;
/// Sums below tell nothing.
pub(crate) const LEAST: f32 = 4.0;

impl<N: Copy + Default> Walks<N> {
    /// Remembers changes from now on, so many at most.
    pub(crate) fn share(&mut self, changes: usize) {
        self.pending = Some(Box::new(Pending::new(changes)));
    }

    pub(crate) fn pending_bytes(&self) -> usize {
        self.pending.as_ref().map_or(0, |pending| pending.bytes())
    }

    /// Tells of every change.
    pub(crate) fn changes(&self, now: f64, tell: impl FnMut(u64, f32)) {
        if let Some(pending) = &self.pending {
            pending.each(now, self.half_life, tell);
        }
    }

    /// The change about a hash is not pending any more.
    pub(crate) fn sent(&mut self, hash: u64) {
        if let Some(pending) = &mut self.pending {
            pending.remove(hash);
        }
    }

    /// The change about a hash was not sent.
    pub(crate) fn unsent(&mut self, hash: u64, change: f32, now: f64) {
        if let Some(pending) = &mut self.pending {
            pending.add(hash, change, now, self.half_life);
        }
    }

    /// How many changes were lost since it was last asked.
    pub(crate) fn take_lost(&mut self) -> u64 {
        self.pending.as_mut().map_or(0, |pending| pending.take_lost())
    }

    /// Raises the evidence to the sum of all replicas, and to no more than 14. It never lowers it: a sum that lies clears nobody.
    pub(crate) fn raise(&mut self, hash: u64, now: f64, sum: f32) {
        let own = self.pending.as_ref().map_or(0.0, |pending| pending.get(hash, now, self.half_life));
        let evidence = (sum + own).min(MOST);
        if !sum.is_finite() || evidence < LEAST {
            return;
        }
        let (index, flags) = match self.find(hash) {
            Some(index) if evidence > self.evidence(index, now) => (index, flag(self.word(index))),
            Some(_) => return,
            None => match self.place_of_guest(hash, now, evidence) {
                Some(index) => {
                    *self.note(index) = N::default();
                    (index, GUEST)
                }
                None => return,
            },
        };
        self.put(index, tag_of(hash), flags, now, evidence);
    }

    /// Guests have few places, and none of an entry that attempts here were about and that has evidence.
    fn place_of_guest(&self, hash: u64, now: f64, evidence: f32) -> Option<usize> {
        let set = set_of(hash, self.len());
        let guests = (set..set + WAYS).filter(|&index| is_guest(self.word(index)));
        let weakest = |index: &usize| self.evidence(*index, now);
        if guests.clone().count() >= GUESTS {
            let weakest = guests.min_by(|one, other| weakest(one).total_cmp(&weakest(other)))?;
            return (self.evidence(weakest, now) < evidence).then_some(weakest);
        }
        let worth = |index: usize| if self.word(index) == 0 { 0 } else { 1 + self.worth(index, now) };
        let own = (set..set + WAYS).filter(|&index| !is_guest(self.word(index)));
        own.map(|index| (worth(index), index))
            .min()
            .filter(|(worth, _)| *worth <= KEPT)
            .map(|(_, index)| index)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the numbers are exact")]
mod tests {
    use super::*;
    use crate::sketch::Admission;

    const HALF_LIFE: f64 = 108_000.0;

    /// A table of one set.
    fn walks() -> Walks<u64> {
        let mut walks = Walks::new(WAYS * 16, HALF_LIFE);
        walks.share(64);
        walks
    }

    fn add(walks: &mut Walks<u64>, hash: u64, ratio: f32) {
        let (Admission::Free(index) | Admission::Evicting(index)) = walks.admit(hash, 0.0) else {
            panic!("no place")
        };
        walks.add(index, hash, 0.0, ratio);
    }

    fn evidence(walks: &Walks<u64>, hash: u64) -> f32 {
        walks.find(hash).map_or(0.0, |index| walks.evidence(index, 0.0))
    }

    #[test]
    fn sum_raises_and_never_lowers() {
        let mut walks = walks();
        add(&mut walks, 1, 6.0);
        walks.sent(1);
        for (sum, expected) in
            [(5.0, 6.0), (-100.0, 6.0), (f32::NAN, 6.0), (9.0, 9.0), (1e30, 14.0), (4.0, 14.0)]
        {
            walks.raise(1, 0.0, sum);
            assert_eq!(evidence(&walks, 1), expected, "{sum}");
        }
    }

    #[test]
    fn credit_that_is_on_its_way_is_not_undone() {
        let mut walks = walks();
        add(&mut walks, 1, 6.0);
        walks.sent(1);
        add(&mut walks, 1, -3.8);
        walks.raise(1, 0.0, 6.0);
        assert!((evidence(&walks, 1) - 2.2).abs() < 0.01);
    }

    #[test]
    fn guests_have_two_places_and_make_room() {
        let mut walks = walks();
        for hash in 1..=100 {
            walks.raise(hash, 0.0, 13.0);
        }
        let guests = (1..=100).filter(|hash| walks.find(*hash).is_some()).count();
        assert_eq!(guests, GUESTS);
        for hash in 200..208 {
            add(&mut walks, hash, 8.0);
        }
        assert!((200..208).all(|hash| evidence(&walks, hash) == 8.0), "attempts here come first");
        walks.raise(1, 0.0, 13.0);
        assert_eq!(walks.find(1), None);
    }

    #[test]
    fn guest_that_comes_here_is_none_any_more() {
        let mut walks = walks();
        walks.raise(1, 0.0, 6.0);
        add(&mut walks, 1, 2.0);
        assert_eq!(evidence(&walks, 1), 8.0);
        for hash in 200..207 {
            add(&mut walks, hash, 8.0);
        }
        assert_eq!(walks.admit(300, 0.0), Admission::Refused);
    }

    #[test]
    fn changes_are_those_that_evidence_had() {
        let mut walks = walks();
        add(&mut walks, 1, 2.0);
        add(&mut walks, 1, -30.0);
        let mut told = Vec::new();
        walks.changes(0.0, |hash, change| told.push((hash, change)));
        assert_eq!(told, [(1, -8.0)], "credit ends at the floor");
    }
}
