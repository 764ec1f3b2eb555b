//! What is usual is learned by the hour of the week.

use super::worlds::{DAY, HOUR, WEEK, World};
use crate::learning::season::Season;

/// Learns the successes of a world.
fn learn(season: &mut Season, world: &mut World, windows: impl Iterator<Item = usize>) {
    for at in windows {
        let window = world.window(at);
        season.learn(window.hour_of_week, window.successes as f32, f32::INFINITY);
    }
}

/// How far off it is on a day, as a share of the amount.
fn error(season: &Season, world: &World, day: usize) -> f32 {
    let windows = (day * DAY..(day + 1) * DAY).step_by(HOUR);
    let (mut wrong, mut all) = (0.0, 0.0);
    for at in windows {
        // An hour's value is the mean of its windows.
        let truth = (world.successes * world.activity(at + HOUR / 2)) as f32;
        let usual = season.usual(((at / HOUR) % 168) as u16).unwrap();
        wrong += (usual.median - truth).abs();
        all += truth;
    }
    wrong / all
}

#[test]
fn four_weeks_give_the_season() {
    for seed in 1..=10 {
        let (mut world, mut season) = (World::new(seed), Season::new());
        learn(&mut season, &mut world, 0..4 * WEEK);
        for day in 28..35 {
            assert!(error(&season, &world, day) < 0.06, "seed {seed}, day {day}");
        }
    }
}

#[test]
fn yesterday_stands_for_a_day_without_history() {
    let (mut world, mut season) = (World::new(2), Season::new());
    assert_eq!(season.usual(30), None);
    learn(&mut season, &mut world, 0..DAY + HOUR);
    assert!(error(&season, &world, 1) < 0.15);
}

#[test]
fn holiday_does_not_change_what_is_usual() {
    let (mut world, mut season) = (World::new(3), Season::new());
    learn(&mut season, &mut world, 0..3 * WEEK);
    for at in 3 * WEEK..3 * WEEK + DAY {
        let window = world.window(at);
        season.learn(window.hour_of_week, window.successes as f32 * 0.2, f32::INFINITY);
    }
    learn(&mut season, &mut world, 3 * WEEK + DAY..4 * WEEK);
    assert!(error(&season, &world, 28) < 0.08);
}

#[test]
fn gaps_and_repeated_hours_do_no_harm() {
    let (mut world, mut season) = (World::new(5), Season::new());
    learn(&mut season, &mut world, 0..2 * WEEK);
    // Three days are missing, then the clock is set back by an hour each day.
    for day in 17..28 {
        learn(&mut season, &mut world, day * DAY..(day + 1) * DAY);
        learn(&mut season, &mut world, (day + 1) * DAY - HOUR..(day + 1) * DAY);
    }
    for day in 28..35 {
        assert!(error(&season, &world, day) < 0.12, "day {day}: {}", error(&season, &world, day));
    }
}

#[test]
fn hours_that_flicker_are_not_learned() {
    let mut season = Season::new();
    (0..1_000).for_each(|at| season.learn(at % 2, 5.0, f32::INFINITY));
    assert_eq!(season.usual(0), None);
}

#[test]
fn what_is_usual_at_most_doubles_in_a_week() {
    let mut season = Season::new();
    let mut week = |amount: f32| {
        (0..168).for_each(|hour| (0..12).for_each(|_| season.learn(hour, amount, f32::INFINITY)));
        season.usual(12).unwrap().median
    };
    let mut before = week(10.0);
    for _ in 0..8 {
        let after = week(1e6);
        assert!(after <= 1.1_f32.powi(7) * before + 0.51, "{before} to {after}");
        before = after;
    }
}

#[test]
fn band_holds_what_a_calm_world_does() {
    let (mut outside, mut all) = (0, 0);
    for seed in 1..=10 {
        let (mut world, mut season) = (World::new(seed), Season::new());
        learn(&mut season, &mut world, 0..3 * WEEK);
        for at in 3 * WEEK..4 * WEEK {
            let window = world.window(at);
            let (low, high) = season.usual(window.hour_of_week).unwrap().band(3.0);
            outside += u32::from(!(low..=high).contains(&(window.successes as f32)));
            all += 1;
        }
    }
    println!("windows outside of the band of three deviations: {outside} of {all}");
    assert!(f64::from(outside) < 0.005 * f64::from(all));
}
