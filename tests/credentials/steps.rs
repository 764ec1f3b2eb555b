//! The life of a credential: each step with its event and its gauges.

use std::time::Duration;

use auth_metrics::CredentialKind;
use auth_metrics::credentials::{
    ApiKeyRecord, Credential, CredentialError, CredentialState, CredentialTracker, TrackedCredential,
};

use crate::{Bench, DAY, START, at, key};

type Step = fn(&TrackedCredential) -> Result<(), CredentialError>;

const STEPS: [(&str, Step); 7] = [
    ("activate", |key| key.activate()),
    ("rotate", |key| key.rotate(None)),
    ("retire", |key| key.retire()),
    ("expire", |key| key.expire()),
    ("revoke", |key| key.revoke()),
    ("compromise", |key| key.compromise()),
    ("rotation_failed", |key| key.rotation_failed()),
];

fn take(key: &TrackedCredential, name: &str) -> Result<(), CredentialError> {
    let (_, step) = STEPS.into_iter().find(|(step, _)| *step == name).unwrap();
    step(key)
}

#[test]
fn every_step_is_legal_from_where_the_table_says_and_nowhere_else() {
    // How to get there, and what may be done there.
    let legal: [(&[&str], &[&str]); 6] = [
        (&[], &["activate", "expire", "revoke", "compromise"]),
        (&["activate"], &["rotate", "retire", "expire", "revoke", "compromise", "rotation_failed"]),
        (&["activate", "retire"], &["expire", "revoke", "compromise"]),
        (&["expire"], &["rotate", "compromise", "rotation_failed"]),
        (&["revoke"], &[]),
        (&["compromise"], &["rotate", "revoke", "rotation_failed"]),
    ];
    for (way, allowed) in legal {
        for (name, step) in STEPS {
            let bench = Bench::new();
            let tracked = bench.tracker.declare(key("access_tokens")).unwrap();
            for name in way {
                take(&tracked, name).unwrap();
            }
            let (before, events) = (tracked.state(), bench.all_events());
            let taken = step(&tracked);
            assert_eq!(taken.is_ok(), allowed.contains(&name), "{name} after {way:?}: {taken:?}");
            if taken.is_err() {
                assert!(matches!(taken, Err(CredentialError::IllegalStep { state, .. }) if state == before));
                assert_eq!((tracked.state(), bench.all_events()), (before, events), "it changes nothing");
            }
            assert_eq!(bench.illegal_steps(), f64::from(u8::from(taken.is_err())), "{name} after {way:?}");
        }
    }
}

#[test]
fn declared_credential_is_exported_with_its_times_and_every_event_at_zero() {
    let bench = Bench::new();
    let known = key("access_tokens").not_after(at(START + 90 * DAY)).last_rotated(at(START - DAY));
    bench.tracker.declare(known.rotation_interval(Duration::from_secs(30 * DAY))).unwrap();
    assert_eq!(bench.gauge("not_after_timestamp", "access_tokens"), Some((START + 90 * DAY) as f64));
    assert_eq!(bench.gauge("last_rotated_timestamp", "access_tokens"), Some((START - DAY) as f64));
    assert_eq!(bench.gauge("rotation_interval", "access_tokens"), Some((30 * DAY) as f64));
    assert_eq!((bench.events("created"), bench.all_events()), (1.0, 1.0));
    let snapshot = bench.metrics.snapshot();
    for event in auth_metrics::CredentialEvent::ALL {
        let labels =
            [("service_id", "gateway"), ("credential_kind", "signing_key"), ("event", event.label())];
        assert!(snapshot.value("auth_credential_events_total", &labels).is_some(), "{}", event.label());
    }
}

#[test]
fn what_is_not_known_of_a_credential_is_not_exported() {
    let bench = Bench::new();
    bench.tracker.declare(key("access_tokens")).unwrap();
    for gauge in ["not_after_timestamp", "last_rotated_timestamp", "rotation_interval"] {
        assert_eq!(bench.gauge(gauge, "access_tokens"), None, "{gauge}");
    }
}

#[test]
fn rotation_sets_the_times_of_the_successor() {
    let bench = Bench::new();
    let tracked = bench.tracker.declare(key("access_tokens").not_after(at(START + DAY))).unwrap();
    tracked.activate().unwrap();
    bench.set_clock(START + 100);
    tracked.rotate(Some(at(START + 9 * DAY))).unwrap();
    assert_eq!(bench.gauge("not_after_timestamp", "access_tokens"), Some((START + 9 * DAY) as f64));
    assert_eq!(bench.gauge("last_rotated_timestamp", "access_tokens"), Some((START + 100) as f64));
    tracked.rotate(None).unwrap();
    assert_eq!(
        bench.gauge("not_after_timestamp", "access_tokens"),
        None,
        "the second successor does not expire"
    );
    assert_eq!(bench.events("rotated"), 2.0);
}

