//! What the time alone does: expiring, expired, clocks that jump.

use std::time::Duration;

use auth_metrics_credentials::CredentialKind::{Certificate, SigningKey, Token};
use auth_metrics_credentials::CredentialState::{Active, Created, Expired};
use auth_metrics_credentials::{Credential, CredentialError, CredentialTracker};

use crate::fixture::{DAY, NOW, Setup, now};

#[test]
fn it_expires_at_its_not_after_and_not_before() {
    let setup = Setup::new();
    let key = setup.key();
    setup.set(now() + 90 * DAY - Duration::from_secs(1));
    assert_eq!(key.state(), Created);
    setup.set(now() + 90 * DAY);
    assert_eq!(key.state(), Expired);
    (0..3).for_each(|_| setup.tracker.check());
    assert_eq!(setup.events(), ["created 1", "expiring 1", "expired 1"]);
    assert_eq!(setup.not_after("login"), Some(NOW as f64 + 90.0 * 86_400.0), "the alert goes on");
}

#[test]
fn a_check_moves_all_of_them_without_a_question() {
    let setup = Setup::new();
    for (days, slug) in [(10, "a"), (20, "b"), (200, "c")] {
        setup.tracker.declare(Credential::new(Certificate, slug).with_not_after(now() + days * DAY)).unwrap();
    }
    setup.set(now() + 20 * DAY);
    setup.tracker.check();
    assert_eq!(setup.events(), ["created 3", "expired 2"]);
}

#[test]
fn a_step_sees_that_the_time_is_over() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    setup.set(now() + 91 * DAY);
    let refused = key.rotate(Some(now() + 200 * DAY)).unwrap_err();
    assert!(matches!(refused, CredentialError::IllegalTransition { from: Expired, .. }), "{refused}");
    assert_eq!(setup.events(), ["created 1", "activated 1", "expired 1"]);
    key.rotation_failed().unwrap();
    let successor = Credential::new(SigningKey, "login").with_not_after(now() + 200 * DAY);
    setup.tracker.declare(successor).unwrap().activate().unwrap();
    assert_eq!(setup.events(), ["created 2", "activated 2", "expired 1", "rotation_failed 1"]);
}

#[test]
fn it_is_expiring_once_until_it_is_rotated() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    setup.set(now() + 60 * DAY - Duration::from_secs(1));
    setup.tracker.check();
    assert_eq!(setup.events(), ["created 1", "activated 1"]);
    for day in 60..65 {
        setup.set(now() + day * DAY);
        setup.tracker.check();
    }
    assert_eq!(setup.events(), ["created 1", "activated 1", "expiring 1"]);
    key.rotate(Some(now() + (64 + 90) * DAY)).unwrap();
    setup.set(now() + (64 + 61) * DAY);
    setup.tracker.check();
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 1", "expiring 2"]);
}

#[test]
fn the_lead_time_is_a_third_of_the_life_at_most_thirty_days_or_as_told() {
    let hour = Duration::from_secs(3_600);
    let told = Some(2 * hour);
    for (life, told, lead) in
        [(3 * hour, None, hour), (400 * DAY, None, 30 * DAY), (400 * DAY, told, 2 * hour)]
    {
        let setup = Setup::new();
        let tracker = told.map_or(setup.tracker.clone(), |told| setup.tracker.clone().with_lead_time(told));
        tracker.declare(Credential::new(Token, "upstream").with_not_after(now() + life)).unwrap();
        setup.set(now() + life - lead - Duration::from_secs(1));
        tracker.check();
        assert_eq!(setup.events(), ["created 1"], "{life:?}");
        setup.set(now() + life - lead);
        tracker.check();
        assert_eq!(setup.events(), ["created 1", "expiring 1"], "{life:?}");
    }
}

#[test]
fn life_counts_from_the_last_rotation() {
    let setup = Setup::new();
    let old = Credential::new(Token, "upstream")
        .with_last_rotated(now() - 60 * DAY)
        .with_not_after(now() + 30 * DAY);
    setup.tracker.declare(old).unwrap();
    assert_eq!(setup.events(), ["created 1", "expiring 1"]);
}

#[test]
fn a_clock_that_jumps_back_loses_nothing() {
    let setup = Setup::new();
    let key = setup.key();
    key.activate().unwrap();
    key.rotate(Some(now() + 90 * DAY)).unwrap();
    setup.set(now() - 5 * DAY);
    setup.tracker.check();
    assert_eq!(key.state(), Active);
    key.rotate(Some(now() + 100 * DAY)).unwrap();
    assert_eq!(key.last_rotated(), Some(now()), "the last rotation never goes back");
    assert_eq!(setup.last_rotated("login"), Some(NOW as f64));
    setup.set(now() + DAY);
    key.rotate(Some(now() + 100 * DAY)).unwrap();
    assert_eq!(key.last_rotated(), Some(now() + DAY));
    setup.set(now() + 100 * DAY);
    assert_eq!(key.state(), Expired);
    setup.set(now() - 400 * DAY);
    assert_eq!(key.state(), Expired, "what has ended stays so");
    assert_eq!(setup.events(), ["created 1", "activated 1", "rotated 3", "expired 1"]);
}

#[test]
fn a_clock_before_1970_and_one_that_panics_are_no_end() {
    let setup = Setup::new();
    let before = std::time::SystemTime::UNIX_EPOCH - DAY;
    let early = setup.tracker.clone().with_time_of_day(move || before);
    let key = early.declare(Credential::new(Token, "early").with_last_rotated(before)).unwrap();
    key.activate().unwrap();
    assert_eq!(setup.last_rotated("early"), Some(-86_400.0));
    let broken = CredentialTracker::new(&setup.metrics).with_time_of_day(|| panic!("no time"));
    let key = broken.declare(Credential::new(Token, "broken")).unwrap();
    key.activate().unwrap();
    key.rotate(None).unwrap();
    assert!(key.last_rotated() > Some(now() - 365 * DAY), "the system's clock is read then");
}
