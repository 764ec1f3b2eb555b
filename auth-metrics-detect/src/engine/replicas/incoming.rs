//! `Incoming`: what other replicas told. Nothing of it lowers suspicion, or ends anything.

use super::super::state::State;
use super::NO_NEWS;
use crate::detector::Detector;
use crate::keys::mix;

/// What other replicas told, within limits that were checked.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    /// The evidence of all replicas together, by hash: about sources, networks, accounts.
    pub(crate) sums: [Vec<(u64, f32)>; 3],
    /// Pairs that succeeded elsewhere.
    pub(crate) pairs: Vec<u64>,
    /// Verdicts of others, and how long ago they had evidence, in seconds.
    pub(crate) verdicts: Vec<(Detector, u64, f64)>,
}

impl State {
    /// Takes in what others told.
    pub(crate) fn take_in(&mut self, incoming: &Incoming) {
        let now = self.now_of_replicas();
        let [sources, nets, subjects] = &incoming.sums;
        for (hash, sum) in sources {
            self.sources.raise(*hash, now, *sum);
        }
        for (hash, sum) in nets {
            self.nets.raise(*hash, now, *sum);
        }
        for (hash, sum) in subjects {
            self.subjects.raise(*hash, now, *sum);
        }
        let Some(replicas) = &mut self.replicas else { return };
        for pair in incoming.pairs.iter().filter(|pair| !self.familiar.contains(**pair)) {
            replicas.familiar.insert(*pair, now);
        }
        for (detector, hash, age) in incoming.verdicts.iter().filter(|(_, _, age)| *age < NO_NEWS) {
            // The same one here goes on as long as it has evidence anywhere.
            self.verdicts.renew(*detector, *hash, now);
            replicas.told.extend(mix(*hash, *detector as u64), now + NO_NEWS - age.max(0.0));
        }
        self.shared.publish_time(now);
    }
}
