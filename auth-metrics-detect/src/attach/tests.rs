//! An engine that fails, and what it does then.

use std::net::{IpAddr, Ipv4Addr};

use auth_metrics::{AuthMetrics, Outcome, Reason};

use super::Engine;
use crate::detector::Action;

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

type Tried<T> = Result<T, Box<dyn std::error::Error>>;

/// A handle whose engine panics whenever a stranger gets in.
fn broken() -> Tried<(AuthMetrics, Engine)> {
    let engine = Engine::builder().key([7; 16]).build()?;
    engine.owner().state.lose_recents();
    let builder = AuthMetrics::builder().service_id("gateway").observe(engine.clone());
    let metrics = builder.poll_events().build()?;
    engine.install(&metrics)?;
    Ok((metrics, engine))
}

fn login(metrics: &AuthMetrics, subject: &str, outcome: Outcome) {
    metrics.attempt("login").subject(subject).peer(PEER).finish(outcome);
    metrics.events().poll();
}

#[test]
fn engine_that_panics_three_times_stops_and_logins_go_on() -> Tried<()> {
    let (metrics, engine) = broken()?;
    let value = |name, labels: &[(&str, &str)]| metrics.snapshot().value(name, labels);
    for (number, up) in [1.0, 1.0, 0.0, 0.0].into_iter().enumerate() {
        login(&metrics, &format!("user-{number}"), Outcome::Success);
        assert_eq!(value("auth_detect_up", &[]), Some(up), "{number}");
    }
    assert_eq!(value("auth_detect_errors_total", &[("kind", "engine_panicked")]), Some(3.0));
    assert_eq!(value("auth_detect_events_dropped_total", &[]), Some(1.0));
    assert_eq!(value("auth_operations_total", &[("operation", "login")]), Some(4.0));
    // It answers still: what it knew, and an opinion about the rest.
    assert_eq!(engine.assess("user-0", PEER).action, Action::Allow);
    assert!((0.0..=1.0).contains(&engine.assess("nobody", None).probability));
    assert!(engine.bytes() > 0 && !engine.snapshot().is_empty());
    engine.forget("user-0");
    Ok(())
}

#[test]
fn guesses_behind_a_page_that_answers_200_are_found() -> Tried<()> {
    let engine = Engine::builder().key([7; 16]).build()?;
    let mut subscription = engine.subscribe(64);
    let metrics =
        AuthMetrics::builder().service_id("gateway").observe(engine.clone()).poll_events().build()?;
    for number in 0..12 {
        let mut page = metrics.attempt("page");
        page.run(|| login(&metrics, &format!("name-{number}"), Outcome::Failure(Reason::UnknownSubject)));
        page.finish(Outcome::Success);
        metrics.events().poll();
    }
    assert!(subscription.try_next().is_some());
    Ok(())
}

#[test]
fn engine_that_panics_twice_goes_on_with_what_it_knows() -> Tried<()> {
    let (metrics, engine) = broken()?;
    let mut subscription = engine.subscribe(64);
    (0..2).for_each(|number| login(&metrics, &format!("user-{number}"), Outcome::Success));
    for number in 0..12 {
        login(&metrics, &format!("name-{number}"), Outcome::Failure(Reason::UnknownSubject));
    }
    assert_eq!(metrics.snapshot().value("auth_detect_up", &[]), Some(1.0));
    assert!(subscription.try_next().is_some(), "it finds what goes on");
    Ok(())
}

#[test]
fn dead_engine_stays_dead_for_the_next_handle() -> Tried<()> {
    let (metrics, engine) = broken()?;
    (0..3).for_each(|number| login(&metrics, &format!("user-{number}"), Outcome::Success));
    let other = AuthMetrics::builder().service_id("gateway").build()?;
    assert!(matches!(engine.install(&other), Err(crate::Error::AlreadyInstalled)));
    drop(metrics);
    engine.install(&other)?;
    assert_eq!(other.snapshot().value("auth_detect_up", &[]), Some(0.0));
    Ok(())
}

#[test]
fn forecast_that_panics_three_times_stops_the_engine_and_not_its_thread() -> Tried<()> {
    let (metrics, engine) = broken()?;
    engine.owner().state.lose_verdicts();
    for up in [1.0, 1.0, 0.0, 0.0] {
        engine.keep(true, Some(&metrics.snapshot()));
        assert_eq!(metrics.snapshot().value("auth_detect_up", &[]), Some(up));
    }
    let panics = metrics.snapshot().value("auth_detect_errors_total", &[("kind", "engine_panicked")]);
    assert_eq!(panics, Some(3.0));
    Ok(())
}
