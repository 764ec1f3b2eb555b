//! `Verdicts`: the detections in force.

use crate::detector::{Action, Detector, Severity};
use crate::detectors::Kind;
use crate::keys::{mix, place_of};
use crate::saved::Saved;

/// Entries that share a place.
const WAYS: usize = 16;
/// The shortest silence that ends a verdict, and the longest that doesn't. Slow guessers get four of their own gaps.
const SHORTEST_SILENCE: f32 = 3600.0;
const LONGEST_SILENCE: f32 = 3.0 * 86_400.0;
const GAPS: f32 = 4.0;
/// How often verdicts are looked at, in seconds: an end may be told so much later.
const LOOKED_AT: f64 = 600.0;

/// A detection in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// Zero: the place is empty.
    pub(crate) id: u32,
    pub(crate) gap: f32,
    pub(crate) hash: u64,
    pub(crate) began: f64,
    /// Of the last piece of evidence, in seconds since it began.
    pub(crate) last: f32,
    pub(crate) detector: Detector,
    pub(crate) operation: u8,
    pub(crate) severity: Severity,
    pub(crate) action: Action,
    pub(crate) kind: Kind,
    /// Whether another replica told of it first.
    pub(crate) is_repeated: bool,
}

pub(crate) struct Verdicts {
    entries: Box<[Verdict]>,
    /// No verdict is over before.
    next: f64,
    /// How many were looked at in the pass that goes on.
    looked: usize,
    active: [u32; Detector::ALL.len()],
}

const EMPTY: Verdict = Verdict {
    id: 0,
    gap: 0.0,
    hash: 0,
    began: 0.0,
    last: 0.0,
    detector: Detector::SourceGuessing,
    operation: 0,
    severity: Severity::Notice,
    action: Action::Allow,
    kind: Kind::Operation,
    is_repeated: false,
};

impl Verdicts {
    pub(crate) fn new(bytes: usize) -> Verdicts {
        let sets = (bytes / size_of::<Verdict>() / WAYS).max(1);
        Verdicts {
            entries: vec![EMPTY; sets * WAYS].into(),
            next: 0.0,
            looked: 0,
            active: [0; Detector::ALL.len()],
        }
    }

