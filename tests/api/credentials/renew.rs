//! Credentials that are read again: a file that was replaced, a store, and what may not take the place of what.

use std::time::Duration;

use auth_metrics_credentials::CredentialKind::{self, ApiKey, Certificate, SigningKey};
use auth_metrics_credentials::CredentialState::{Active, Created, Expired, Retired, Revoked};
use auth_metrics_credentials::{ApiKeyRecord, Credential, CredentialError, TrackedCredential};

use crate::fixture::{DAY, NOW, Setup, at, now};
use crate::threads::succeed;
use crate::x509::{LEAF, LEAF_ENDS};

/// From January 2026 on, without an end.
const FOREVER: &str = include_str!("data/without_end.pem");
const FOREVER_ENDS: u64 = 253_402_300_799;
/// When the leaf starts to be valid: 2026-06-01 UTC.
const LEAF_STARTS: u64 = 1_780_272_000;

fn read(setup: &Setup, pem: &str) -> Result<TrackedCredential, CredentialError> {
    setup.tracker.renew(Credential::from_pem("ingress", pem).unwrap())
}

/// The leaf, in use.
fn ingress(setup: &Setup) -> TrackedCredential {
    let ingress = read(setup, LEAF).unwrap();
    ingress.activate().unwrap();
    ingress
}

#[test]
fn a_file_that_is_replaced_updates_what_is_tracked() {
    let setup = Setup::new();
    let ingress = ingress(&setup);
    assert_eq!(setup.not_after("ingress"), Some(LEAF_ENDS as f64));
    (0..3).for_each(|_| drop(read(&setup, LEAF).unwrap()));
    assert_eq!(setup.events(), ["created 1", "activated 1"], "the same file is nothing new");
    setup.set(now() + 10 * DAY);
    read(&setup, FOREVER).unwrap();
    assert_eq!(setup.not_after("ingress"), Some(FOREVER_ENDS as f64));
    assert_eq!(setup.last_rotated("ingress"), Some(NOW as f64 + 10.0 * 86_400.0));
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"]);
    assert_eq!((ingress.state(), ingress.not_after()), (Active, Some(at(FOREVER_ENDS))), "handles stay");
    read(&setup, FOREVER).unwrap();
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"]);
}

#[test]
fn one_with_the_same_times_is_another_one_still() {
    let setup = Setup::new();
    ingress(&setup);
    // The same chain, once more with its issuer: both end with the intermediate.
    let chain = include_str!("data/chain.pem");
    let without_root: String = chain.split_inclusive("-----END CERTIFICATE-----\n").take(2).collect();
    read(&setup, chain).unwrap();
    read(&setup, &without_root).unwrap();
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 2"]);
}

#[test]
fn one_that_is_not_in_use_is_not_rotated() {
    let setup = Setup::new();
    let ingress = read(&setup, LEAF).unwrap();
    read(&setup, FOREVER).unwrap();
    assert_eq!((ingress.state(), setup.not_after("ingress")), (Created, Some(FOREVER_ENDS as f64)));
    assert_eq!((setup.events(), setup.last_rotated("ingress")), (vec!["created 1".to_owned()], None));
}

#[test]
fn one_that_is_not_valid_yet_says_so_and_is_not_in_use() {
    let setup = Setup::new();
    setup.set(at(LEAF_STARTS - 7));
    let ingress = setup.tracker.declare(Credential::from_pem("ingress", LEAF).unwrap()).unwrap();
    assert_eq!(ingress.not_before(), Some(at(LEAF_STARTS)));
    assert_eq!(ingress.not_valid_for(), Some(Duration::from_secs(7)));
    let refused = ingress.activate().unwrap_err();
    let (kind, slug, ahead) = (Certificate, "ingress".to_owned(), Duration::from_secs(7));
    assert_eq!(refused, CredentialError::NotValidYet { kind, slug, ahead });
    assert_eq!(
        refused.to_string(),
        "certificate `ingress` is not valid before 7s from now: put it into use then, or set the clock right"
    );
    assert_eq!(
        (ingress.state(), setup.events(), setup.illegal()),
        (Created, vec!["created 1".to_owned()], 0.0)
    );
    setup.set(at(LEAF_STARTS));
    assert_eq!(ingress.not_valid_for(), None);
    ingress.activate().unwrap();
}

#[test]
fn what_is_not_valid_yet_takes_the_place_of_nothing_in_use() {
    let setup = Setup::new();
    setup.set(at(LEAF_STARTS - 86_400));
    read(&setup, FOREVER).unwrap().activate().unwrap();
    let before = setup.exported();
    assert!(matches!(read(&setup, LEAF), Err(CredentialError::NotValidYet { ahead: DAY, .. })));
    assert_eq!(setup.exported(), before);
    setup.set(at(LEAF_STARTS));
    read(&setup, LEAF).unwrap();
    assert_eq!(setup.not_after("ingress"), Some(LEAF_ENDS as f64));
}

