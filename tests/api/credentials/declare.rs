//! What can be declared, what is refused, and what is exported of either.

use std::time::Duration;

use auth_metrics_credentials::CredentialKind::{ApiKey, Certificate, Password, SigningKey};
use auth_metrics_credentials::{
    ApiKeyRecord, Credential, CredentialError, CredentialState, CredentialTracker,
};

use crate::fixture::{DAY, NOW, Setup, now};

#[test]
fn everything_that_is_told_is_exported() {
    let setup = Setup::new();
    let key = Credential::new(SigningKey, "login")
        .with_not_after(now() + 90 * DAY)
        .with_last_rotated(now() - 10 * DAY)
        .with_rotation_interval(30 * DAY);
    let key = setup.tracker.declare(key).unwrap();
    let day = DAY.as_secs_f64();
    assert_eq!(setup.not_after("login"), Some(NOW as f64 + 90.0 * day));
    assert_eq!(setup.last_rotated("login"), Some(NOW as f64 - 10.0 * day));
    assert_eq!(setup.interval("login"), Some(30.0 * day));
    assert_eq!(setup.events(), ["created 1"]);
    let rotations = setup.exported().into_iter().filter(|line| line.contains("rotations_total")).count();
    assert_eq!(
        rotations,
        auth_metrics_credentials::RotationOutcome::ALL.len(),
        "rotations are exported at zero"
    );
    assert_eq!((key.kind(), key.slug(), key.state()), (SigningKey, "login", CredentialState::Created));
    assert_eq!((key.not_after(), key.last_rotated()), (Some(now() + 90 * DAY), Some(now() - 10 * DAY)));
    assert_eq!(key.rotation_interval(), Some(30 * DAY));
}

#[test]
fn what_is_not_told_is_not_exported() {
    let setup = Setup::new();
    setup.tracker.declare(Credential::new(Password, "database")).unwrap();
    let (not_after, last, interval) =
        (setup.not_after("database"), setup.last_rotated("database"), setup.interval("database"));
    assert_eq!((not_after, last, interval), (None, None, None));
    assert!(
        !setup.exported().iter().any(|line| line.starts_with("auth_credential_rotation")),
        "{:#?}",
        setup.exported()
    );
}

#[test]
fn bad_input_is_a_typed_error_and_exports_nothing() {
    let setup = Setup::new();
    let key = || Credential::new(ApiKey, "partner-a");
    let (kind, slug) = (ApiKey, "partner-a".to_owned());
    let second = Duration::from_secs(1);
    let cases = [
        (
            key().with_not_after(now() - 5 * second),
            CredentialError::NotAfterPast { kind, slug: slug.clone(), ago: 5 * second },
        ),
        (
            key().with_not_after(now()),
            CredentialError::NotAfterPast { kind, slug: slug.clone(), ago: Duration::ZERO },
        ),
        (
            key().with_not_after(std::time::SystemTime::UNIX_EPOCH),
            CredentialError::NotAfterPast { kind, slug: slug.clone(), ago: NOW as u32 * second },
        ),
        (
            key().with_rotation_interval(Duration::ZERO),
            CredentialError::ZeroInterval { kind, slug: slug.clone() },
        ),
        (
            key().with_last_rotated(now() + 7 * second),
            CredentialError::LastRotatedAhead { kind, slug, ahead: 7 * second },
        ),
    ];
    for (credential, expected) in cases {
        assert_eq!(setup.tracker.declare(credential).unwrap_err(), expected);
    }
    assert_eq!(setup.exported(), [] as [&str; 0]);
    assert!(setup.tracker.get(ApiKey, "partner-a").is_none());
    assert!(
        setup.tracker.declare(key().with_last_rotated(now())).is_ok(),
        "nothing is left of what was refused"
    );
}

#[test]
fn the_same_kind_and_slug_twice_is_refused_and_leaves_the_first() {
    let setup = Setup::new();
    let first = setup.key();
    let again = setup.tracker.declare(Credential::new(SigningKey, "login").with_not_after(now() + DAY));
    let expected = CredentialError::AlreadyDeclared { kind: SigningKey, slug: "login".to_owned() };
    assert_eq!(again.unwrap_err(), expected);
    assert_eq!(first.not_after(), Some(now() + 90 * DAY));
    assert_eq!(setup.not_after("login"), Some(NOW as f64 + 90.0 * 86_400.0));
    assert_eq!(setup.events(), ["created 1"]);
    assert!(
        setup.tracker.declare(Credential::new(Certificate, "login")).is_ok(),
        "another kind is another one"
    );
}

