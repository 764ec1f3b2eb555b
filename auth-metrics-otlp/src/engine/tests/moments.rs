//! When points are of, and which of them are sent.

use auth_metrics::Outcome as Ended;
use opentelemetry_proto::tonic::metrics::v1::NumberDataPoint;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;

use super::receiver::metrics;
use super::{Act, BEGAN, Outcome, World};
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

#[test]
fn times_rise_whatever_the_clock_does() {
    let mut world = World::new(Temporality::Cumulative);
    let mut latest = 0;
    for step in [0_i64, -5_000_000_000, 0, i64::MIN / 2, 3_000_000_000] {
        world.now.since_1970 = world.now.since_1970.saturating_add_signed(step);
        world.push();
        let point = points(&world, "rate_limit_exceeded_total").remove(0);
        assert!(point.time_unix_nano > latest && point.start_time_unix_nano < point.time_unix_nano);
        latest = point.time_unix_nano;
    }
}
