//! What runs out is foreseen, and what does not is not.

use std::sync::atomic::{AtomicU32, Ordering};

use auth_metrics::group::{Group, Samples};
use auth_metrics::{AuthMetrics, Family, Outcome, Reason};

use super::worlds::Dice;
use crate::learning::exhaustion::{Backlog, Budget, Limit};
use crate::learning::trend::{Span, Trend};
use crate::learning::{Forecast, Forecasts, Outlook};

/// A Monday.
const START: f64 = 1_700_438_400.0;
const MINUTE: f64 = 60.0;
const DAY: f64 = 86_400.0;

/// The usage of a limit that is busiest at noon, at three quarters of its capacity on the first day.
fn usage(dice: &mut Dice, passed: f64, growth_a_day: f64) -> f32 {
    let angle = passed / DAY * std::f64::consts::TAU;
    let day = 0.45 - 0.3 * angle.cos() + 0.01 * dice.normal();
    (day * (1.0 + growth_a_day * passed / DAY)) as f32
}

#[test]
fn limit_with_room_gives_no_forecast() {
    for seed in 1..=5 {
        let (mut dice, mut limit) = (Dice::new(seed), Limit::new());
        let mut wrong = 0;
        for minute in (0..21 * 1_440).step_by(5) {
            let passed = f64::from(minute) * MINUTE;
            let forecast = limit.sample(START + passed, usage(&mut dice, passed, 0.0));
            // In the first week the morning's slope may frighten: then a limit is six hours away at most.
            wrong += u32::from(forecast.is_some() && minute >= 7 * 1_440);
        }
        println!("seed {seed}: readings of two weeks with a forecast though there is room: {wrong}");
        assert!(wrong < 6, "seed {seed}: {wrong}");
    }
}

#[test]
fn growing_usage_is_forecast_hours_before_it_reaches_the_limit() {
    let (mut dice, mut limit) = (Dice::new(2), Limit::new());
    let (mut first, mut reached) = (None, None);
    for minute in (0..40 * 1_440).step_by(5) {
        let passed = f64::from(minute) * MINUTE;
        let usage = usage(&mut dice, passed, 0.012);
        let forecast = limit.sample(START + passed, usage);
        if usage >= 1.0 {
            reached = Some(passed);
            break;
        }
        if minute > 14 * 1_440 && first.is_none() {
            first = forecast.map(|span| (passed, span));
        }
    }
    let (at, span) = first.unwrap();
    let left = reached.unwrap() - at;
    println!(
        "said {} h before: {} h, at the soonest {} h",
        left / 3_600.0,
        span.seconds / 3_600.0,
        span.soonest / 3_600.0
    );
    assert!((3_600.0..=4.0 * DAY).contains(&left), "{left}");
}

#[test]
fn steep_slope_is_forecast_without_history() {
    let mut limit = Limit::new();
    let mut forecast = None;
    for minute in 0..60 {
        forecast = limit.sample(START + f64::from(minute) * MINUTE, 0.2 + 0.01 * minute as f32);
    }
    // It is at 0.79, and grows by 0.01 a minute.
    let span = forecast.unwrap();
    assert!((span.seconds - 1_260.0).abs() < 120.0, "{span:?}");
    assert!(span.soonest <= span.seconds && span.seconds <= span.latest);
    let full = limit.sample(START + 3_601.0, 1.5).unwrap();
    assert_eq!(full, Span::NOW);
}

#[test]
fn budget_is_gone_when_the_burn_says() {
    let (mut budget, mut attempts, mut errors) = (Budget::new(0.999), 0.0, 0.0);
    let mut forecast = None;
    // 100 attempts a minute for 30 days without an error, then 2 % of errors for an hour.
    for minute in 0..30 * 1_440 + 60 {
        attempts += 100.0;
        errors += if minute >= 30 * 1_440 { 2.0 } else { 0.0 };
        forecast = budget.sample(START + f64::from(minute) * MINUTE, attempts, errors);
        assert!(minute >= 30 * 1_440 || forecast.is_none());
    }
    // 0.1 % of 30 days at 6,000 an hour are 4,320 errors; 120 are gone, at 120 an hour.
    let hours = forecast.unwrap().seconds / 3_600.0;
    assert!((33.0..=38.0).contains(&hours), "{hours}");
    // The process starts anew: its counters do too.
    let again = budget.sample(START + 30.0 * DAY + 3_660.0, 100.0, 2.0).unwrap();
    assert!((again.seconds / 3_600.0 - hours).abs() < 4.0);
}

#[test]
fn few_errors_burn_nothing() {
    let mut budget = Budget::new(0.999);
    assert_eq!(budget.sample(START, 1e6, 1e6), None, "what was before the first reading");
    assert_eq!(budget.sample(START + 60.0, 1e6 + 20.0, 1e6 + 5.0), None);
}

