//! Several observers, some of them broken: each gets what it wants, and no one suffers from another.

use std::convert::Infallible;

use auth_metrics::events::{EventKind, Observed, observer};
use auth_metrics::{Error, OperationKind, Outcome};

use super::*;

/// Whether it is an attempt of an operation of the gateway's own.
fn is_own(operation: Observed<'_>, name: &str) -> bool {
    operation.service_id() == "gateway"
        && operation.kind().label() == "attempt"
        && operation.operation() == name
}

#[test]
fn each_observer_gets_what_it_wants() {
    let [login, refresh, all] = [(); 3].map(|()| Kept::default());
    let logins =
        Choosing { name: "login", kept: login.clone(), wants: |operation| is_own(operation, "login") };
    let refreshes =
        Choosing { name: "refresh", kept: refresh.clone(), wants: |operation| is_own(operation, "refresh") };
    let builder = builder().observe(logins).observe(refreshes);
    let metrics = builder.observe(all.clone()).poll_events().build().unwrap();
    for op in ["login", "login", "refresh", "probe"] {
        metrics.attempt(op).finish(Outcome::Success);
    }
    metrics.attempt_for("orders", "login").finish(Outcome::Success);
    metrics.events().poll();
    assert_eq!([login, refresh, all].map(|kept| kept.events().len()), [2, 1, 5]);
}

#[test]
fn events_have_the_kind_that_was_declared() {
    let (metrics, kept) = polled();
    metrics.declare_as::<Infallible>("badge", OperationKind::Token);
    metrics.attempt("badge").finish(Outcome::Success);
    metrics.events().poll();
    assert_eq!(kept.events()[0].kind(), EventKind::Attempt(OperationKind::Token));
}

#[test]
fn an_observer_that_panics_is_counted_and_hurts_no_other() {
    let kept = Kept::default();
    let broken = observer("broken", |events| assert!(events[0].operation() == "login"));
    let metrics = builder().observe(broken).observe(kept.clone()).build().unwrap();
    for op in ["login", "refresh", "refresh", "login"] {
        metrics.attempt(op).finish(Outcome::Success);
        flush(&metrics);
    }
    let panics = metrics.snapshot().value("auth_event_observer_panics_total", &[("observer", "broken")]);
    assert_eq!((panics, kept.events().len()), (Some(2.0), 4));
}

#[test]
fn an_observer_that_can_not_say_what_it_wants_gets_everything() {
    let kept = Kept::default();
    let undecided = Choosing { name: "undecided", kept: kept.clone(), wants: |_| panic!("it can't say") };
    let metrics = builder().observe(undecided).poll_events().build().unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    assert_eq!((metrics.events().poll(), kept.events().len()), (1, 1));
    let panics = metrics.snapshot().value("auth_event_observer_panics_total", &[("observer", "undecided")]);
    assert_eq!(panics, Some(1.0));
}

#[test]
fn names_of_observers_are_labels_and_differ() {
    for name in ["", "Kept", "a b", "9"] {
        let refused = builder().observe(observer(name, |_| ())).build();
        assert!(matches!(refused, Err(Error::InvalidObserver(refused)) if refused == name), "{name}");
    }
    let twice = builder().observe(Kept::default()).observe(Kept::default()).build();
    assert!(matches!(twice, Err(Error::InvalidObserver("kept"))));
}

#[test]
fn a_handle_has_at_most_64_observers() {
    let names: Vec<&'static str> = (0..65).map(|index| &*format!("observer_{index}").leak()).collect();
    let with = |count: usize| {
        let builder =
            names[..count].iter().fold(builder(), |builder, name| builder.observe(observer(name, |_| ())));
        builder.poll_events().build()
    };
    assert!(with(64).is_ok());
    assert!(matches!(with(65), Err(Error::InvalidObserver("observer_64"))));
}

#[test]
fn a_capacity_that_no_machine_has_is_refused() {
    for capacity in [0, (1 << 20) + 1, usize::MAX] {
        let refused = builder().observe(Kept::default()).event_capacity(capacity).build();
        assert!(matches!(refused, Err(Error::InvalidEventCapacity)));
    }
}

#[test]
fn without_an_observer_there_is_nothing_to_wait_for() {
    let metrics = builder().build().unwrap();
    metrics.attempt("login").subject("user-001").finish(Outcome::Success);
    assert!(metrics.events().flush(Duration::ZERO));
    assert_eq!(metrics.events().poll(), 0);
}
