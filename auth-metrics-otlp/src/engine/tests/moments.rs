//! When points are of, and which of them are sent.

use std::time::Duration;

use auth_metrics::Outcome as Ended;
use opentelemetry_proto::tonic::metrics::v1::NumberDataPoint;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;

use super::receiver::metrics;
use super::{Act, BEGAN, Moment, Outcome, World};
use crate::setup::Temporality;

/// The points of a counter in the last request.
fn points(world: &World, name: &str) -> Vec<NumberDataPoint> {
    let request = world.server.last();
    let found = metrics(&request).find(|metric| metric.name == name);
    match found.and_then(|metric| metric.data.clone()) {
        Some(Data::Sum(sum)) => sum.data_points,
        Some(other) => panic!("{other:?}"),
        None => Vec::new(),
    }
}

const STARTED: &str = "auth_operations_started_total";

#[test]
fn delta_begins_where_the_last_accepted_one_ended() {
    let mut world = World::new(Temporality::Delta);
    let attempt = |world: &World| world.metrics.attempt("login").finish(Ended::Success);
    attempt(&world);
    assert_eq!(world.push(), Outcome::Delivered);
    let first = points(&world, STARTED).remove(0);
    assert_eq!(first.start_time_unix_nano, BEGAN.since_1970);
    attempt(&world);
    world.server.then(&[Act::Refuse]);
    assert_eq!(world.push(), Outcome::Refused);
    attempt(&world);
    assert_eq!(world.push(), Outcome::Delivered);
    let next = points(&world, STARTED).remove(0);
    assert_eq!(next.start_time_unix_nano, first.time_unix_nano);
    assert_eq!(next.value, Some(Value::AsInt(2)), "what was refused is in it");
}

#[test]
fn request_whose_fate_is_unknown_is_repeated_as_it_was() {
    let mut world = World::new(Temporality::Delta);
    world.metrics.attempt("login").finish(Ended::Success);
    world.server.then(&[Act::TakeAndLose, Act::Away, Act::Busy(5), Act::Lose]);
    world.push();
    for _ in 0..3 {
        world.metrics.attempt("login").finish(Ended::Success);
        assert!(matches!(world.push(), Outcome::Later(_)));
    }
    let requests = world.server.with(|state| state.requests.clone());
    assert_eq!(requests.len(), 4);
    assert!(requests.iter().all(|request| *request == requests[0]));
    // Once its fate is known, the rest follows at once.
    assert_eq!(world.push(), Outcome::Delivered);
    assert_eq!(world.server.with(|state| state.requests.len()), 6);
    assert_eq!(points(&world, STARTED)[0].value, Some(Value::AsInt(3)));
}

#[test]
fn request_that_was_perhaps_taken_and_is_refused_for_good_is_given_up_and_counted() {
    let mut world = World::new(Temporality::Delta);
    world.metrics.attempt("login").finish(Ended::Success);
    world.server.then(&[Act::TakeAndLose]);
    world.push();
    world.metrics.attempt("login").finish(Ended::Success);
    world.server.then(&[Act::Refuse; 10]);
    for _ in 0..9 {
        assert_eq!(world.push(), Outcome::Refused);
    }
    let requests = world.server.with(|state| state.requests.clone());
    assert!(requests.len() == 10 && requests.iter().all(|request| *request == requests[0]));
    assert_eq!(world.push(), Outcome::Delivered);
    assert_eq!(points(&world, STARTED)[0].value, Some(Value::AsInt(1)), "nothing is there twice");
    let labels = [("push", "otlp"), ("result", "dropped")];
    assert!(world.metrics.snapshot().value("auth_otlp_points_total", &labels) > Some(10.0));
}

#[test]
fn delta_without_a_change_is_sent_once() {
    let mut world = World::new(Temporality::Delta);
    drop(world.metrics.attempt("login"));
    world.push();
    assert_eq!(points(&world, "rate_limit_exceeded_total").len(), 1, "born at zero");
    world.push();
    assert_eq!(points(&world, "rate_limit_exceeded_total").len(), 0);
    assert_eq!(points(&world, STARTED).len(), 0);
}

#[test]
fn zero_that_no_server_took_is_sent_again() {
    let mut world = World::new(Temporality::Delta);
    world.server.then(&[Act::Refuse, Act::Away]);
    for _ in 0..3 {
        world.push();
        assert_eq!(points(&world, "rate_limit_exceeded_total").len(), 1);
    }
}

