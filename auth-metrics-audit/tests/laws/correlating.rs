//! What a line says of the attempts before it.

use std::net::{IpAddr, Ipv4Addr};

use auth_metrics::{Outcome, Reason};
use auth_metrics_audit::{Policy, Record};
use serde_json::Value;

use crate::world::{World, builder};

const REJECTED: Outcome = Outcome::Failure(Reason::InvalidCredentials);
const UNAVAILABLE: Outcome = Outcome::Failure(Reason::DependencyUnavailable);
const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const NEIGHBOUR: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 99));
const ABROAD: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

fn world() -> World {
    World::new(builder().policy(Policy::new().token(Record::All)))
}

fn login(world: &World, subject: &str, outcome: Outcome) {
    world.metrics.attempt("login").subject(subject).peer(HOME).finish(outcome);
}

fn of_session(world: &World, operation: &str, session: &str, peer: IpAddr) {
    let attempt = world.metrics.attempt(operation).subject("alice").session(session).peer(peer);
    attempt.finish(Outcome::Success);
}

fn patterns(line: &Value) -> Vec<&str> {
    line["auth.patterns"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn count(world: &World, pattern: &str) -> f64 {
    world.metrics.snapshot().value("auth_correlations_total", &[("pattern", pattern)]).unwrap()
}

#[test]
fn success_says_how_many_rejections_came_before() {
    let world = world();
    (0..7).for_each(|_| login(&world, "alice", REJECTED));
    login(&world, "alice", UNAVAILABLE);
    (0..2).for_each(|_| login(&world, "bob", REJECTED));
    for name in ["alice", "bob", "carol", "alice"] {
        login(&world, name, Outcome::Success);
    }
    let lines = world.events();
    let said: Vec<_> = lines[10..]
        .iter()
        .map(|line| (line["auth.failures_before"].as_u64(), patterns(line).len()))
        .collect();
    assert_eq!(said, [(Some(7), 1), (Some(2), 0), (None, 0), (None, 0)]);
    assert_eq!(count(&world, "success_after_failures"), 1.0);
}

#[test]
fn many_rejections_are_counted_up_to_a_bound() {
    let world = world();
    (0..1_000).for_each(|_| login(&world, "alice", REJECTED));
    login(&world, "alice", Outcome::Success);
    assert_eq!(world.events().last().unwrap()["auth.failures_before"], 64);
}

#[test]
fn known_subject_from_a_new_network_is_said() {
    let world = world();
    for peer in [HOME, NEIGHBOUR, ABROAD, ABROAD, HOME] {
        world.metrics.attempt("login").subject("alice").peer(peer).finish(Outcome::Success);
    }
    let said: Vec<_> = world.events().iter().map(|line| line["auth.new_peer"] == true).collect();
    assert_eq!(said, [false, false, true, false, false]);
}

#[test]
fn events_of_a_session_are_a_linked_list() {
    let world = world();
    world.metrics.attempt("login").subject("bob").finish(Outcome::Success);
    of_session(&world, "login", "s-1", HOME);
    of_session(&world, "login", "s-2", HOME);
    of_session(&world, "transfer", "s-1", HOME);
    of_session(&world, "transfer", "s-1", HOME);
    let lines = world.events();
    let sequence = |index: usize| lines[index]["event.sequence"].as_u64();
    let previous: Vec<_> = lines.iter().map(|line| line["auth.previous"].as_u64()).collect();
    assert_eq!(previous, [None, None, None, sequence(1), sequence(3)]);
}

#[test]
fn attempts_of_different_threads_come_in_the_order_they_ended() {
    let world = world();
    // This thread has a place before that of any thread it starts.
    login(&world, "bob", Outcome::Success);
    world.metrics.events().poll();
    for _ in 0..20 {
        std::thread::scope(|scope| {
            let first = scope.spawn(|| of_session(&world, "login", "s-1", HOME));
            first.join().unwrap();
            of_session(&world, "transfer", "s-1", HOME);
        });
        world.metrics.events().poll();
    }
    let lines = world.events();
    let operations: Vec<_> = lines[1..].iter().map(|line| line["event.action"].as_str().unwrap()).collect();
    assert!(operations.chunks(2).all(|pair| pair == ["login", "transfer"]), "{operations:?}");
}

#[test]
fn session_from_a_new_network_is_a_pattern_once() {
    let world = world();
    for peer in [HOME, NEIGHBOUR, ABROAD, HOME, ABROAD] {
        of_session(&world, "login", "s-1", peer);
    }
    let lines = world.events();
    let said: Vec<_> = lines.iter().map(|line| patterns(line).contains(&"session_from_new_peer")).collect();
    assert_eq!(said, [false, false, true, false, false]);
    assert_eq!(count(&world, "session_from_new_peer"), 1.0);
}

/// Verifies a token.
#[auth_metrics::auth_metered(op = "verify", kind = token, metrics = metrics, session = session)]
fn verify(metrics: &auth_metrics::AuthMetrics, session: &str) -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[test]
fn token_of_a_session_that_nobody_logged_in_to_is_a_pattern() {
    let world = world();
    verify(&world.metrics, "before-any-login").unwrap();
    of_session(&world, "login", "s-1", HOME);
    for session in ["s-1", "s-2", "s-2"] {
        verify(&world.metrics, session).unwrap();
    }
    let lines = world.events();
    let said: Vec<_> = lines.iter().map(|line| patterns(line).contains(&"token_without_login")).collect();
    assert_eq!(said, [false, false, false, true, false]);
    assert_eq!(count(&world, "token_without_login"), 1.0);
}

#[test]
fn what_the_policy_skips_is_recorded_if_a_pattern_ends_with_it() {
    let world = World::new(builder());
    of_session(&world, "login", "s-1", HOME);
    for session in ["s-1", "s-2"] {
        verify(&world.metrics, session).unwrap();
    }
    let lines = world.events();
    let operations: Vec<_> = lines.iter().map(|line| line["event.action"].as_str()).collect();
    assert_eq!(operations, [Some("login"), Some("verify")]);
    assert_eq!(patterns(&lines[1]), ["token_without_login"]);
}
