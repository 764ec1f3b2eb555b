//! Events beside attempts: credentials and decisions come through the same door.

use auth_metrics::events::{EventKind, Step};
use auth_metrics::{Outcome, Reason, ShadowDecision};
use auth_metrics_credentials::{CredentialEvent, CredentialKind, RecordCredentials};

use super::*;

fn of_kind(metrics: &AuthMetrics, kind: &str) -> [f64; 3] {
    ["captured", "skipped", "dropped"].map(|decision| {
        let labels = [("event_kind", kind), ("decision", decision)];
        metrics.snapshot().value("auth_events_total", &labels).unwrap()
    })
}

#[test]
fn requests_that_are_let_through_are_events() {
    let (metrics, kept) = polled();
    metrics.record_fail_open("gateway", "risk_engine");
    metrics.declare_policy("gateway", "geo");
    metrics.events().poll();
    let [event] = &kept.events()[..] else { panic!("one request was let through") };
    assert_eq!(
        (event.kind(), event.service_id(), event.operation()),
        (EventKind::Decision, "gateway", "risk_engine")
    );
    assert_eq!((of_kind(&metrics, "decision"), of_kind(&metrics, "attempt")), ([1.0, 0.0, 0.0], [0.0; 3]));
}

#[test]
fn shadow_decisions_are_events_where_they_differ() {
    let (metrics, kept) = polled();
    for (allowed, would_allow) in [(true, true), (true, false), (false, true), (false, false)] {
        metrics.record_shadow_decision("gateway", ShadowDecision::between(allowed, would_allow));
    }
    metrics.events().poll();
    let found: Vec<_> = kept.events().iter().map(|event| event.operation().to_owned()).collect();
    assert_eq!(found, ["would_deny", "would_allow"]);
}

#[test]
fn what_happens_to_a_credential_is_an_event() {
    let (metrics, kept) = polled();
    metrics.record_credential_event("gateway", CredentialKind::SigningKey, CredentialEvent::Rotated);
    metrics.record_credential_event("gateway", CredentialKind::SigningKey, CredentialEvent::RotationFailed);
    metrics.events().poll();
    let found: Vec<_> =
        kept.events().iter().map(|event| (event.operation().to_owned(), event.outcome())).collect();
    let failed = Outcome::Failure(Reason::InternalError);
    assert_eq!(found, [("rotated".to_owned(), Outcome::Success), ("rotation_failed".to_owned(), failed)]);
    assert_eq!(
        (kept.events()[0].source(), of_kind(&metrics, "credential")),
        (Some("signing_key"), [2.0, 0.0, 0.0])
    );
}

#[test]
fn a_step_says_what_it_is_told() {
    let (metrics, kept) = polled();
    let step = Step::credential("orders", "revoked").source("api_key").resource("partner-a");
    metrics.events().report(&step.took(Duration::from_secs(3)));
    let before = std::time::SystemTime::now();
    metrics.events().poll();
    let event = &kept.events()[0];
    assert_eq!(
        (event.service_id(), event.resource(), event.duration()),
        ("orders", Some("partner-a"), Duration::from_secs(3))
    );
    assert!(event.started() <= before - Duration::from_secs(3));
}

#[test]
fn steps_of_too_many_names_are_one_and_none_is_lost() {
    let (metrics, kept) = polled();
    for index in 0..100 {
        metrics.events().report(&Step::credential("gateway", &format!("step_{index}")));
    }
    for name in ["Not A Name", "", "\n"] {
        metrics.events().report(&Step::credential(name, name));
    }
    metrics.events().poll();
    assert_eq!(of_kind(&metrics, "credential"), [103.0, 0.0, 0.0]);
    let events = kept.events();
    assert_eq!((events[63].operation(), events[64].operation()), ("step_63", "other"));
    let of_no_service =
        events.iter().filter(|event| event.service_id() == "other" && event.operation() == "other");
    assert_eq!(of_no_service.count(), 2);
}

#[test]
fn names_that_run_together_are_told_apart() {
    let (metrics, kept) = polled();
    for (service, step) in [("user", "slogin"), ("users", "login")] {
        metrics.events().report(&Step::credential(service, step));
    }
    metrics.events().poll();
    let found: Vec<_> = kept
        .events()
        .iter()
        .map(|event| (event.service_id().to_owned(), event.operation().to_owned()))
        .collect();
    assert_eq!(
        found,
        [("user", "slogin"), ("users", "login")].map(|(service, step)| (service.to_owned(), step.to_owned()))
    );
}