    /// None, though each detector has one in force: it panics when it is used.
    #[cfg(test)]
    pub(super) fn lost() -> Verdicts {
        Verdicts { entries: Box::default(), next: 0.0, looked: 0, active: [1; Detector::ALL.len()] }
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.entries)
    }

    pub(crate) fn get(&self, detector: Detector, hash: u64) -> Option<&Verdict> {
        self.find(detector, hash).map(|index| &self.entries[index])
    }

    /// Renews a verdict that is in force; whether it is.
    pub(crate) fn renew(&mut self, detector: Detector, hash: u64, now: f64) -> bool {
        let Some(index) = self.find(detector, hash) else { return false };
        let verdict = &mut self.entries[index];
        let passed = seconds(now - verdict.began);
        verdict.gap += (passed - verdict.last - verdict.gap) / 4.0;
        verdict.last = passed;
        true
    }

    /// Whether there is a place for a verdict: a notice makes nobody give way.
    pub(crate) fn has_place(&self, detector: Detector, hash: u64, severity: Severity) -> bool {
        severity > Severity::Notice || self.places(detector, hash).any(|index| self.entries[index].id == 0)
    }

    /// Puts a verdict in force. If there is no place, a notice gives way, or else the one that has been silent longest: it is returned.
    pub(crate) fn begin(&mut self, verdict: Verdict) -> Option<Verdict> {
        let places = self.places(verdict.detector, verdict.hash);
        let index = places.clone().find(|&index| self.entries[index].id == 0).or_else(|| {
            let worth = |index: usize| (self.entries[index].severity, self.entries[index].until());
            places.min_by(|&one, &other| {
                let (one, other) = (worth(one), worth(other));
                one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
            })
        })?;
        let before = std::mem::replace(&mut self.entries[index], verdict);
        self.active[verdict.detector as usize] += 1;
        if before.id == 0 {
            return None;
        }
        self.active[before.detector as usize] -= 1;
        Some(before)
    }

    /// Ends a verdict.
    pub(crate) fn end(&mut self, detector: Detector, hash: u64) -> Option<Verdict> {
        let index = self.find(detector, hash)?;
        self.active[detector as usize] -= 1;
        Some(std::mem::replace(&mut self.entries[index], EMPTY))
    }

    /// Ends, untold, what is in force about an account.
    pub(crate) fn forget(&mut self, hash: u64) {
        for verdict in &mut self.entries {
            if verdict.id != 0 && verdict.kind == Kind::Subject && verdict.hash == hash {
                self.active[verdict.detector as usize] -= 1;
                *verdict = EMPTY;
            }
        }
    }

    /// How many verdicts of a detector are in force.
    pub(crate) fn active(&self, detector: Detector) -> u32 {
        self.active[detector as usize]
    }

    /// Ends one of the verdicts that have been silent too long.
    pub(crate) fn expire(&mut self, now: f64) -> Option<Verdict> {
        if now < self.next {
            return None;
        }
        while self.looked < self.entries.len() {
            let entry = &mut self.entries[self.looked];
            self.looked += 1;
            if entry.id != 0 && entry.over() <= now {
                let verdict = std::mem::replace(entry, EMPTY);
                self.active[verdict.detector as usize] -= 1;
                return Some(verdict);
            }
        }
        self.looked = 0;
        // Evidence only makes it later, and what begins lasts an hour.
        let next = self.iter().map(Verdict::over).fold(f64::INFINITY, f64::min);
        self.next = next.clamp(now + LOOKED_AT, now + f64::from(SHORTEST_SILENCE));
        None
    }

    /// The verdicts in force.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Verdict> {
        self.entries.iter().filter(|verdict| verdict.id != 0)
    }

    fn find(&self, detector: Detector, hash: u64) -> Option<usize> {
        if self.active(detector) == 0 {
            return None;
        }
        let is_meant = |&index: &usize| {
            let verdict = &self.entries[index];
            verdict.hash == hash && verdict.detector == detector && verdict.id != 0
        };
        self.places(detector, hash).find(is_meant)
    }

    fn places(&self, detector: Detector, hash: u64) -> std::ops::Range<usize> {
        let sets = self.entries.len() / WAYS;
        let set = place_of(mix(hash, detector as u64), sets) * WAYS;
        set..set + WAYS
    }
}

impl Verdict {
    /// When it had its last evidence.
    pub(crate) fn until(&self) -> f64 {
        self.began + f64::from(self.last)
    }

    /// When it is over, without further evidence.
    fn over(&self) -> f64 {
        self.until() + f64::from((GAPS * self.gap).clamp(SHORTEST_SILENCE, LONGEST_SILENCE))
    }
}

fn seconds(passed: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a verdict lasts days")]
    let passed = passed as f32;
    passed
}

impl Verdicts {
    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.next.save(out);
        crate::saved::save_all(&self.entries, out);
    }

    pub(crate) fn load(&mut self, input: &mut &[u8]) -> Option<()> {
        self.next = f64::load(input)?;
        crate::saved::load_all(&mut self.entries, input)?;
        for verdict in self.entries.iter().filter(|verdict| verdict.id != 0) {
            self.active[verdict.detector as usize] += 1;
        }
        Some(())
    }
}

crate::saved::saved! { Verdict { id, gap, hash, began, last, detector, operation, severity, action, kind, is_repeated } }
crate::saved::chosen! { Kind { Kind::Source, Kind::Net, Kind::Subject, Kind::Operation } }
crate::saved::chosen! { Severity { Severity::Notice, Severity::Attack, Severity::Critical } }
crate::saved::chosen! { Action { Action::Allow, Action::Slow, Action::Challenge, Action::StepUp, Action::Block } }

impl crate::saved::Saved for Detector {
    fn save(&self, out: &mut Vec<u8>) {
        out.push(*self as u8);
    }

    fn load(input: &mut &[u8]) -> Option<Detector> {
        Detector::ALL.get(usize::from(u8::load(input)?)).copied()
    }
}
