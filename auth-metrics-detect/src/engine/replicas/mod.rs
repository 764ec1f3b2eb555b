//! What an engine shares with those of other replicas: what goes out and what comes in. Nobody here knows how it travels.

mod incoming;
mod outgoing;

pub(crate) use incoming::Incoming;
pub(crate) use outgoing::Outgoing;

use super::kept::{Replicas, SUSPECT, push};
use super::state::State;
use crate::detector::Detector;
use crate::detectors::{Convicted, Kind};
use crate::keys::mix;

/// Changes of evidence that can wait: about sources, networks, accounts.
const CHANGES: [usize; 3] = [512, 256, 256];
/// Failures that a source is excused because other replicas know its pairs, in a row.
const EXCUSES: u32 = 8;
/// How long a verdict of another replica makes the same one here no news, in seconds: as long as one is in force without evidence.
const NO_NEWS: f64 = 3600.0;
/// How often others are told that a verdict is still in force, in seconds.
const AGAIN: f64 = 600.0;

impl State {
    /// Shares from now on.
    pub(crate) fn share(&mut self) {
        let replicas = Replicas::new(self.options.memory / 8);
        self.shared.add_elsewhere(&replicas.familiar);
        self.sources.share(CHANGES[0]);
        self.nets.share(CHANGES[1]);
        self.subjects.share(CHANGES[2]);
        self.replicas = Some(Box::new(replicas));
    }

    pub(crate) fn bytes_of_replicas(&self) -> usize {
        let pending =
            self.sources.pending_bytes() + self.nets.pending_bytes() + self.subjects.pending_bytes();
        self.replicas.as_ref().map_or(0, |replicas| pending + replicas.bytes())
    }

    /// Tells others of a pair that succeeded, unless they know it.
    pub(crate) fn share_familiar(&mut self, known: u64) {
        if let Some(replicas) = self.replicas.as_mut().filter(|replicas| !replicas.familiar.contains(known)) {
            push(&mut replicas.pairs, known, &mut replicas.lost);
        }
    }

    /// Tells others of a verdict that had evidence here, now and then.
    pub(crate) fn share_verdict(&mut self, detector: Detector, convicted: Convicted, now: f64) {
        let (Some(hash), Some(replicas)) = (hash_of(convicted), &mut self.replicas) else { return };
        if replicas.said.set(mix(hash, detector as u64), now, now + AGAIN) {
            push(&mut replicas.verdicts, (detector, hash), &mut replicas.lost);
        }
    }

    /// Whether another replica told of a verdict already.
    pub(crate) fn is_told_elsewhere(&self, detector: Detector, convicted: Convicted, now: f64) -> bool {
        let (Some(hash), Some(replicas)) = (hash_of(convicted), &self.replicas) else { return false };
        replicas.told.is_set(mix(hash, detector as u64), now)
    }

    /// Whether an attempt is of a pair or a device that succeeded at another replica. `failing` is the source if it fails: it is excused
    /// some times, and not if there is evidence against it, so that a store that lies hides nobody for long.
    pub(crate) fn is_familiar_elsewhere(
        &mut self,
        known: [Option<u64>; 2],
        failing: Option<u64>,
        now: f64,
    ) -> bool {
        let Some(replicas) = &mut self.replicas else { return false };
        if !known.into_iter().flatten().any(|known| replicas.familiar.contains(known)) {
            return false;
        }
        let Some(source) = failing else { return true };
        let walk = self.sources.find(source).map_or(0.0, |index| self.sources.evidence(index, now));
        walk < SUSPECT && replicas.excused.fail(source, 0, now).1.nth <= EXCUSES
    }

    /// Has an account forgotten by the store too.
    pub(crate) fn forget_elsewhere(&mut self, subject: u64) {
        if let Some(replicas) = &mut self.replicas {
            self.subjects.sent(subject);
            replicas.verdicts.retain(|(_, hash)| *hash != subject);
            push(&mut replicas.forgotten, subject, &mut replicas.lost);
        }
    }
}

/// The hash of whom a verdict convicts. One about an operation is each replica's own.
fn hash_of(convicted: Convicted) -> Option<u64> {
    let (kind, hash) = convicted.parts();
    (kind != Kind::Operation).then_some(hash)
}