#[test]
fn a_chain_is_valid_when_all_of_it_is() {
    let chain = Credential::from_pem("ingress", include_str!("data/chain.pem")).unwrap();
    assert_eq!(chain.not_before(), Some(at(LEAF_STARTS)), "its intermediate is older");
}

#[test]
fn the_same_one_does_not_come_back_to_life() {
    let setup = Setup::new();
    let revoked = ingress(&setup);
    revoked.revoke().unwrap();
    assert_eq!(read(&setup, LEAF).unwrap().state(), Revoked, "it is that file still");
    let successor = read(&setup, FOREVER).unwrap();
    assert_eq!(successor.state(), Created);
    assert!(matches!(revoked.activate(), Err(CredentialError::Forgotten { .. })));
    assert_eq!(setup.events(), ["created 2", "activated 1", "revoked 1"]);
}

#[test]
fn an_expired_one_stays_so_until_its_file_is_replaced() {
    let setup = Setup::new();
    ingress(&setup);
    setup.set(at(LEAF_ENDS));
    assert_eq!(read(&setup, LEAF).unwrap().state(), Expired);
    assert_eq!(setup.not_after("ingress"), Some(LEAF_ENDS as f64), "the alert goes on");
    let successor = read(&setup, FOREVER).unwrap();
    successor.activate().unwrap();
    assert_eq!(setup.events(), ["created 2", "activated 2", "expired 1"]);
    assert_eq!(setup.not_after("ingress"), Some(FOREVER_ENDS as f64));
}

#[test]
fn a_retired_one_has_no_successor() {
    let setup = Setup::new();
    ingress(&setup).retire().unwrap();
    assert_eq!(read(&setup, LEAF).unwrap().state(), Retired);
    assert!(matches!(read(&setup, FOREVER), Err(CredentialError::IllegalTransition { from: Retired, .. })));
    assert_eq!((setup.not_after("ingress"), setup.illegal()), (None, 1.0));
}

#[test]
fn a_store_that_is_read_again_tells_when_it_was_rotated() {
    let setup = Setup::new();
    let record = ApiKeyRecord { created: now() - 3 * DAY, expires: None, rotation_interval: Some(7 * DAY) };
    let read = |created| {
        setup
            .tracker
            .renew(Credential::from_api_key("partner-a", ApiKeyRecord { created, ..record }))
            .unwrap()
    };
    read(record.created).activate().unwrap();
    read(record.created);
    assert_eq!(setup.events(), ["created 1", "activated 1"]);
    read(now() - DAY);
    assert_eq!(setup.last_rotated("partner-a"), Some(NOW as f64 - 86_400.0));
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"]);
    assert!(setup.tracker.get(ApiKey, "partner-a").is_some());
}

#[test]
fn a_rotation_that_was_told_is_not_counted_again_when_its_file_is_read() {
    let setup = Setup::new();
    ingress(&setup).rotate(Some(at(FOREVER_ENDS))).unwrap();
    (0..2).for_each(|_| drop(read(&setup, FOREVER).unwrap()));
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"]);
}

#[test]
fn an_interval_stays_until_another_is_told() {
    let setup = Setup::new();
    let key = |interval: Option<Duration>| {
        let key = Credential::new(SigningKey, "login").with_not_after(now() + 90 * DAY);
        let key = interval.map_or(key.clone(), |interval| key.with_rotation_interval(interval));
        setup.tracker.renew(key).unwrap();
        setup.interval("login")
    };
    let days = |days: u32| Some(f64::from(days) * 86_400.0);
    let seen = [key(None), key(Some(30 * DAY)), key(None), key(Some(7 * DAY))];
    assert_eq!(seen, [None, days(30), days(30), days(7)]);
    assert_eq!(setup.events(), ["created 1"]);
}

#[test]
fn what_cannot_be_declared_renews_nothing() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    let before = setup.exported();
    let ahead = Credential::new(SigningKey, "login").with_last_rotated(now() + DAY);
    assert!(matches!(setup.tracker.renew(ahead), Err(CredentialError::LastRotatedAhead { .. })));
    let zero = Credential::new(SigningKey, "login").with_rotation_interval(Duration::ZERO);
    assert!(matches!(setup.tracker.renew(zero), Err(CredentialError::ZeroInterval { .. })));
    assert_eq!(setup.exported(), before);
}

#[test]
fn it_is_declared_once_and_rotated_once_whoever_reads_it() {
    let setup = Setup::new();
    let declared = succeed(|| read(&setup, LEAF).map(drop));
    assert_eq!((declared, setup.events()), (8, vec!["created 1".to_owned()]));
    setup.tracker.get(CredentialKind::Certificate, "ingress").unwrap().activate().unwrap();
    succeed(|| read(&setup, FOREVER).map(drop));
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1"]);
}
