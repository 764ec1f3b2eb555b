//! What the windows of an operation say: campaigns, enumeration, regressions.

use super::options::Part;
use super::state::{State, Told};
use crate::detector::Detector;
use crate::detectors::{campaign, enumeration, regression};

impl State {
    /// Ends a window of an operation.
    pub(crate) fn close_window(&mut self, index: u8, at: f64, told: Told<'_>) {
        let (has_fleet, is_guarded) = (self.options.has(Part::Fleet), self.options.has(Part::Guard));
        let operation = self.operations.get_mut(index);
        if operation.is_idle() {
            return;
        }
        let failed = operation.tally.broken;
        let is_held = operation.is_held(at);
        let expected = operation.close_window(is_guarded, is_held);
        if !has_fleet {
            return;
        }
        let hash = u64::from(index) + 1;
        let is_regression = operation.regression.value;
        self.follow(index, at, (Detector::RegressionSuspected, is_regression, regression::ON, regression::OFF), told, |_| {
            regression::find(index, is_regression, failed, expected)
        });
        let is_in_force = self.verdicts.get(Detector::RegressionSuspected, hash).is_some();
        let operation = self.operations.get_mut(index);
        operation.held_since = is_in_force.then(|| operation.held_since.unwrap_or(at));
        let is_held = operation.is_held(at) || operation.regression.value >= regression::RISING;
        let (sum, probes) = (operation.campaign.value, operation.enumeration.value);
        let (shape, counts) = (operation.shape.word(), operation.shape.counts());
        let prior = operation.share_of_bad(at);
        if !is_held || self.verdicts.get(Detector::Campaign, hash).is_some() {
            self.follow(index, at, (Detector::Campaign, sum, campaign::ON, campaign::OFF), told, |_| {
                campaign::find(index, sum, prior, shape, counts)
            });
        }
        if !is_held || self.verdicts.get(Detector::Enumeration, hash).is_some() {
            self.follow(index, at, (Detector::Enumeration, probes, campaign::ON, campaign::OFF), told, |_| {
                enumeration::find_in(index, probes, prior, counts)
            });
        }
    }

    /// Begins, renews or ends the verdict of a sum.
    fn follow(
        &mut self,
        index: u8,
        at: f64,
        (detector, sum, on, off): (Detector, f32, f32, f32),
        told: Told<'_>,
        finding: impl FnOnce(&State) -> super::finding::Finding,
    ) {
        let hash = u64::from(index) + 1;
        let is_in_force = self.verdicts.get(detector, hash).is_some();
        if sum >= on && !is_in_force {
            let finding = finding(self);
            self.find_at(at, index, None, &finding, told);
        } else if is_in_force && sum > off {
            self.verdicts.renew(detector, hash, at);
        } else if is_in_force {
            self.end(detector, hash, at, told);
        }
    }
}