#[test]
fn backlog_that_grows_is_forecast_and_a_busy_hour_is_not() {
    let (mut dice, mut backlog) = (Dice::new(4), Backlog::new());
    for half_minute in 0..2_000 {
        let in_flight = 3.0 + dice.count(3.0) as f32;
        let at = START + f64::from(half_minute) * 30.0;
        assert_eq!(backlog.sample(at, in_flight), None, "{half_minute}");
    }
    let mut forecast = None;
    for half_minute in 2_000..2_030 {
        let at = START + f64::from(half_minute) * 30.0;
        let waiting = (half_minute - 2_000) as f32 + dice.count(3.0) as f32;
        forecast = backlog.sample(at, waiting);
    }
    // At about 32, and one more each half minute, until 64.
    let span = forecast.unwrap();
    assert!((500.0..=1_600.0).contains(&span.seconds), "{span:?}");
}

#[test]
fn trend_ignores_odd_values_and_pauses() {
    let mut trend = Trend::new();
    for place in 0..36 {
        let odd = if place % 9 == 4 { 50.0 } else { 0.0 };
        trend.sample(place, 10.0 + place as f32 - odd);
    }
    let span = trend.until(100.0, 60.0).unwrap();
    assert!((span.seconds - 55.0 * 60.0).abs() < 300.0, "{span:?}");
    trend.sample(500, 46.0);
    assert_eq!(trend.until(100.0, 60.0), None, "a pause");
    trend.sample(3, 46.0);
    trend.sample(4, f32::NAN);
    assert_eq!(trend.until(100.0, 60.0), None, "a clock that was set back");
}

#[test]
fn labels_are_in_the_order_of_a_scrape() {
    assert!((0..).zip(Forecast::ALL).all(|(place, forecast)| forecast as usize == place));
    let labels = Forecast::ALL.map(Forecast::label);
    assert_eq!(labels, ["rate_limit", "error_budget", "failure_ratio", "credentials", "hashing_backlog"]);
}

fn outlook(all: &[Outlook], what: Forecast) -> Outlook {
    *all.iter().find(|each| each.what == what).unwrap()
}

#[test]
fn snapshot_is_read_whole() {
    let metrics = AuthMetrics::builder().service_id("gateway").namespace("acme").build().unwrap();
    metrics.update_rate_limit_capacity("orders", [("per_minute", 100.0), ("per_hour", 1_000.0)]);
    metrics.update_rate_limit_capacity("billing", [("per_minute", 10.0)]);
    let mut forecasts = Forecasts::new(0.999);
    let mut all = Vec::new();
    for minute in 0..120_u32 {
        let used = f64::from(minute);
        // Another limit is always fuller in numbers, but not in shares.
        metrics.update_rate_limit_usage("orders", [("per_minute", 0.5 * used), ("per_hour", 2.0)]);
        metrics.update_rate_limit_usage("billing", [("per_minute", 1.0)]);
        for attempt in 0..100 {
            let failed = Outcome::Failure(Reason::InternalError);
            let outcome = if attempt < minute / 4 { failed } else { Outcome::Success };
            metrics.attempt("login").finish(outcome);
        }
        let at = START + f64::from(minute) * MINUTE;
        all = forecasts.sample(at, &metrics.snapshot()).to_vec();
    }
    // Half used after two hours, so two more.
    let limit = outlook(&all, Forecast::RateLimit).left.unwrap();
    assert!((limit.seconds - 4_860.0).abs() < 600.0, "{limit:?}");
    let budget = outlook(&all, Forecast::ErrorBudget);
    assert!(budget.is_warning && budget.left.unwrap().seconds < 3_600.0, "{budget:?}");
    let failures = outlook(&all, Forecast::FailureRatio);
    assert!((failures.left.unwrap().seconds - 4_800.0).abs() < 1_500.0, "{failures:?}");
    assert_eq!(outlook(&all, Forecast::HashingBacklog).left, None);
    assert_eq!(outlook(&all, Forecast::Credentials).left, None);
}

#[test]
fn warning_begins_and_ends_once() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.update_rate_limit_capacity("orders", [("per_minute", 100.0)]);
    let (mut forecasts, mut dice, mut changes, mut was) = (Forecasts::new(0.999), Dice::new(8), 0, false);
    for minute in 0..360_u32 {
        let calm = 20.0 + 2.0 * dice.normal();
        // It climbs for an hour, stays just below the limit, and falls.
        let used = match minute {
            120..180 => f64::from(minute - 120) * 1.2 + calm,
            180..240 => 92.0 + 6.0 * dice.normal(),
            _ => calm,
        };
        metrics.update_rate_limit_usage("orders", [("per_minute", used)]);
        let all = forecasts.sample(START + f64::from(minute) * MINUTE, &metrics.snapshot());
        let is = outlook(&all, Forecast::RateLimit).is_warning;
        changes += u32::from(is != was);
        assert!(!is || minute > 120, "{minute}");
        was = is;
    }
    assert_eq!((changes, was), (2, false));
}

