//! `Pending`: evidence that other replicas were not told yet, in a table of fixed size.

use super::fading::Fading;

/// Entries that share a place.
const WAYS: usize = 16;
/// Less is not worth a command.
const LEAST: f32 = 0.01;

/// Changes of evidence by hash. A full place loses its smallest change, which is counted.
pub(crate) struct Pending {
    entries: Box<[Change]>,
    lost: u64,
}

/// What was added about a hash since it was last sent, faded as evidence is. Nothing was: the entry is empty.
#[derive(Clone, Copy, Default)]
struct Change {
    hash: u64,
    sum: Fading,
}

impl Pending {
    pub(super) fn new(entries: usize) -> Pending {
        let sets = entries.div_ceil(WAYS).max(1);
        Pending { entries: vec![Change::default(); sets * WAYS].into(), lost: 0 }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.entries)
    }

    pub(super) fn add(&mut self, hash: u64, change: f32, now: f64, half_life: f64) {
        let places = self.places(hash);
        let place = places.clone().find(|&place| self.entries[place].hash == hash).or_else(|| {
            let size = |place: usize| self.entries[place].sum.get(now, half_life).abs();
            places.min_by(|&one, &other| size(one).total_cmp(&size(other)))
        });
        let Some(entry) = place.map(|place| &mut self.entries[place]) else { return };
        if entry.hash != hash {
            let before = entry.sum.get(now, half_life).abs();
            self.lost += u64::from(before >= LEAST);
            if before >= change.abs() {
                return;
            }
            *entry = Change { hash, sum: Fading::default() };
        }
        entry.sum.add(change, now, half_life);
    }

    /// What was added about a hash.
    pub(super) fn get(&self, hash: u64, now: f64, half_life: f64) -> f32 {
        let mut places = self.places(hash);
        let known = places.find(|&place| self.entries[place].hash == hash);
        known.map_or(0.0, |place| self.entries[place].sum.get(now, half_life))
    }

    /// Tells of every change that is worth it.
    pub(super) fn each(&self, now: f64, half_life: f64, mut tell: impl FnMut(u64, f32)) {
        for change in &self.entries {
            let sum = change.sum.get(now, half_life);
            if sum.abs() >= LEAST {
                tell(change.hash, sum);
            }
        }
    }

    pub(super) fn remove(&mut self, hash: u64) {
        if let Some(place) = self.places(hash).find(|&place| self.entries[place].hash == hash) {
            self.entries[place] = Change::default();
        }
    }

    /// How many changes were lost since it was last asked.
    pub(super) fn take_lost(&mut self) -> u64 {
        std::mem::take(&mut self.lost)
    }

    fn places(&self, hash: u64) -> std::ops::Range<usize> {
        let sets = (self.entries.len() / WAYS) as u128;
        let set = usize::try_from((u128::from(hash) * sets) >> 64).unwrap_or_default();
        set * WAYS..(set + 1) * WAYS
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn full_place_loses_its_smallest_change_and_counts_it() {
        let mut pending = Pending::new(WAYS);
        for hash in 1..=16 {
            pending.add(hash, 2.0, 0.0, 3600.0);
        }
        pending.add(1, 1.0, 0.0, 3600.0);
        assert_eq!(pending.take_lost(), 0);
        pending.add(17, 1.0, 0.0, 3600.0);
        assert_eq!(
            (pending.take_lost(), pending.get(17, 0.0, 3600.0)),
            (1, 0.0),
            "the new one is the smallest"
        );
        pending.add(17, -2.5, 0.0, 3600.0);
        assert_eq!((pending.take_lost(), pending.get(17, 0.0, 3600.0)), (1, -2.5));
        assert_eq!(pending.get(1, 0.0, 3600.0), 3.0, "the largest is kept");
        let mut told = 0;
        pending.each(0.0, 3600.0, |_, _| told += 1);
        assert_eq!(told, 16);
    }

    #[test]
    fn changes_fade_as_evidence_does() {
        let mut pending = Pending::new(WAYS);
        pending.add(1, 2.0, 0.0, 3600.0);
        assert_eq!(pending.get(1, 3600.0, 3600.0), 1.0);
    }
}
