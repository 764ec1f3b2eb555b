//! The sentences that the guide shows are those that the engine writes.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use auth_metrics::{AuthMetrics, Outcome, Reason};

use super::{Options, Places, State, Trusted};
use crate::attempt::{Attempt, Peer};
use crate::detection::Detection;
use crate::detector::Detector;
use crate::keys::Keys;
use crate::place::Place;
use crate::timing::simulation::Dice;

const PAGE: &str = include_str!("../../guide/evidence.md");

const MINUTE: f64 = 60.0;
const DAY: f64 = 1440.0 * MINUTE;
const WRONG: Outcome = Outcome::Failure(Reason::InvalidCredentials);
const UNKNOWN: Outcome = Outcome::Failure(Reason::UnknownSubject);

fn state() -> State {
    State::new(Options::default(), Keys::new([7; 16]), Trusted::default())
}

/// Feeds an attempt of a user at a home of their own, and keeps the first sentence of a detector.
fn feed(state: &mut State, (at, user): (f64, u32), outcome: Outcome, took: Duration, first: &mut First) {
    let home = IpAddr::V4(Ipv4Addr::from(0x0b00_0009 + (user << 8)));
    let name = format!("user-{user}");
    let attempt = Attempt::new(at, "login", outcome).peer(Peer::Address(home)).subject(&name).took(took);
    state.feed(&attempt, &mut |detection| first.take(detection));
}

/// The first sentence of a detector.
struct First(Detector, Option<String>);

impl First {
    fn take(&mut self, detection: &Detection) {
        if detection.detector() == self.0 && detection.until().is_none() {
            self.1.get_or_insert_with(|| detection.evidence().to_string());
        }
    }

    /// Panics unless the guide shows it.
    fn expect_shown(self) {
        let sentence = self.1.unwrap_or_else(|| panic!("{} finds nothing", self.0.label()));
        let begin = format!("| `{}`", self.0.label());
        let is_meant = |line: &&str| line.starts_with(&begin) && line.contains(&format!("| {sentence} |"));
        assert!(PAGE.lines().any(|line| is_meant(&line)), "{begin} has no `{sentence}`");
    }
}

#[test]
fn impossible_travel_is_shown_as_it_is_told() {
    let mut first = First(Detector::ImpossibleTravel, None);
    let mut state = state();
    let [vienna, tokyo] =
        [(48.2, 16.37), (35.68, 139.69)].map(|(latitude, longitude)| Place { latitude, longitude });
    let is_vienna = |address| address == IpAddr::from([192, 0, 2, 1]);
    state.places = Some(Places::new(Arc::new(move |at| Some(if is_vienna(at) { vienna } else { tokyo }))));
    for (minute, address) in [(0.0, [192, 0, 2, 1]), (90.0, [198, 51, 100, 1])] {
        let attempt = Attempt::new(minute * MINUTE, "login", Outcome::Success);
        let attempt = attempt.peer(Peer::Address(address.into())).subject("user-001");
        state.feed(&attempt, &mut |detection| first.take(detection));
    }
    first.expect_shown();
}

#[test]
fn regression_is_shown_as_it_is_told() {
    let mut first = First(Detector::RegressionSuspected, None);
    let mut state = state();
    let mut dice = Dice::new(1);
    for minute in 0..300 {
        let is_broken = minute >= 240;
        for _ in 0..8 {
            let user = (dice.uniform() * 300.0) as u32;
            let error = dice.uniform() < 0.02;
            let outcome = if is_broken || error { WRONG } else { Outcome::Success };
            feed(&mut state, (f64::from(minute) * MINUTE, user), outcome, Duration::ZERO, &mut first);
        }
    }
    first.expect_shown();
}

#[test]
fn mix_drift_is_shown_as_it_is_told() {
    let mut first = First(Detector::MixDrift, None);
    let mut state = state();
    let mut dice = Dice::new(1);
    for window in 0..288 * 16 {
        let at = f64::from(window) * 5.0 * MINUTE;
        for attempt in 0..60 {
            let user = (dice.uniform() * 300.0) as u32;
            let share = if at > 12.0 * DAY { 0.5 } else { 0.1 };
            let is_other = dice.uniform() < share;
            let reason = if is_other { Reason::TokenExpired } else { Reason::InvalidCredentials };
            let is_failure = attempt > 0 && dice.uniform() < 0.06;
            let outcome = if is_failure { Outcome::Failure(reason) } else { Outcome::Success };
            feed(&mut state, (at + f64::from(attempt), user), outcome, Duration::ZERO, &mut first);
        }
    }
    first.expect_shown();
}

#[test]
fn timing_oracle_is_shown_as_it_is_told() {
    let mut first = First(Detector::TimingOracle, None);
    let mut state = state();
    let mut dice = Dice::new(1);
    for attempt in 0..4000 {
        let is_unknown = dice.uniform() < 0.4;
        let seconds = if is_unknown { 0.02 } else { 0.06 } + 0.02 * dice.uniform();
        let outcome = if is_unknown { UNKNOWN } else { WRONG };
        let at = f64::from(attempt) * MINUTE;
        feed(&mut state, (at, attempt), outcome, Duration::from_secs_f64(seconds), &mut first);
    }
    first.expect_shown();
}

#[test]
fn exhaustion_is_shown_as_it_is_told() {
    let mut first = First(Detector::ExhaustionPredicted, None);
    let mut state = state();
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.update_rate_limit_capacity("orders", [("per_minute", 100.0)]);
    for minute in 0..120 {
        let at = f64::from(minute) * MINUTE;
        metrics.update_rate_limit_usage("orders", [("per_minute", 0.7 * f64::from(minute))]);
        state.forecast(at, &metrics.snapshot(), &mut |detection| first.take(detection));
    }
    first.expect_shown();
}
