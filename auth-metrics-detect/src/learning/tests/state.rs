//! What was learned is saved, stays small, and is restored.

use std::mem::size_of;

use super::worlds::{Dice, WEEK, World};
use crate::learning::{CLASSES, Forecasts, Learned, Learning, Window};

fn learned(weeks: usize) -> (World, Learning) {
    let (mut world, mut learning) = (World::new(11), Learning::new());
    (0..weeks * WEEK).for_each(|at| {
        learning.close_window(&world.window(at));
    });
    (world, learning)
}

#[test]
fn sizes_stay_within_the_budget() {
    println!("an operation: {} B", size_of::<Learning>());
    println!("the forecasts of a process: {} B", size_of::<Forecasts>());
    assert!(size_of::<Learning>() <= 4 << 10);
    assert!(size_of::<Forecasts>() <= 4 << 10);
}

#[test]
fn saved_state_goes_on_as_if_nothing_happened() {
    let (mut world, mut one) = learned(2);
    let mut saved = Vec::new();
    one.save(&mut saved);
    let mut rest = saved.as_slice();
    let mut other = Learning::load(&mut rest).unwrap();
    assert!(rest.is_empty());
    for at in 2 * WEEK..3 * WEEK {
        let window = world.window(at);
        assert_eq!(one.close_window(&window), other.close_window(&window));
    }
    assert_eq!(one, other);
}

#[test]
fn damaged_state_is_refused_or_harmless() {
    let (mut world, learning) = learned(1);
    let (mut saved, mut dice) = (Vec::new(), Dice::new(5));
    learning.save(&mut saved);
    for length in (0..saved.len()).step_by(97) {
        assert_eq!(Learning::load(&mut &saved[..length]), None);
    }
    for _ in 0..2_000 {
        let mut damaged = saved.clone();
        let place = (dice.uniform() * damaged.len() as f64) as usize;
        damaged[place] = (dice.uniform() * 256.0) as u8;
        if let Some(mut loaded) = Learning::load(&mut damaged.as_slice()) {
            assert_sound(&loaded.close_window(&world.window(WEEK)));
        }
    }
}

fn assert_sound(learned: &Learned) {
    let band = learned.band.map(|(low, high)| [low, high]).unwrap_or_default();
    let drift = learned.drift.map(|drift| [drift.strength, drift.share, drift.usual]).unwrap_or_default();
    let amounts = [learned.expected.unwrap_or_default()];
    let all = band.into_iter().chain(drift).chain(amounts);
    assert!(all.clone().all(f32::is_finite), "{learned:?}");
    assert!(all.min_by(f32::total_cmp).unwrap() >= 0.0, "{learned:?}");
}

#[test]
fn strange_windows_give_sound_numbers() {
    let mut dice = Dice::new(21);
    let extremes = [0, 1, 7, 1_000, u32::MAX / 2, u32::MAX];
    let mut learning = Learning::new();
    for at in 0..3 * WEEK {
        let mut one = || extremes[(dice.uniform() * 6.0) as usize];
        let mut window = Window {
            hour_of_week: (at / 12) as u16,
            attempts: one(),
            successes: one(),
            familiar_failures: one(),
            first_contact_failures: one(),
            probes: one(),
            server_faults: one(),
            distinct_subjects: one(),
            distinct_sources: one(),
            reasons: [0; CLASSES],
            ..Window::default()
        };
        window.reasons = std::array::from_fn(|_| one());
        window.looks_attacked = dice.uniform() < 0.1;
        assert_sound(&learning.close_window(&window));
    }
    let mut saved = Vec::new();
    learning.save(&mut saved);
    assert_eq!(Learning::load(&mut saved.as_slice()), Some(learning));
}

#[test]
fn silence_is_usual_where_nothing_ever_happens() {
    let mut learning = Learning::new();
    for at in 0..4 * WEEK {
        let window = Window { hour_of_week: (at / 12 % 168) as u16, ..Window::default() };
        let learned = learning.close_window(&window);
        assert_sound(&learned);
        assert!(learned.is_learning, "too few successes to learn from");
        assert!(learned.drift.is_none());
        assert!(learned.expected.is_none_or(|expected| expected == 0.0));
    }
}