#[test]
fn saved_forecasts_go_on() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.update_rate_limit_capacity("orders", [("per_minute", 100.0)]);
    let mut forecasts = Forecasts::new(0.999);
    for minute in 0..90_u32 {
        metrics.update_rate_limit_usage("orders", [("per_minute", f64::from(minute))]);
        forecasts.sample(START + f64::from(minute) * MINUTE, &metrics.snapshot());
    }
    let mut saved = Vec::new();
    forecasts.save(&mut saved);
    let mut rest = saved.as_slice();
    let mut other = Forecasts::load(&mut rest).unwrap();
    assert!(rest.is_empty());
    let at = START + 90.0 * MINUTE;
    let snapshot = metrics.snapshot();
    let [one, other] = [&mut forecasts, &mut other].map(|each| each.sample(at, &snapshot));
    assert_eq!(one.map(|each| each.left), other.map(|each| each.left));
    assert!((0..saved.len()).step_by(13).all(|length| Forecasts::load(&mut &saved[..length]).is_none()));
}

#[test]
fn strange_numbers_give_sound_spans() {
    let mut dice = Dice::new(13);
    let values = [0.0, 1.0, -1.0, 1e15, f64::MAX, f64::NAN, f64::INFINITY, 1e-300, 0.9];
    let (mut limit, mut budget, mut backlog) = (Limit::new(), Budget::new(2.0), Backlog::new());
    for at in 0..20_000 {
        let mut one = || values[(dice.uniform() * 9.0) as usize];
        let odd_time = if at % 97 == 0 { one() } else { START + f64::from(at) * 100.0 };
        let spans = [
            limit.sample(odd_time, one() as f32),
            budget.sample(odd_time, one(), one()),
            backlog.sample(odd_time, one() as f32),
        ];
        for span in spans.into_iter().flatten() {
            let all = [span.soonest, span.seconds, span.latest];
            assert!(
                all.is_sorted() && all.iter().all(|each| (0.0..=Span::FARTHEST).contains(each)),
                "{span:?}"
            );
        }
    }
}

// Another crate fills it: only its name and its values matter here.
static NOT_AFTER: Family = Family::gauge(
    "auth_credential_not_after_timestamp_seconds",
    &["service_id", "credential_kind", "credential"],
    "When a credential expires.",
);

/// The seconds after the start at which the first one expires.
struct Credentials(AtomicU32);

impl Group for Credentials {
    fn families(&self) -> Vec<&'static Family> {
        vec![&NOT_AFTER]
    }
    fn collect(&self, samples: &mut Samples) {
        samples.gauge(
            &NOT_AFTER,
            &["gateway", "jwk", "old"],
            START + f64::from(self.0.load(Ordering::Relaxed)),
        );
        samples.gauge(&NOT_AFTER, &["gateway", "jwk", "new"], START + 90.0 * DAY);
    }
}

#[test]
fn warning_does_not_flap_at_its_threshold() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let credentials = metrics.group(|| Credentials(AtomicU32::new(0))).unwrap();
    let mut forecasts = Forecasts::new(0.999);
    let mut step = |at: u32, days_left: f64| {
        credentials.0.store((f64::from(at) + days_left * DAY) as u32, Ordering::Relaxed);
        let all = forecasts.sample(START + f64::from(at), &metrics.snapshot());
        outlook(&all, Forecast::Credentials).is_warning
    };
    // Below the week for less than two minutes at a time.
    assert!(!(0..40).any(|each| step(each * 100, if each % 2 == 0 { 6.9 } else { 7.1 })));
    assert!(!step(10_000, 6.9));
    assert!(step(10_121, 6.9));
    // Above it, but not by much; then far above it, for less than ten minutes and for more.
    assert!((0..40).all(|each| step(11_000 + each * 100, 7.1)));
    assert!(step(20_000, 20.0) && step(20_500, 20.0) && step(20_550, 6.9));
    assert!(step(21_000, 20.0) && !step(21_601, 20.0));
}

#[test]
fn noise_is_no_trend() {
    let (mut dice, mut wrong) = (Dice::new(6), 0);
    for _ in 0..200 {
        let mut trend = Trend::new();
        (0..36).for_each(|place| trend.sample(place, 10.0 + dice.normal() as f32));
        wrong += u32::from(trend.until(20.0, 60.0).is_some());
    }
    println!("slopes seen in noise: {wrong} of 200");
    assert!(wrong <= 10, "{wrong}");
}

#[test]
fn first_credential_to_expire_counts() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.group(|| Credentials(AtomicU32::new(259_200))).unwrap();
    let mut forecasts = Forecasts::new(0.999);
    let seen = |forecasts: &mut Forecasts, passed: f64| {
        outlook(&forecasts.sample(START + passed, &metrics.snapshot()), Forecast::Credentials)
    };
    let left = seen(&mut forecasts, 0.0).left.unwrap().seconds;
    assert!((left - 259_200.0).abs() < 1.0, "{left}");
    assert!(seen(&mut forecasts, 121.0).is_warning);
    assert_eq!(seen(&mut forecasts, 4.0 * DAY).left, Some(Span::NOW));
}
