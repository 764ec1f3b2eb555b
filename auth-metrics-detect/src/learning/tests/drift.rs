//! Drift is found, and calm weeks are none.

use super::worlds::{DAY, World};
use crate::learning::drift::{Drift, Drifted};

/// Runs a world for some days, and returns what was found, with the window of each.
fn run(world: &mut World, drift: &mut Drift, days: std::ops::Range<usize>) -> Vec<(usize, Drifted)> {
    let windows = days.start * DAY..days.end * DAY;
    windows.filter_map(|at| drift.step(&world.window(at)).map(|found| (at, found))).collect()
}

#[test]
fn calm_weeks_raise_no_alarm() {
    let mut alarms = Vec::new();
    for seed in 1..=60 {
        let found = run(&mut World::new(seed), &mut Drift::new(), 0..28);
        alarms.extend(found.first().map(|first| (seed, *first)));
    }
    println!("alarms in 60 calm worlds of 28 days: {}", alarms.len());
    assert!(alarms.is_empty(), "{alarms:?}");
}

#[test]
fn small_and_clumped_services_raise_few_alarms() {
    let mut alarms = 0;
    for seed in 401..=460 {
        let mut world = World::new(seed);
        (world.successes, world.clump) = (0.2 * world.successes, 10.0);
        alarms += usize::from(!run(&mut world, &mut Drift::new(), 0..28).is_empty());
    }
    println!("small, very clumped worlds of 60 with an alarm in 28 days: {alarms}");
    assert!(alarms <= 1, "{alarms}");
}

#[test]
fn changed_mix_is_found_within_two_days() {
    let mut delays = Vec::new();
    for seed in 101..=120 {
        let (mut world, mut drift) = (World::new(seed), Drift::new());
        assert!(run(&mut world, &mut drift, 0..21).is_empty(), "seed {seed}");
        // A share of 2 % becomes 10 %.
        world.mix[5] = 0.1;
        world.mix[0] -= 0.08;
        let (at, found) = run(&mut world, &mut drift, 21..23)[0];
        delays.push((at - 21 * DAY) as f32 / 12.0);
        assert_eq!(found.class, Some(5), "seed {seed}: {found:?}");
        assert!(found.share > 2.0 * found.usual && found.strength >= 0.1);
    }
    delays.sort_by(f32::total_cmp);
    println!("hours until a change from 2 % to 10 % is found: median {}, worst {}", delays[10], delays[19]);
}

#[test]
fn changed_mix_becomes_the_usual_one() {
    let (mut world, mut drift) = (World::new(7), Drift::new());
    run(&mut world, &mut drift, 0..21);
    world.mix[5] = 0.1;
    world.mix[0] -= 0.08;
    let found = run(&mut world, &mut drift, 21..60);
    let last = found.last().unwrap().0 / DAY;
    println!("a new mix is usual after {} days", last - 21);
    assert!((24..50).contains(&last), "day {last}");
}

#[test]
fn clump_of_an_hour_is_no_drift() {
    for seed in 201..=210 {
        let (mut world, mut drift) = (World::new(seed), Drift::new());
        run(&mut world, &mut drift, 0..14);
        for at in 14 * DAY..16 * DAY {
            let mut window = world.window(at);
            // One client in a loop for half an hour.
            window.reasons[5] += if (14 * DAY + 100..14 * DAY + 106).contains(&at) { 200 } else { 0 };
            assert_eq!(drift.step(&window), None, "seed {seed}");
        }
    }
}

#[test]
fn failures_that_grow_slowly_are_found() {
    let mut found_on = Vec::new();
    for seed in 301..=310 {
        let (mut world, mut drift) = (World::new(seed), Drift::new());
        run(&mut world, &mut drift, 0..21);
        let mut slow = None;
        for at in 21 * DAY..56 * DAY {
            let mut window = world.window(at);
            // 4 % more a day, of every class.
            let growth = 1.04_f64.powf((at - 21 * DAY) as f64 / DAY as f64);
            for count in &mut window.reasons {
                *count = (f64::from(*count) * growth + world.dice.uniform()) as u32;
            }
            slow = slow.or(drift.step(&window).filter(|found| found.class.is_none()).map(|_| at / DAY - 21));
        }
        found_on.push(slow.unwrap_or(usize::MAX));
    }
    found_on.sort_unstable();
    println!("days until growth of 4 % a day is found: {found_on:?}");
    assert!(found_on[4] <= 28, "{found_on:?}");
}

#[test]
fn attacked_windows_change_no_mix() {
    let (mut world, mut drift) = (World::new(3), Drift::new());
    run(&mut world, &mut drift, 0..14);
    for at in 14 * DAY..18 * DAY {
        let mut window = world.window(at);
        window.reasons[0] += 10_000;
        window.looks_attacked = true;
        assert_eq!(drift.step(&window), None);
    }
    assert!(run(&mut world, &mut drift, 18..21).is_empty());
}
