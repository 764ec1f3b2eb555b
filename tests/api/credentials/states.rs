//! The steps that each state allows, what they count, and what is exported after them.

use auth_metrics_credentials::CredentialEvent;
use auth_metrics_credentials::CredentialKind::SigningKey;
use auth_metrics_credentials::CredentialState::{
    self, Active, Compromised, Created, Expired, Retired, Revoked,
};
use auth_metrics_credentials::{Credential, CredentialError, TrackedCredential};

use crate::fixture::{DAY, NOW, Setup, now};

type Step = fn(&TrackedCredential) -> Result<(), CredentialError>;

const STEPS: [(CredentialEvent, Step); 7] = [
    (CredentialEvent::Activated, TrackedCredential::activate),
    (CredentialEvent::Rotated, |key| key.rotate(Some(now() + 120 * DAY))),
    (CredentialEvent::RotationFailed, TrackedCredential::rotation_failed),
    (CredentialEvent::Retired, TrackedCredential::retire),
    (CredentialEvent::Expired, TrackedCredential::expire),
    (CredentialEvent::Revoked, TrackedCredential::revoke),
    (CredentialEvent::Compromised, TrackedCredential::compromise),
];

type Row = (CredentialState, &'static [Step], [Option<CredentialState>; 7]);

/// By state: how to come there, and where each of the steps leads.
#[rustfmt::skip]
const TABLE: [Row; 6] = [
    (Created, &[],
        [Some(Active), None, None, None, Some(Expired), Some(Revoked), Some(Compromised)]),
    (Active, &[TrackedCredential::activate],
        [None, Some(Active), Some(Active), Some(Retired), Some(Expired), Some(Revoked), Some(Compromised)]),
    (Retired, &[TrackedCredential::activate, TrackedCredential::retire],
        [None, None, None, None, Some(Expired), Some(Revoked), Some(Compromised)]),
    (Expired, &[TrackedCredential::expire],
        [None, None, Some(Expired), None, None, None, None]),
    (Revoked, &[TrackedCredential::revoke],
        [None, None, None, None, None, None, None]),
    (Compromised, &[TrackedCredential::compromise],
        [None, None, Some(Compromised), None, None, None, None]),
];

#[test]
fn each_state_allows_its_steps_and_no_other() {
    for (from, way, to) in TABLE {
        for ((event, step), to) in STEPS.into_iter().zip(to) {
            let setup = Setup::new();
            let key = setup.key();
            for step in way {
                step(&key).unwrap();
            }
            assert_eq!(key.state(), from);
            let before = (setup.exported(), key.not_after(), key.last_rotated());
            let done = step(&key);
            if let Some(to) = to {
                assert_eq!((done, key.state()), (Ok(()), to), "{from} {event:?}");
                assert!(setup.events().contains(&format!("{} 1", event.label())), "{from} {event:?}");
                assert_eq!(setup.illegal(), 0.0);
            } else {
                let slug = "login".to_owned();
                let expected =
                    CredentialError::IllegalTransition { kind: SigningKey, slug, from, step: event };
                assert_eq!((done, key.state()), (Err(expected), from));
                assert_eq!((setup.exported(), key.not_after(), key.last_rotated()), before);
                assert_eq!(setup.illegal(), 1.0, "{from} {event:?}");
            }
        }
    }
}

#[test]
fn every_illegal_step_is_counted() {
    let setup = Setup::new();
    let key = setup.key();
    (0..5).for_each(|_| assert!(key.retire().is_err()));
    assert_eq!(setup.illegal(), 5.0);
    assert_eq!(setup.events(), ["created 1"]);
}

#[test]
fn a_life_counts_each_of_its_events() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    for day in 1..=30 {
        setup.set(now() + day * DAY);
        if day % 3 == 0 {
            key.rotate(Some(now() + (day + 90) * DAY)).unwrap();
        } else {
            key.rotation_failed().unwrap();
        }
    }
    key.retire().unwrap();
    key.compromise().unwrap();
    let expected =
        ["created 1", "activated 1", "rotated 10", "retired 1", "compromised 1", "rotation_failed 20"];
    assert_eq!(setup.events(), expected);
    assert_eq!(setup.illegal(), 0.0);
}

#[test]
fn a_rotation_sets_the_times() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    setup.set(now() + 30 * DAY);
    key.rotate(Some(now() + 120 * DAY)).unwrap();
    assert_eq!(setup.last_rotated("login"), Some(NOW as f64 + 30.0 * 86_400.0));
    assert_eq!(setup.not_after("login"), Some(NOW as f64 + 120.0 * 86_400.0));
    key.rotate(None).unwrap();
    assert_eq!((setup.not_after("login"), key.not_after()), (None, None));
}

#[test]
fn a_successor_that_has_expired_changes_nothing() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    let refused = key.rotate(Some(now() - DAY)).unwrap_err();
    assert_eq!(
        refused,
        CredentialError::NotAfterPast { kind: SigningKey, slug: "login".to_owned(), ago: DAY }
    );
    assert_eq!((key.state(), key.not_after()), (Active, Some(now() + 90 * DAY)));
    assert_eq!(setup.events(), ["created 1", "activated 1"]);
    assert_eq!(setup.illegal(), 0.0);
}

#[test]
fn times_are_exported_of_what_is_in_use_or_ran_out() {
    let ends: [(Step, bool); 4] = [
        (TrackedCredential::expire, true),
        (TrackedCredential::retire, false),
        (TrackedCredential::revoke, false),
        (TrackedCredential::compromise, false),
    ];
    for (end, shown) in ends {
        let setup = Setup::new();
        let key =
            Credential::new(SigningKey, "login").with_not_after(now() + DAY).with_rotation_interval(DAY);
        let key = setup.tracker.declare(key).unwrap();
        key.activate().unwrap();
        end(&key).unwrap();
        assert_eq!(setup.not_after("login").is_some(), shown, "{}", key.state());
        assert_eq!(setup.interval("login").is_some(), shown, "{}", key.state());
        assert_eq!(key.not_after(), Some(now() + DAY), "in process it is known for ever");
    }
}

#[test]
fn a_retired_one_that_expires_stays_out_of_sight() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    key.retire().unwrap();
    setup.set(now() + 91 * DAY);
    setup.tracker.check();
    assert_eq!((key.state(), setup.not_after("login")), (Expired, None));
    assert_eq!(setup.events(), ["created 1", "activated 1", "retired 1", "expired 1"]);
}