#[test]
fn one_that_has_ended_makes_room_for_its_successor() {
    let setup = Setup::new();
    let first = setup.key();
    first.revoke().unwrap();
    let second = setup.key();
    assert_eq!(second.state(), CredentialState::Created);
    assert_eq!(setup.events(), ["created 2", "revoked 1"]);
    let forgotten = CredentialError::Forgotten { kind: SigningKey, slug: "login".to_owned() };
    assert_eq!(first.activate().unwrap_err(), forgotten);
    first.forget();
    assert_eq!(setup.not_after("login"), Some(NOW as f64 + 90.0 * 86_400.0), "the first can't take it away");
    assert!(setup.tracker.get(SigningKey, "login").is_some());
}

#[test]
fn the_sixty_fifth_of_a_kind_is_refused_and_hides_in_nothing() {
    let setup = Setup::new();
    for number in 0..64 {
        setup.tracker.declare(Credential::new(ApiKey, format!("partner-{number}"))).unwrap();
    }
    let expected = CredentialError::TooMany { kind: ApiKey, slug: "partner-64".to_owned() };
    let one_more = Credential::new(ApiKey, "partner-64").with_not_after(now() + DAY);
    assert_eq!(setup.tracker.declare(one_more.clone()).unwrap_err(), expected);
    assert_eq!(setup.not_after("other"), None);
    assert_eq!(setup.events(), ["created 64"]);
    let others = CredentialTracker::for_service(&setup.metrics, "orders").with_time_of_day(now);
    others.declare(one_more).unwrap();
    assert_eq!(setup.not_after("partner-64"), Some(NOW as f64 + 86_400.0));
}

#[test]
fn a_forgotten_one_vanishes_and_its_counts_stay() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    key.clone().forget();
    assert_eq!(setup.not_after("login"), None);
    assert_eq!(setup.events(), ["created 1", "activated 1"]);
    assert!(setup.tracker.get(SigningKey, "login").is_none());
    assert!(matches!(key.rotate(None), Err(CredentialError::Forgotten { .. })));
    assert_eq!(setup.not_after("login"), None, "a late step brings nothing back");
    assert_eq!(setup.illegal(), 0.0, "a late step is no illegal one");
    setup.key();
    assert_eq!(setup.not_after("login"), Some(NOW as f64 + 90.0 * 86_400.0));
}

#[test]
fn an_api_key_is_as_old_as_its_record() {
    let setup = Setup::new();
    let record = ApiKeyRecord {
        created: now() - 3 * DAY,
        expires: Some(now() + 4 * DAY),
        rotation_interval: Some(7 * DAY),
    };
    let key = setup.tracker.declare(Credential::from_api_key("partner-a", record)).unwrap();
    assert_eq!(key.kind(), ApiKey);
    assert_eq!(setup.last_rotated("partner-a"), Some(NOW as f64 - 3.0 * 86_400.0));
    assert_eq!(setup.not_after("partner-a"), Some(NOW as f64 + 4.0 * 86_400.0));
    assert_eq!(setup.interval("partner-a"), Some(7.0 * 86_400.0));
    let made_tomorrow = ApiKeyRecord { created: now() + DAY, ..record };
    let refused = setup.tracker.declare(Credential::from_api_key("partner-b", made_tomorrow));
    assert!(matches!(refused, Err(CredentialError::LastRotatedAhead { .. })));
}

#[test]
fn clones_of_a_tracker_track_the_same() {
    let setup = Setup::new();
    let clone = setup.tracker.clone();
    setup.key().activate().unwrap();
    assert_eq!(clone.get(SigningKey, "login").unwrap().state(), CredentialState::Active);
    clone.declare(Credential::new(ApiKey, "partner-a")).unwrap();
    let all: Vec<_> = setup.tracker.iter().map(|each| (each.kind(), each.slug().to_owned())).collect();
    assert_eq!(all, [(SigningKey, "login".to_owned()), (ApiKey, "partner-a".to_owned())]);
}

#[test]
fn errors_say_which_and_what_to_do() {
    let setup = Setup::new();
    let key = setup.key();
    let text = key.rotate(None).unwrap_err().to_string();
    assert_eq!(text, "signing_key `login` is created and can't be rotated: activate it first");
    let late = Credential::new(Certificate, "ingress").with_not_after(now() - DAY);
    let text = setup.tracker.declare(late).unwrap_err().to_string();
    let expected =
        "certificate `ingress` expired 86400s ago: give one that is still valid, or set the clock right";
    assert_eq!(text, expected);
}
