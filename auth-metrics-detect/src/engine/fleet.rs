//! What the windows of an operation say: campaigns, enumeration, regressions.

use auth_metrics::Snapshot;

use super::operations::PROCESS;
use super::options::Part;
use super::state::{State, Told};
use crate::detector::Detector;
use crate::detectors::{Finding, hash_of_operation};
use crate::detectors::{campaign, enumeration, exhaustion, mix as of_mix, regression};
use crate::keys::mix;
use crate::learning::{Forecast, Outlook};

impl State {
    /// Ends a window of an operation.
    pub(crate) fn close_window(&mut self, index: u8, at: f64, told: Told<'_>) {
        let (has_fleet, is_guarded) = (self.options.has(Part::Fleet), self.options.has(Part::Guard));
        let operation = self.operations.get_mut(index);
        if operation.is_idle() {
            return self.end_minute(index, at, false, told);
        }
        let failed = operation.tally.broken;
        let is_held = operation.is_held(at);
        let expected = operation.close_window(is_guarded, is_held);
        if !has_fleet {
            return;
        }
        let hash = hash_of_operation(index);
        let is_regression = operation.regression.value;
        self.follow(
            index,
            at,
            (Detector::RegressionSuspected, is_regression, regression::ON, regression::OFF),
            told,
            |_| regression::find(index, is_regression, failed, expected),
        );
        let is_in_force = self.verdicts.get(Detector::RegressionSuspected, hash).is_some();
        let operation = self.operations.get_mut(index);
        operation.held_since = is_in_force.then(|| operation.held_since.unwrap_or(at));
        let is_holding = operation.is_held(at);
        self.end_minute(index, at, is_holding, told);
        self.judge_sums(index, at, is_holding, told);
        self.operations.get_mut(index).shape.fade();
    }

    /// Follows the sums of strangers' failures, unless known users fail too.
    fn judge_sums(&mut self, index: u8, at: f64, is_holding: bool, told: Told<'_>) {
        let hash = hash_of_operation(index);
        let operation = self.operations.get(index);
        // What may become a regression holds too; what is one, no longer than it may.
        let is_rising = operation.held_since.is_none() && operation.regression.value >= regression::RISING;
        let is_held = is_holding || is_rising;
        let (sum, probes) = (operation.campaign.value, operation.enumeration.value);
        let (shape, counts) = (operation.shape.word(), operation.shape.counts());
        let prior = operation.share_of_bad(at);
        if !is_held || self.verdicts.get(Detector::Campaign, hash).is_some() {
            self.follow(index, at, (Detector::Campaign, sum, campaign::ON, campaign::OFF), told, |_| {
                campaign::find(index, sum, prior, shape, counts)
            });
        }
        // What single sources began goes on, and is not told twice.
        let of_single = enumeration::hash_of_single(index);
        let goes_on = probes > campaign::OFF && self.verdicts.renew(Detector::Enumeration, of_single, at);
        if !goes_on && (!is_held || self.verdicts.get(Detector::Enumeration, hash).is_some()) {
            self.follow(
                index,
                at,
                (Detector::Enumeration, probes, campaign::ON, campaign::OFF),
                told,
                |_| enumeration::find_in(index, probes, prior, counts),
            );
        }
    }

    /// Ends a minute of what is learned, and the verdict of a leak that is closed.
    fn end_minute(&mut self, index: u8, at: f64, is_held: bool, told: Told<'_>) {
        let hash = hash_of_operation(index);
        let hour = hour_of_week(self.clock.said(at));
        let is_leak_told = self.verdicts.get(Detector::TimingOracle, hash).is_some();
        let operation = self.operations.get_mut(index);
        let looks_attacked = operation.looks_attacked();
        let Some(lessons) = &mut operation.lessons else { return };
        let is_leaking = lessons.timing.is_leaking();
        let drifted = lessons.end_minute(hour, looks_attacked, is_held).and_then(|learned| learned.drift);
        if let Some(drifted) = drifted {
            self.find_at(at, index, None, &of_mix::find(index, &drifted), told);
        }
        if is_leak_told && is_leaking {
            self.verdicts.renew(Detector::TimingOracle, hash, at);
        } else if is_leak_told {
            self.end(Detector::TimingOracle, hash, at, told);
        }
    }

    /// Reads what may run out from a snapshot of the handle, at a time of day.
    pub(crate) fn forecast(
        &mut self,
        at: f64,
        snapshot: &Snapshot,
        told: Told<'_>,
    ) -> [Outlook; Forecast::ALL.len()] {
        let now = self.clock.now;
        let outlooks = self.forecasts.sample(at, snapshot);
        for (number, outlook) in (1..).zip(&outlooks) {
            let hash = mix(number, Detector::ExhaustionPredicted as u64);
            match outlook.left.filter(|_| outlook.is_warning) {
                Some(left) => {
                    let finding = exhaustion::find(outlook.what.label(), hash, left.seconds);
                    self.find_at(now, PROCESS, None, &finding, told);
                }
                None => self.end(Detector::ExhaustionPredicted, hash, now, told),
            }
        }
        outlooks
    }

    /// Begins, renews or ends the verdict of a sum.
    fn follow(
        &mut self,
        index: u8,
        at: f64,
        (detector, sum, on, off): (Detector, f32, f32, f32),
        told: Told<'_>,
        finding: impl FnOnce(&State) -> Finding,
    ) {
        let hash = hash_of_operation(index);
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

/// The hour of the week of a time, from 0 to 167. Where it begins does not matter.
fn hour_of_week(seconds: f64) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a remainder of 168")]
    let hour = (seconds / 3600.0).rem_euclid(168.0) as u16;
    hour
}