#[test]
fn clock_that_jumps_back_does_not_take_the_last_rotation_back() {
    let bench = Bench::new();
    let tracked = bench.tracker.declare(key("access_tokens")).unwrap();
    tracked.activate().unwrap();
    tracked.rotate(None).unwrap();
    bench.set_clock(START - DAY);
    tracked.rotate(None).unwrap();
    assert_eq!(bench.gauge("last_rotated_timestamp", "access_tokens"), Some(START as f64));
    bench.tracker.sweep();
    assert_eq!(tracked.state(), CredentialState::Active);
}

#[test]
fn time_makes_a_credential_expiring_and_then_expired_each_once() {
    let bench = Bench::new();
    let tracked = bench.tracker.declare(key("access_tokens").not_after(at(START + 9 * DAY))).unwrap();
    for (clock, expiring, expired) in [
        (START + 5 * DAY, 0.0, 0.0),
        (START + 6 * DAY, 1.0, 0.0),
        (START + 8 * DAY, 1.0, 0.0),
        (START + 9 * DAY, 1.0, 1.0),
        (START + 20 * DAY, 1.0, 1.0),
    ] {
        bench.set_clock(clock);
        bench.tracker.sweep();
        bench.tracker.sweep();
        assert_eq!((bench.events("expiring"), bench.events("expired")), (expiring, expired), "{clock}");
    }
    assert_eq!(tracked.state(), CredentialState::Expired);
    assert!(bench.gauge("not_after_timestamp", "access_tokens").is_some(), "an alert on it goes on");
    tracked.rotate(Some(at(START + 40 * DAY))).unwrap();
    assert_eq!(tracked.state(), CredentialState::Active);
}

#[test]
fn notice_is_as_long_as_it_was_set_to() {
    let bench = Bench::new();
    let tracker = bench.tracker.with_notice(Duration::from_secs(60));
    tracker.declare(key("access_tokens").not_after(at(START + 9 * DAY))).unwrap();
    bench.set_clock(START + 9 * DAY - 61);
    tracker.sweep();
    assert_eq!(bench.events("expiring"), 0.0);
    bench.set_clock(START + 9 * DAY - 60);
    tracker.sweep();
    assert_eq!(bench.events("expiring"), 1.0);
}

#[test]
fn retired_credential_is_no_longer_due_and_a_revoked_one_is_gone() {
    let bench = Bench::new();
    let known = key("access_tokens").not_after(at(START + DAY)).last_rotated(at(START));
    let tracked = bench.tracker.declare(known.rotation_interval(Duration::from_secs(DAY))).unwrap();
    tracked.activate().unwrap();
    tracked.retire().unwrap();
    assert!(bench.gauge("not_after_timestamp", "access_tokens").is_some());
    assert_eq!(bench.gauge("last_rotated_timestamp", "access_tokens"), None);
    assert_eq!(bench.gauge("rotation_interval", "access_tokens"), None);
    tracked.revoke().unwrap();
    assert_eq!(bench.gauge("not_after_timestamp", "access_tokens"), None);
}

#[test]
fn forgotten_credential_leaves_its_counts_and_its_slug() {
    let bench = Bench::new();
    let tracked = bench.tracker.declare(key("access_tokens").not_after(at(START + DAY))).unwrap();
    tracked.forget();
    assert!(bench.tracker.get(CredentialKind::SigningKey, "access_tokens").is_none());
    assert_eq!(bench.gauge("not_after_timestamp", "access_tokens"), None);
    assert_eq!(bench.events("created"), 1.0);
    assert!(tracked.activate().is_err(), "a clone that is left can do nothing");
    bench.tracker.declare(key("access_tokens")).unwrap();
}

#[test]
fn clones_and_the_tracker_speak_of_the_same_credential() {
    let bench = Bench::new();
    let tracked = bench.tracker.declare(key("access_tokens")).unwrap();
    bench.tracker.clone().get(CredentialKind::SigningKey, "access_tokens").unwrap().activate().unwrap();
    assert_eq!(tracked.state(), CredentialState::Active);
    assert_eq!(bench.tracker.all().len(), 1);
}

#[test]
fn services_have_credentials_of_their_own() {
    let bench = Bench::new();
    let orders = CredentialTracker::for_service(&bench.metrics, "orders");
    orders.declare(key("access_tokens")).unwrap();
    bench.tracker.declare(key("access_tokens")).unwrap();
    let created = |service| {
        let labels = [("service_id", service), ("event", "created")];
        bench.metrics.snapshot().value("auth_credential_events_total", &labels)
    };
    assert_eq!((created("orders"), created("gateway")), (Some(1.0), Some(1.0)));
}

#[test]
fn api_key_record_is_a_credential() {
    let bench = Bench::new();
    let (slug, created_at) = ("billing".to_owned(), at(START - DAY));
    let record = ApiKeyRecord { slug, created_at, expires_at: Some(at(START + DAY)) };
    let tracked = bench.tracker.declare(Credential::from(record)).unwrap();
    assert_eq!(tracked.kind(), CredentialKind::ApiKey);
    assert_eq!(bench.gauge("not_after_timestamp", "billing"), Some((START + DAY) as f64));
    assert_eq!(bench.gauge("last_rotated_timestamp", "billing"), Some((START - DAY) as f64));
}
