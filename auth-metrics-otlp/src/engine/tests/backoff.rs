//! How long a server is left alone, and what is said of it.

use std::time::Duration;

use super::{Act, Outcome, World};
use crate::setup::Temporality;

fn wait(outcome: Outcome) -> Duration {
    let Outcome::Later(wait) = outcome else { panic!("{outcome:?}") };
    wait
}

#[test]
fn waits_double_up_to_a_minute() {
    let mut world = World::new(Temporality::Cumulative);
    world.server.then(&[Act::Away; 40]);
    for failures in 0..40_u32 {
        let longest = Duration::from_secs(2_u64.saturating_pow(failures).min(60));
        let waited = wait(world.push());
        assert!(longest / 2 <= waited && waited <= longest, "{failures}: {waited:?}");
    }
    assert_eq!(world.push(), Outcome::Delivered);
    world.server.then(&[Act::Away]);
    assert!(wait(world.push()) <= Duration::from_secs(1), "a success begins anew");
}

#[test]
fn server_is_left_alone_as_long_as_it_asks_but_not_for_ever() {
    let mut world = World::new(Temporality::Delta);
    world.server.then(&[Act::Busy(30), Act::Busy(u64::MAX), Act::Busy(0)]);
    let [asked, lie, zero] = [(); 3].map(|()| wait(world.push()));
    assert!(Duration::from_secs(30) <= asked && asked <= Duration::from_secs(33), "{asked:?}");
    assert!(Duration::from_secs(300) <= lie && lie <= Duration::from_secs(330), "{lie:?}");
    assert!(Duration::from_secs(2) <= zero && zero <= Duration::from_secs(4), "{zero:?}");
}

#[test]
fn results_and_points_are_counted() {
    let mut world = World::new(Temporality::Delta);
    let count = |world: &World, family: &str, result: &str| {
        world.metrics.snapshot().value(family, &[("push", "otlp"), ("result", result)]).unwrap()
    };
    for result in ["accepted", "partial", "unreadable", "refused", "unavailable", "unknown"] {
        assert!(count(&world, "auth_otlp_pushes_total", result).abs() < f64::EPSILON, "born at zero");
    }
    world.server.then(&[Act::TakeBut(3), Act::Refuse, Act::Away, Act::Lose]);
    for _ in 0..4 {
        world.push();
    }
    world.push();
    for (result, expected) in
        [("accepted", 2.0), ("partial", 1.0), ("refused", 1.0), ("unavailable", 1.0), ("unknown", 1.0)]
    {
        let counted = count(&world, "auth_otlp_pushes_total", result);
        assert!((counted - expected).abs() < f64::EPSILON, "{result}: {counted}");
    }
    assert!((count(&world, "auth_otlp_points_total", "rejected") - 3.0).abs() < f64::EPSILON);
    let at = world.metrics.snapshot().value("auth_otlp_last_success_timestamp_seconds", &[("push", "otlp")]);
    assert!((at.unwrap() - 1_800_000_005.0).abs() < 1e-3);
}
