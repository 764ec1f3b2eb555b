//! What `replicas` is without a feature that shares: nothing is shared, and nothing is known from elsewhere.

use super::state::State;
use crate::detector::Detector;
use crate::detectors::Convicted;

#[expect(clippy::unused_self, reason = "it is a state that shares otherwise")]
impl State {
    pub(crate) fn share_familiar(&mut self, _known: u64) {}

    pub(crate) fn share_verdict(&mut self, _detector: Detector, _convicted: Convicted, _now: f64) {}

    pub(crate) fn is_told_elsewhere(&self, _detector: Detector, _convicted: Convicted, _now: f64) -> bool {
        false
    }

    pub(crate) fn is_familiar_elsewhere(
        &mut self,
        _known: [Option<u64>; 2],
        _failing: Option<u64>,
        _now: f64,
    ) -> bool {
        false
    }

    pub(crate) fn forget_elsewhere(&mut self, _subject: u64) {}

    pub(crate) fn bytes_of_replicas(&self) -> usize {
        self.replicas.as_ref().map_or(0, |replicas| match **replicas {})
    }
}
