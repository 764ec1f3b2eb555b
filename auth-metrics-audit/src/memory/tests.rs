//! The bounds of the memory, each on its two sides, with a clock of the tests' own.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use auth_metrics::events::observer;
use auth_metrics::{AuthMetrics, Reason};

use super::*;

const MINUTES: u64 = 60_000;
const HOUR: u64 = 60 * MINUTES;
/// A time like that of today, so that a clock has room to be set back.
const NOW: u64 = 1_790_000_000_000;

const REJECTED: Outcome = Outcome::Failure(Reason::InvalidCredentials);

/// Verifies a token.
#[auth_metrics::auth_metered(op = "verify", kind = token, metrics = metrics, session = session, peer = peer)]
fn verify(metrics: &AuthMetrics, session: &str, peer: Option<IpAddr>) -> Result<(), Infallible> {
    Ok(())
}

/// A memory, and a handle whose events it notes at any time.
struct World {
    memory: Memory,
    metrics: AuthMetrics,
    events: Arc<Mutex<Vec<Event>>>,
}

impl World {
    fn new() -> World {
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        let kept = Arc::clone(&events);
        let keeper = observer("kept", move |events: &[Event]| {
            kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(events);
        });
        let metrics = AuthMetrics::builder().poll_events().observe(keeper).build().unwrap();
        World { memory: Memory::new(1), metrics, events }
    }

    fn note(&mut self, at: u64, attempt: impl FnOnce(&AuthMetrics)) -> Before {
        attempt(&self.metrics);
        self.metrics.events().poll();
        let event = self.events.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap();
        self.memory.note_at(&event, true, at)
    }

    fn login(&mut self, at: u64, subject: &str, outcome: Outcome) -> Before {
        self.note(at, |metrics| metrics.attempt("login").subject(subject).finish(outcome))
    }

    /// A login from a network.
    fn from(&mut self, at: u64, subject: &str, network: u8) -> Before {
        let peer = IpAddr::from([203, 0, network, 7]);
        self.note(at, |metrics| metrics.attempt("login").subject(subject).peer(peer).finish(Outcome::Success))
    }

    /// A login that leads to a session.
    fn enter(&mut self, at: u64, session: &str) -> Before {
        self.note(at, |metrics| metrics.attempt("login").session(session).finish(Outcome::Success))
    }

    fn token(&mut self, at: u64, session: &str, network: Option<u8>) -> Before {
        let peer = network.map(|network| IpAddr::from([203, 0, network, 7]));
        self.note(at, |metrics| verify(metrics, session, peer).unwrap())
    }
}

fn labels(before: &Before) -> Vec<&'static str> {
    before.labels().collect()
}

#[test]
fn rejections_count_for_exactly_ten_minutes() {
    for (age, expected) in [(10 * MINUTES, Some(5)), (10 * MINUTES + 1, None)] {
        let mut world = World::new();
        (0..5).for_each(|_| drop(world.login(NOW, "alice", REJECTED)));
        let before = world.login(NOW + age, "alice", Outcome::Success);
        assert_eq!(before.failures, expected, "{age} ms");
        assert_eq!(labels(&before).len(), usize::from(expected.is_some()), "{age} ms");
    }
}

#[test]
fn each_rejection_has_ten_minutes_of_its_own() {
    let mut world = World::new();
    for minute in 0..5 {
        world.login(NOW + minute * 3 * MINUTES, "alice", REJECTED);
    }
    let before = world.login(NOW + 12 * MINUTES, "alice", Outcome::Success);
    assert_eq!((before.failures, labels(&before).len()), (Some(4), 0));
}

#[test]
fn five_rejections_are_a_pattern_and_four_are_none() {
    for (rejections, expected) in [(4, vec![]), (5, vec!["success_after_failures"])] {
        let mut world = World::new();
        (0..rejections).for_each(|_| drop(world.login(NOW, "alice", REJECTED)));
        assert_eq!(labels(&world.login(NOW, "alice", Outcome::Success)), expected);
    }
}

