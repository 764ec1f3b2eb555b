//! Groups of a user's own, whose counters fall, whose series come and go, and whose buckets change.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use auth_metrics::Family;
use auth_metrics::group::{Group, Observations, Samples};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;

use super::random::Random;
use super::receiver::metrics;
use super::{Act, Outcome, World};
use crate::setup::Temporality;

static HITS: Family = Family::counter("cache_hits_total", &["shard"], "Hits.");
static WAITS: Family = Family::histogram("cache_wait_seconds", &[], "Waits.");

/// A cache with shards that are restarted, and taken away.
struct Cache {
    shards: Mutex<Vec<(String, u64)>>,
    waits: Mutex<Observations>,
    /// What all shards ever counted, as far as somebody read it.
    all: AtomicU64,
}

impl Group for Cache {
    fn families(&self) -> Vec<&'static Family> {
        vec![&HITS, &WAITS]
    }

    fn collect(&self, samples: &mut Samples) {
        for (shard, hits) in self.shards.lock().unwrap().iter() {
            samples.counter(&HITS, &[shard], *hits);
        }
        samples.histogram(&WAITS, &[], &self.waits.lock().unwrap());
    }
}

fn waits(bounds: &[f64]) -> Observations {
    Observations::new(bounds).unwrap()
}

fn cache(world: &World) -> std::sync::Arc<Cache> {
    let new =
        || Cache { shards: Mutex::default(), waits: Mutex::new(waits(&[1.0, 8.0])), all: AtomicU64::new(0) };
    world.metrics.group(new).unwrap()
}

#[test]
fn counter_that_falls_has_a_new_start_and_loses_nothing() {
    let mut world = World::new(Temporality::Cumulative);
    let cache = cache(&world);
    cache.shards.lock().unwrap().push(("a".to_owned(), 10));
    let mut seen = Vec::new();
    for hits in [10, 12, 5, 7] {
        cache.shards.lock().unwrap()[0].1 = hits;
        world.push();
        let request = world.server.last();
        let metric = metrics(&request).find(|metric| metric.name == HITS.name).unwrap().clone();
        let Some(Data::Sum(sum)) = metric.data else { panic!() };
        assert!(sum.is_monotonic);
        let point = &sum.data_points[0];
        assert_eq!(point.value, Some(Value::AsInt(hits.try_into().unwrap())));
        seen.push((point.start_time_unix_nano, point.time_unix_nano));
    }
    assert_eq!(seen[0].0, seen[1].0);
    assert_eq!(seen[2].0, seen[1].1, "it began again after the last point");
    assert_eq!(seen[3].0, seen[2].0);
}

#[test]
fn deltas_of_what_restarts_and_vanishes_lose_nothing() {
    for seed in 0..16 {
        let (mut random, mut world) = (Random::new(seed), World::new(Temporality::Delta));
        let cache = cache(&world);
        for round in 0..120 {
            let mut shards = cache.shards.lock().unwrap();
            if random.below(4) == 0 {
                shards.push((format!("s{round}"), 0));
            }
            if random.below(8) == 0 && !shards.is_empty() {
                shards.remove(0);
            }
            for (_, hits) in shards.iter_mut() {
                let more = 1 + random.below(9);
                // Began again: all that it counts since is less than it had.
                *hits = if *hits > more && random.below(6) == 0 { more } else { *hits + more };
                cache.all.fetch_add(more, Ordering::Relaxed);
            }
            drop(shards);
            let act = [Act::Take, Act::TakeAndLose, Act::Lose, Act::Away, Act::Refuse];
            world.server.then(&[random.one_of(&act)]);
            // Each state is read, so that no fall is missed: not while a request of unknown fate is repeated.
            while matches!(world.push(), Outcome::Later(_)) && world.engine.pending.is_some() {
                world.server.with(|state| state.acts.clear());
            }
        }
        world.server.with(|state| state.acts.clear());
        assert_eq!(world.push(), Outcome::Delivered);
        let received: i128 = world.server.with(|state| {
            let hits = state.receiver.counters.iter().filter(|(key, _)| key.starts_with(HITS.name));
            hits.map(|(_, count)| *count).sum()
        });
        assert_eq!(received, i128::from(cache.all.load(Ordering::Relaxed)), "seed {seed}");
    }
}

#[test]
fn histogram_with_other_buckets_begins_again() {
    let mut world = World::new(Temporality::Delta);
    let cache = cache(&world);
    cache.waits.lock().unwrap().observe(Duration::from_secs(4));
    world.server.then(&[Act::Refuse]);
    world.push();
    *cache.waits.lock().unwrap() = waits(&[2.0, 8.0, 64.0]);
    cache.waits.lock().unwrap().observe(Duration::from_secs(32));
    assert_eq!(world.push(), Outcome::Delivered);
    let request = world.server.last();
    let metric = metrics(&request).find(|metric| metric.name == WAITS.name).unwrap().clone();
    assert_eq!(metric.unit, "s");
    let Some(Data::Histogram(histogram)) = metric.data else { panic!() };
    let point = &histogram.data_points[0];
    assert_eq!(
        (&point.explicit_bounds[..], &point.bucket_counts[..]),
        (&[2.0, 8.0, 64.0][..], &[0, 1, 1, 0][..])
    );
    assert_eq!((point.count, point.sum), (2, Some(36.0)));
}

#[test]
fn too_many_series_that_vanished_are_dropped_and_counted() {
    let mut world = World::new(Temporality::Delta);
    let cache = cache(&world);
    world.server.then(&[Act::Refuse; 4]);
    for round in 0..3 {
        *cache.shards.lock().unwrap() = (0..3_000).map(|shard| (format!("r{round}s{shard}"), 1)).collect();
        world.push();
    }
    let labels = [("push", "otlp"), ("result", "dropped")];
    let dropped = world.metrics.snapshot().value("auth_otlp_points_total", &labels).unwrap();
    assert!((dropped - (6_000.0 - 4_096.0)).abs() < f64::EPSILON, "{dropped}");
    cache.shards.lock().unwrap().clear();
    world.push();
    world.push();
    // Once they were delivered they are forgotten.
    let before = world.server.with(|state| state.requests.len());
    world.push();
    let request = world.server.with(|state| state.requests[before].clone());
    assert!(metrics(&request).all(|metric| metric.name != HITS.name));
}