#[test]
fn cumulative_series_keeps_its_start() {
    let mut world = World::new(Temporality::Cumulative);
    world.push();
    world.metrics.attempt("login").finish(Ended::Success);
    world.push();
    let first = points(&world, STARTED).remove(0);
    assert!(first.start_time_unix_nano > BEGAN.since_1970, "it came after the first snapshot");
    world.metrics.attempt("login").finish(Ended::Success);
    world.push();
    let next = points(&world, STARTED).remove(0);
    assert_eq!(next.start_time_unix_nano, first.start_time_unix_nano);
    assert_eq!(next.value, Some(Value::AsInt(2)));
    let born = points(&world, "rate_limit_exceeded_total").remove(0);
    assert_eq!(born.start_time_unix_nano, BEGAN.since_1970);
}

/// The start and the time of the next point.
fn times(world: &mut World) -> (u64, u64) {
    world.push();
    let point = points(world, "rate_limit_exceeded_total").remove(0);
    assert!(point.start_time_unix_nano < point.time_unix_nano);
    (point.start_time_unix_nano, point.time_unix_nano)
}

const SECOND: u64 = 1_000_000_000;

#[test]
fn times_rise_and_wait_for_a_clock_that_went_back_a_little() {
    let mut world = World::new(Temporality::Cumulative);
    let (start, mut latest) = times(&mut world);
    world.now.since_1970 -= 30 * SECOND;
    for _ in 0..58 {
        let (same, time) = times(&mut world);
        assert_eq!((same, time), (start, latest + SECOND / 2), "half as fast");
        latest = time;
    }
    for _ in 0..5 {
        times(&mut world);
    }
    assert_eq!(times(&mut world).1, world.now.since_1970, "it caught up");
}

#[test]
fn clock_that_was_ahead_for_a_year_is_not_believed_afterwards() {
    const YEAR: u64 = 365 * 86_400 * SECOND;
    let mut world = World::new(Temporality::Cumulative);
    let (start, _) = times(&mut world);
    world.now.since_1970 -= YEAR;
    let (moved, time) = times(&mut world);
    assert_eq!((moved, time), (start - YEAR, world.now.since_1970));
    assert_eq!(times(&mut world), (moved, world.now.since_1970));
    // Even if the clock says nothing.
    world.now.since_1970 = 0;
    times(&mut world);
}

#[test]
fn push_of_the_same_name_goes_on_with_what_was_owed() {
    let mut world = World::new(Temporality::Delta);
    let attempt = |world: &World| world.metrics.attempt("login").finish(Ended::Success);
    attempt(&world);
    assert_eq!(world.push(), Outcome::Delivered);
    let first = points(&world, STARTED).remove(0);
    attempt(&world);
    world.server.then(&[Act::TakeAndLose]);
    world.push();
    let unknown = world.server.last();
    world = world.restart();
    attempt(&world);
    assert_eq!(world.push(), Outcome::Delivered);
    assert!(world.server.with(|state| state.requests[2] == unknown), "its fate was unknown");
    let next = points(&world, STARTED).remove(0);
    assert_eq!(next.value, Some(Value::AsInt(1)), "the history is not sent again");
    assert!(next.start_time_unix_nano > first.time_unix_nano);
}

#[test]
fn cumulative_push_of_the_same_name_keeps_its_starts() {
    let mut world = World::new(Temporality::Cumulative);
    let (start, _) = times(&mut world);
    world = world.restart();
    assert_eq!(times(&mut world).0, start);
}

#[test]
fn what_was_pending_takes_of_the_time_of_the_push() {
    let mut world = World::new(Temporality::Delta);
    world.server.then(&[Act::TakeAndLose]);
    world.push();
    let sent = |world: &World| world.server.with(|state| state.requests.len());
    // Each request takes a second, and there is one.
    let (server, began) = (world.server.clone(), sent(&world));
    let took = || Duration::from_secs((server.with(|state| state.requests.len()) - began) as u64);
    let left = || Duration::from_secs(1).saturating_sub(took());
    let outcome = world.engine.push(|| Some(world.metrics.snapshot()), || world.now, left);
    assert_eq!((outcome, sent(&world)), (Outcome::Later(Duration::ZERO), began + 1));
    assert!(world.engine.ledger.pending.is_none());
}

#[test]
fn snapshot_has_the_time_that_it_was_taken_at() {
    let mut world = World::new(Temporality::Delta);
    world.server.then(&[Act::TakeAndLose]);
    world.push();
    world.metrics.attempt("login").finish(Ended::Success);
    // What is pending is delivered within a minute.
    let (began, server) = (world.now.since_1970, world.server.clone());
    let clock = || {
        let minutes = server.with(|state| state.requests.len() as u64 - 1);
        Moment { since_1970: began + minutes * 60 * SECOND, monotonic: Duration::from_secs(60 * minutes + 1) }
    };
    world.engine.push(|| Some(world.metrics.snapshot()), clock, || super::TIMEOUT);
    assert_eq!(points(&world, STARTED)[0].time_unix_nano, began + 60 * SECOND);
}
