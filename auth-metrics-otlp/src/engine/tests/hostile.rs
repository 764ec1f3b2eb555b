//! Whatever a server does, the deltas that it took add up to what was counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, Outcome as Ended, Reason};

use super::random::Random;
use super::scraped::{Scraped, is_own};
use super::{Act, Outcome, World};
use crate::setup::Temporality;

const ACTS: [Act; 9] = [
    Act::Take,
    Act::Take,
    Act::TakeAndLose,
    Act::TakeBut(3),
    Act::Lose,
    Act::Away,
    Act::Busy(2),
    Act::Busy(u64::MAX),
    Act::Refuse,
];

const OPERATIONS: [&str; 6] = ["login", "logout", "verify", "refresh", "mfa", "reset"];

/// Some attempts of some operations, more of them the longer the world lasts.
fn live(metrics: &AuthMetrics, time: &AtomicU64, random: &mut Random, known: usize) {
    for _ in 0..random.below(20) {
        let attempt = metrics.attempt(random.one_of(&OPERATIONS[..known]));
        time.fetch_add(random.next() >> random.below(40).max(20), Ordering::Relaxed);
        match random.below(5) {
            0 => drop(attempt),
            1 => attempt.finish(Ended::Failure(Reason::InvalidCredentials)),
            2 => attempt.finish(Ended::Failure(Reason::DependencyUnavailable)),
            _ => attempt.finish(Ended::Success),
        }
    }
}

fn world_in(time: &Arc<AtomicU64>, temporality: Temporality) -> World {
    let time = Arc::clone(time);
    let clock = Clock::from_fn(move || Duration::from_nanos(time.load(Ordering::Relaxed)));
    World::of(AuthMetrics::builder().service_id("gateway").clock(clock).build().unwrap(), temporality)
}

fn assert_all_is_there(world: &World, seed: u64) {
    let scraped = Scraped::of(&world.metrics);
    world.server.with(|state| {
        let receiver = &state.receiver;
        for (key, count) in scraped.counters.iter().filter(|(key, _)| !is_own(key)) {
            let taken = receiver.counters.get(key).copied().unwrap_or_default();
            let rejected = receiver.rejected.get(key).copied().unwrap_or_default();
            assert!(
                receiver.counters.contains_key(key) || receiver.rejected.contains_key(key),
                "{key} never came"
            );
            assert_eq!(taken + rejected, *count, "{key}, seed {seed}");
        }
        for (key, histogram) in &scraped.histograms {
            let summed = &receiver.histograms[key];
            assert_eq!(
                (&summed.bounds, &summed.counts),
                (&histogram.bounds, &histogram.counts),
                "{key}, seed {seed}"
            );
            // One rounding, however many deltas there were.
            let error = (summed.sum - histogram.sum).abs();
            assert!(
                error <= histogram.sum * f64::EPSILON,
                "{key}, seed {seed}: {} {}",
                summed.sum,
                histogram.sum
            );
        }
        assert!(!scraped.histograms.is_empty() && scraped.counters.len() > 20);
    });
}

#[test]
fn accepted_deltas_add_up_to_what_was_counted() {
    for seed in 0..16 {
        let (mut random, time) = (Random::new(seed), Arc::new(AtomicU64::new(0)));
        let mut world = world_in(&time, Temporality::Delta);
        for round in 0..120 {
            live(&world.metrics, &time, &mut random, 1 + round / 24);
            // Not every request has an act of its own: some worlds are milder.
            world.server.then(&[random.one_of(&ACTS)]);
            if random.below(10) == 0 {
                // The time of day goes back.
                world.now.since_1970 -= 3_600_000_000_000;
            }
            world.push();
        }
        world.server.with(|state| state.acts.clear());
        assert_eq!(world.push(), Outcome::Delivered);
        assert_all_is_there(&world, seed);
    }
}

#[test]
fn accepted_cumulative_points_are_the_scrape() {
    for seed in 0..5 {
        let (mut random, time) = (Random::new(seed), Arc::new(AtomicU64::new(0)));
        let mut world = world_in(&time, Temporality::Cumulative);
        for _ in 0..60 {
            live(&world.metrics, &time, &mut random, 6);
            world.server.then(&[random.one_of(&ACTS)]);
            world.push();
        }
        world.server.with(|state| {
            state.acts.clear();
            state.receiver = super::Receiver::default();
        });
        // A receiver that never got anything before has the whole with one request.
        assert_eq!(world.push(), Outcome::Delivered);
        assert_all_is_there(&world, seed);
    }
}

#[test]
fn server_that_is_away_for_days_costs_one_request() {
    let time = Arc::new(AtomicU64::new(0));
    let mut world = world_in(&time, Temporality::Delta);
    let mut random = Random::new(1);
    world.push();
    world.server.then(&[Act::Lose]);
    world.server.then(&[Act::Away; 500]);
    for _ in 0..501 {
        live(&world.metrics, &time, &mut random, 6);
        assert!(matches!(world.push(), Outcome::Later(_)));
    }
    // The one whose fate is unknown is repeated; nothing else is kept.
    let requests = world.server.with(|state| state.requests.split_off(1));
    assert!(requests.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(world.push(), Outcome::Delivered);
    assert_all_is_there(&world, 1);
}

#[test]
fn two_pushes_of_a_handle_do_not_disturb_each_other() {
    let time = Arc::new(AtomicU64::new(0));
    let mut one = world_in(&time, Temporality::Delta);
    let server = super::Scripted::default();
    let counts = crate::export::PushGroup::start(&one.metrics, "second").unwrap();
    let encoder = crate::encode::Encoder {
        temporality: Temporality::Delta,
        names: crate::names::Names::Scrape,
        resource: Vec::new(),
    };
    let engine = super::Engine::new(encoder, Box::new(server.clone()), counts, (super::BEGAN, 9));
    let mut other = World { metrics: one.metrics.clone(), server, engine, now: super::BEGAN };
    let mut random = Random::new(3);
    for _ in 0..100 {
        live(&one.metrics, &time, &mut random, 6);
        for world in [&mut one, &mut other] {
            if random.below(2) == 0 {
                world.server.then(&[random.one_of(&ACTS)]);
                world.push();
            }
        }
    }
    for world in [&mut one, &mut other] {
        world.server.with(|state| state.acts.clear());
        assert_eq!(world.push(), Outcome::Delivered);
        assert_all_is_there(world, 3);
    }
}