#[test]
fn networks_of_a_subject_are_known_for_exactly_a_day() {
    for (pause, is_new) in [(24 * HOUR, true), (24 * HOUR + 1, false)] {
        let mut world = World::new();
        world.from(NOW, "alice", 1);
        assert_eq!(world.from(NOW + pause, "alice", 2).new_peer, is_new, "{pause} ms");
    }
}

#[test]
fn any_attempt_keeps_a_subject_known() {
    let mut world = World::new();
    world.from(NOW, "alice", 1);
    world.login(NOW + 9 * MINUTES, "alice", Outcome::Failure(Reason::DependencyUnavailable));
    assert!(world.from(NOW + 18 * MINUTES, "alice", 2).new_peer);
}

#[test]
fn session_is_known_for_exactly_an_hour() {
    for (pause, expected) in [(HOUR, vec![]), (HOUR + 1, vec!["token_without_login"])] {
        let mut world = World::new();
        world.enter(NOW, "s-1");
        assert_eq!(labels(&world.token(NOW + pause, "s-1", None)), expected, "{pause} ms");
    }
}

#[test]
fn networks_of_a_session_are_known_for_exactly_an_hour() {
    for (pause, expected) in [(HOUR, vec!["session_from_new_peer"]), (HOUR + 1, vec![])] {
        let mut world = World::new();
        world.token(NOW, "s-1", Some(1));
        assert_eq!(labels(&world.token(NOW + pause, "s-1", Some(2))), expected, "{pause} ms");
    }
}

#[test]
fn four_networks_are_known_and_no_fifth() {
    let mut world = World::new();
    for network in 1..=5 {
        assert_eq!(labels(&world.token(NOW, "s-1", Some(network))).len(), usize::from(network > 1));
    }
    // The first one was forgotten for the fifth. Of the four, the one that was not seen for longest goes next.
    let said = [5, 4, 3, 2, 1, 2, 5].map(|network| labels(&world.token(NOW, "s-1", Some(network))).len());
    assert_eq!(said, [0, 0, 0, 0, 1, 0, 1]);
}

/// Whether somebody is remembered after so many others, while so many were seen before.
fn is_remembered(before: u32, others: u32) -> bool {
    let mut world = World::new();
    let stranger = |world: &mut World, name: u32| {
        let name = name.to_string();
        world.note(NOW, |metrics| {
            metrics.attempt("login").subject(&*name).session(&*name).finish(Outcome::Success);
        });
    };
    (0..before).for_each(|name| stranger(&mut world, name));
    (0..5).for_each(|_| drop(world.login(NOW, "alice", REJECTED)));
    world.enter(NOW, "s-1");
    (before..before + others).for_each(|name| stranger(&mut world, name));
    let subject = world.login(NOW, "alice", Outcome::Success).failures == Some(5);
    let session = labels(&world.token(NOW, "s-1", None)).is_empty();
    assert_eq!(subject, session, "{others} others after {before}");
    subject
}

#[test]
fn ten_thousand_others_are_remembered_at_least_and_twenty_thousand_at_most() {
    assert!(is_remembered(9_999, 10_000));
    assert!(!is_remembered(9_999, 10_001));
    assert!(is_remembered(0, 19_999));
    assert!(!is_remembered(0, 20_000));
}

#[test]
fn clock_that_is_set_back_forgets_nothing() {
    let mut world = World::new();
    (0..5).for_each(|_| drop(world.login(NOW, "alice", REJECTED)));
    world.enter(NOW, "s-1");
    assert_eq!(labels(&world.token(NOW - 48 * HOUR, "s-1", None)), Vec::<&str>::new());
    let before = world.login(NOW - 48 * HOUR, "alice", Outcome::Success);
    assert_eq!((before.failures, labels(&before)), (Some(5), vec!["success_after_failures"]));
    // From then on the earlier time is the one that counts.
    world.enter(NOW - 48 * HOUR, "s-2");
    assert_eq!(labels(&world.token(NOW, "s-2", None)), ["token_without_login"]);
}
