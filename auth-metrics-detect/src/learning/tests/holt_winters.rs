//! The forecast follows the season and its growth.

use super::worlds::Dice;
use crate::learning::holt_winters::{Forecast, HoltWinters, WEEK};

/// Hours of a service: day, weekend, growth, noise.
fn hour(dice: &mut Dice, at: u32, growth: f64, noise: f64) -> f32 {
    let angle = f64::from(at % 24) / 24.0 * std::f64::consts::TAU;
    let weekend = if (at / 24) % 7 >= 5 { 0.5 } else { 1.0 };
    (200.0 + 100.0 * weekend * (1.0 - angle.cos()) + growth * f64::from(at) + noise * dice.normal()) as f32
}

fn trained(weeks: u32, growth: f64, skipped: impl Fn(u32) -> bool) -> HoltWinters {
    let (mut dice, mut model) = (Dice::new(3), HoltWinters::new());
    for at in 0..weeks * 168 {
        let value = hour(&mut dice, at, growth, 5.0);
        if !skipped(at) {
            model.learn(at, value);
        }
    }
    model
}

/// The mean error of the next day.
fn day_ahead(model: &HoltWinters, from: u32, growth: f64) -> f32 {
    let error = |ahead: u16| {
        let truth = hour(&mut Dice::new(1), from + u32::from(ahead) - 1, growth, 0.0);
        (model.forecast(ahead).unwrap().median - truth).abs()
    };
    (1..=24).map(error).sum::<f32>() / 24.0
}

#[test]
fn nothing_is_forecast_on_the_first_day() {
    let (mut dice, mut model) = (Dice::new(3), HoltWinters::new());
    (0..23).for_each(|at| model.learn(at, hour(&mut dice, at, 0.0, 5.0)));
    assert_eq!(model.forecast(1), None);
    model.learn(23, 1.0);
    assert!(model.forecast(1).is_some());
}

#[test]
fn missing_hours_and_days_do_no_harm() {
    assert!(day_ahead(&trained(5, 0.05, |_| false), 840, 0.05) < 6.0);
    // The same hours of each day, and a gap of three days.
    let model = trained(5, 0.05, |at| at % 3 == 1 || (500..572).contains(&at));
    let error = day_ahead(&model, 840, 0.05);
    assert!(error < 8.0, "{error}");
}

#[test]
fn hour_that_comes_again_is_passed_over() {
    let mut model = trained(3, 0.0, |_| false);
    let before = model.clone();
    model.learn(503, 1e9);
    model.learn(480, 1e9);
    model.learn(504, f32::NAN);
    model.learn(504, f32::INFINITY);
    assert_eq!(model, before);
}

#[test]
fn clock_that_is_set_back_by_weeks_starts_anew() {
    let mut model = trained(3, 0.0, |_| false);
    model.learn(10, 5.0);
    assert!(!model.has_season());
    assert_eq!(model.forecast(1), None);
}

#[test]
fn odd_day_bends_little() {
    let (mut dice, mut model) = (Dice::new(3), HoltWinters::new());
    for at in 0..5 * WEEK as u32 {
        let factor = if (720..744).contains(&at) { 5.0 } else { 1.0 };
        model.learn(at, factor * hour(&mut dice, at, 0.0, 5.0));
    }
    let error = day_ahead(&model, 840, 0.0);
    assert!(error < 8.0, "{error}");
}

#[test]
fn band_holds_nineteen_of_twenty() {
    let (mut inside, mut all) = (0, 0);
    for seed in 1..=5 {
        let (mut dice, mut model) = (Dice::new(seed), HoltWinters::new());
        let values: Vec<f32> = (0..8 * 168).map(|at| hour(&mut dice, at, 0.02, 8.0)).collect();
        for (at, value) in values.iter().enumerate() {
            if at >= 4 * WEEK && at % 24 == 0 {
                for ahead in [1, 6, 12, 24] {
                    let forecast = model.forecast(ahead).unwrap();
                    let error = (values[at + usize::from(ahead) - 1] - forecast.median).abs();
                    inside += u32::from(error <= 1.96 * forecast.deviation);
                    all += 1;
                }
            }
            model.learn(at as u32, *value);
            if at + 24 >= values.len() {
                break;
            }
        }
    }
    let share = f64::from(inside) / f64::from(all);
    println!("inside of the band of 95 %: {share:.3} of {all}");
    assert!((0.90..=0.99).contains(&share), "{share}");
}

#[test]
fn crossing_is_the_first_hour_at_the_limit() {
    // From midnight on: usage is highest at noon, 400, and grows a little.
    let model = trained(4, 0.02, |_| false);
    let crossing = model.crosses(390.0, 24, 1.645);
    let likely = crossing.likely.unwrap();
    assert!((9..=14).contains(&likely), "{likely}");
    assert!(crossing.soonest.unwrap() <= likely);
    assert_eq!(model.crosses(500.0, 24, 1.645).likely, None);
}

#[test]
fn huge_values_stay_finite() {
    let (mut dice, mut model) = (Dice::new(17), HoltWinters::new());
    for at in 0..1_000 {
        model.learn(at, if dice.uniform() < 0.5 { 1e12 } else { -1e12 });
        let forecasts = [1, 24, 200].map(|ahead| model.forecast(ahead));
        let is_finite = |each: &Forecast| each.median.is_finite() && each.deviation.is_finite();
        assert!(forecasts.iter().flatten().all(is_finite), "{at}: {forecasts:?}");
    }
    let mut saved = Vec::new();
    model.save(&mut saved);
    assert!(HoltWinters::load(&mut saved.as_slice()).is_some());
}

#[test]
fn saved_model_goes_on() {
    let model = trained(3, 0.1, |at| at % 5 == 0);
    let mut saved = Vec::new();
    model.save(&mut saved);
    assert_eq!(HoltWinters::load(&mut saved.as_slice()), Some(model));
    saved[0..4].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(HoltWinters::load(&mut saved.as_slice()), None);
}
