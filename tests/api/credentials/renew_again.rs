//! What was read already and is read again: it says nothing new, whatever happened in between.

use std::time::{Duration, SystemTime};

use auth_metrics_credentials::CredentialKind::{ApiKey, SigningKey};
use auth_metrics_credentials::{ApiKeyRecord, Credential, TrackedCredential};

use crate::fixture::{DAY, NOW, Setup, at, now};
use crate::x509::LEAF;

/// Reads the same five times, an hour after each other.
fn five_times(setup: &Setup, from: SystemTime, read: &Credential) {
    for hour in 1..=5 {
        setup.set(from + Duration::from_secs(hour * 3_600));
        setup.tracker.renew(read.clone()).unwrap();
        setup.tracker.check();
    }
}

fn in_use(setup: &Setup, read: &Credential) -> TrackedCredential {
    let tracked = setup.tracker.renew(read.clone()).unwrap();
    tracked.activate().unwrap();
    tracked
}

#[test]
fn a_configuration_that_stays_the_same_is_no_rotation() {
    let end = now() + 400 * DAY;
    let plain = Credential::new(SigningKey, "login").with_last_rotated(now() - 60 * DAY);
    for (configured, successor) in [
        (plain.clone(), None),
        (plain.clone(), Some(end)),
        (plain.clone().with_not_after(now() + 90 * DAY), Some(end)),
        (Credential::new(SigningKey, "login").with_not_after(now() + 90 * DAY), None),
    ] {
        let setup = Setup::new();
        let key = in_use(&setup, &configured);
        setup.set(now() + DAY);
        key.rotate(successor).unwrap();
        five_times(&setup, now() + DAY, &configured);
        assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"]);
        assert_eq!((key.last_rotated(), key.not_after()), (Some(now() + DAY), successor));
    }
}

#[test]
fn a_file_that_stays_the_same_is_no_rotation() {
    let setup = Setup::new();
    let file = Credential::from_pem("ingress", LEAF).unwrap();
    in_use(&setup, &file).rotate(Some(now() + 400 * DAY)).unwrap();
    five_times(&setup, now(), &file);
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"]);
    assert_eq!(setup.not_after("ingress"), Some(NOW as f64 + 400.0 * 86_400.0));
}

#[test]
fn a_store_in_whole_seconds_tells_no_rotation_that_was_told() {
    let record =
        ApiKeyRecord { created: now() - DAY, expires: Some(now() + 90 * DAY), rotation_interval: None };
    let rotated = now() + Duration::from_millis(700);
    for rounded in [0, 1] {
        let setup = Setup::new();
        let key = in_use(&setup, &Credential::from_api_key("partner-a", record));
        setup.set(rotated);
        key.rotate(Some(rotated + 100 * DAY)).unwrap();
        let created = at(NOW + rounded);
        let stored = ApiKeyRecord { created, expires: Some(created + 100 * DAY), ..record };
        five_times(&setup, rotated, &Credential::from_api_key("partner-a", stored));
        assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"], "{rounded}");
        assert_eq!((key.last_rotated(), key.not_after()), (Some(rotated), Some(rotated + 100 * DAY)));
        let next = ApiKeyRecord { created: rotated + Duration::from_secs(3_600), ..stored };
        setup.tracker.renew(Credential::from_api_key("partner-a", next)).unwrap();
        assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 2"], "a later one is another");
    }
}

#[test]
fn an_older_rotation_is_none() {
    let setup = Setup::new();
    let read = |at| Credential::new(ApiKey, "partner-a").with_last_rotated(at);
    let key = in_use(&setup, &read(now() - DAY));
    for days in [3, 2, 9] {
        setup.tracker.renew(read(now() - days * DAY)).unwrap();
    }
    assert_eq!((setup.events(), key.last_rotated()), (in_use_only(), Some(now() - DAY)));
}

fn in_use_only() -> Vec<String> {
    ["created 1", "activated 1"].map(str::to_owned).to_vec()
}

#[test]
fn a_last_rotation_that_becomes_known_is_one_if_it_was_since() {
    let setup = Setup::new();
    let plain = Credential::new(ApiKey, "partner-a");
    in_use(&setup, &plain);
    setup.tracker.renew(plain.clone().with_last_rotated(now() - DAY)).unwrap();
    assert_eq!(
        (setup.events(), setup.last_rotated("partner-a")),
        (in_use_only(), Some(NOW as f64 - 86_400.0))
    );
    setup.set(now() + DAY);
    setup.tracker.renew(plain.with_last_rotated(now() + DAY)).unwrap();
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"]);
}

#[test]
fn what_is_read_within_the_lead_time_is_told_as_expiring_once() {
    let setup = Setup::new();
    let configured = Credential::new(SigningKey, "login").with_last_rotated(now() - DAY);
    let key = in_use(&setup, &configured);
    key.rotate(Some(now() + 30 * DAY)).unwrap();
    five_times(&setup, now() + 25 * DAY, &configured);
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1", "expiring 1"]);
    assert_eq!(key.not_after(), Some(now() + 30 * DAY));
}
