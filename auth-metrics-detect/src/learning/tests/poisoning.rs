//! An attacker can not teach the engine what is usual.

use super::worlds::{DAY, WEEK, World};
use crate::learning::share::Share;
use crate::learning::{Learned, Learning, Window};

/// The mean of what is expected of failures over a day, at its end.
fn run(
    world: &mut World,
    learning: &mut Learning,
    days: std::ops::Range<usize>,
    guesses: impl Fn(usize) -> f64,
) -> f32 {
    let mut expected = Vec::new();
    for at in days.start * DAY..days.end * DAY {
        let mut window = world.window(at);
        window.first_contact_failures += world.dice.count(guesses(at));
        window.close();
        expected.push(learning.close_window(&window).expected.unwrap_or_default());
    }
    let last = &expected[expected.len().saturating_sub(WEEK)..];
    last.iter().sum::<f32>() / last.len() as f32
}

#[test]
fn ramp_of_guesses_is_not_learned() {
    for seed in 1..=10 {
        // Nobody calls it an attack: the growth limit is all there is.
        let (mut world, mut learning) = (World::new(seed), Learning::new());
        let before = run(&mut world, &mut learning, 0..14, |_| 0.0);
        // From 0 to 6,000 a day within 6 days, and on for two more.
        let ramp = |at: usize| (at as f64 / DAY as f64 - 14.0).min(6.0) * 1_000.0 / DAY as f64;
        run(&mut world, &mut learning, 14..22, ramp);
        let mut other = World::new(seed);
        let mut calm = Learning::new();
        run(&mut other, &mut calm, 0..22, |_| 0.0);
        let after = run(&mut world, &mut learning, 22..29, |_| 0.0);
        let clean = run(&mut other, &mut calm, 22..29, |_| 0.0);
        println!(
            "seed {seed}: expected before {before:.2}, after the ramp {after:.2}, without it {clean:.2}"
        );
        assert!(after < clean * 1.1_f32.powi(8), "seed {seed}");
        assert!(after - clean < 0.25 * 6_000.0 / DAY as f32, "seed {seed}");
    }
}

#[test]
fn share_grows_by_a_tenth_a_day() {
    let mut share = Share::new();
    let window = Window { successes: 100, ..Window::default() };
    (0..4 * DAY).for_each(|_| share.learn(5.0, &window));
    for _ in 0..10 {
        let before = share.expected(100);
        (0..DAY).for_each(|_| share.learn(90.0, &window));
        assert!(share.expected(100) <= 1.101 * before, "{before} to {}", share.expected(100));
    }
}

#[test]
fn attack_that_is_seen_is_not_learned_at_all() {
    let (mut world, mut learning) = (World::new(4), Learning::new());
    run(&mut world, &mut learning, 0..14, |_| 0.0);
    let before = learning.clone();
    for at in 14 * DAY..18 * DAY {
        let mut window = world.window(at);
        window.first_contact_failures += 500;
        window.close();
        window.looks_attacked = true;
        learning.close_window(&window);
    }
    let again = |learning: &mut Learning| -> Vec<Option<f32>> {
        (0..168).map(|hour_of_week| close(learning, hour_of_week).expected).collect()
    };
    assert_eq!(again(&mut learning), again(&mut before.clone()));
}

fn close(learning: &mut Learning, hour_of_week: u16) -> Learned {
    learning.close_window(&Window { hour_of_week, looks_attacked: true, ..Window::default() })
}
