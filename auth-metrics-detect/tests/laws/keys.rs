//! Hashes are keyed, and the same attempts give the same detections.

use std::hash::{Hash, Hasher};

use auth_metrics_detect::{Engine, Scope};

use crate::world::{HOUR, START, Told, UNKNOWN, WRONG, Watch, builder, den};

/// Keeps the one number that is hashed.
#[derive(Default)]
struct Number(u64);

impl Hasher for Number {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// The place of a name in a table of 1,024 places.
fn place(engine: &Engine, name: &str) -> u64 {
    let mut number = Number::default();
    engine.subject_hash(name).hash(&mut number);
    number.finish() >> 54
}

#[test]
fn names_that_collide_under_one_key_do_not_under_another() {
    let (known, other) = (builder().build().unwrap(), Engine::builder().key([8; 16]).build().unwrap());
    let names = (0..200_000).map(|number| format!("crafted-{number}"));
    let crafted: Vec<_> = names.filter(|name| place(&known, name) == 17).collect();
    assert!(crafted.len() > 100, "{}", crafted.len());
    let mut places: Vec<_> = crafted.iter().map(|name| place(&other, name)).collect();
    places.sort_unstable();
    let fullest = places.chunk_by(|one, other| one == other).map(<[_]>::len).max();
    assert!(fullest <= Some(5), "{fullest:?} of {} names", crafted.len());
}

#[test]
fn engines_without_a_key_hash_alike_with_no_other() {
    let [one, other] = [(); 2].map(|()| Engine::builder().build().unwrap());
    assert!(one.subject_hash("ann") != other.subject_hash("ann"));
    assert!(one.subject_hash("ann") == one.clone().subject_hash("ann"));
}

/// Honest users, a guesser, a sprayer of many sources, and somebody who looks for names.
fn world(watch: &mut Watch, attempts: u32) {
    for number in 0..attempts {
        let at = START + f64::from(number) * 2.0;
        match number % 8 {
            0..4 => watch.user(number / 8 * 4 + number % 8, at, number % 96 == 3),
            4 => watch.login(at, den(1), &format!("user-{number}"), WRONG),
            5 | 6 => watch.login(at, den(2 + number % 900), &format!("user-{}", number % 3_000), WRONG),
            _ => watch.login(at, den(2_000), &format!("name-{number}"), UNKNOWN),
        }
    }
}

fn told(attempts: u32) -> Vec<Told> {
    let mut watch = Watch::new();
    world(&mut watch, attempts);
    watch.told
}

#[test]
fn same_attempts_give_the_same_detections() {
    let (one, other) = (told(6_000), told(6_000));
    assert!(one.len() > 8, "{one:#?}");
    assert_eq!(one, other);
}

#[test]
fn first_attempts_give_the_first_detections() {
    let all = told(6_000);
    for attempts in [1, 100, 777, 3_000, 5_999] {
        let first = told(attempts);
        assert_eq!(first, all[..first.len()], "{attempts}");
    }
    assert!(told(3_000).len() > 4);
}

#[test]
fn another_key_finds_the_same_under_other_hashes() {
    let [mut one, mut other] = [[7; 16], [9; 16]].map(|key| Watch::of(Engine::builder().key(key)));
    for watch in [&mut one, &mut other] {
        watch.town(200, START, 10.0);
        (0..12).for_each(|number| {
            watch.login(START + HOUR + f64::from(number), den(1), &format!("user-{number}"), WRONG);
        });
        assert!(watch.is_convicted(den(1)));
    }
    let sources = |watch: &Watch| watch.attacks().iter().map(|told| told.scope).collect::<Vec<_>>();
    assert!(
        sources(&one)
            .iter()
            .all(|scope| matches!(scope, Scope::Source(_)) && !sources(&other).contains(scope))
    );
}
