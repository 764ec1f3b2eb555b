//! What makes no sense is refused before anything is started.

use std::io;
use std::time::Duration;

use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::rotation::{LocalLease, Rotator, RotatorError};
use auth_metrics_credentials::{Credential, CredentialTracker};

use crate::fixture::{Calls, DAY, SECOND, key, metrics};

#[tokio::test]
async fn every_option_is_checked() {
    let metrics = metrics();
    let key = key(&metrics, Some(DAY), None);
    let refused = |with: fn(Rotator) -> Rotator| {
        with(Calls::default().succeeding(key.clone())).spawn().map(drop).unwrap_err()
    };
    assert_eq!(refused(|it| it.before_expiry(0.0)), RotatorError::InvalidBeforeExpiry);
    assert_eq!(refused(|it| it.before_expiry(1.0)), RotatorError::InvalidBeforeExpiry);
    assert_eq!(refused(|it| it.before_expiry(f64::NAN)), RotatorError::InvalidBeforeExpiry);
    assert_eq!(refused(|it| it.jitter(-0.1)), RotatorError::InvalidJitter);
    assert_eq!(refused(|it| it.jitter(1.0)), RotatorError::InvalidJitter);
    assert_eq!(refused(|it| it.jitter(f64::INFINITY)), RotatorError::InvalidJitter);
    assert_eq!(refused(|it| it.backoff(Duration::ZERO, SECOND)), RotatorError::InvalidBackoff);
    assert_eq!(refused(|it| it.backoff(2 * SECOND, SECOND)), RotatorError::InvalidBackoff);
    assert_eq!(refused(|it| it.timeout(Duration::ZERO)), RotatorError::InvalidTimeout);
    assert_eq!(refused(|it| it.lease_ttl(Duration::ZERO)), RotatorError::InvalidLeaseTtl);
    assert_eq!(refused(|it| it.lease_ttl(DAY + SECOND)), RotatorError::InvalidLeaseTtl);
    assert_eq!(refused(|it| it.retire(|_| async { Ok::<_, io::Error>(()) })), RotatorError::UnknownId);
    let leased =
        |it: Rotator| it.id("first").retire(|_| async { Ok::<_, io::Error>(()) }).lease(LocalLease::new());
    assert_eq!(refused(leased), RotatorError::NoRefresh);
    let told =
        leased(Calls::default().succeeding(key.clone())).refresh(|_| async { Ok::<_, io::Error>(None) });
    assert!(told.spawn().is_ok());
}

#[tokio::test]
async fn the_credential_must_be_in_use_and_have_a_time() {
    let metrics = metrics();
    let tracker = CredentialTracker::new(&metrics);
    let timeless = tracker.declare(Credential::new(CredentialKind::SigningKey, "timeless")).unwrap();
    let refused = Calls::default().succeeding(timeless.clone()).spawn().map(drop);
    assert_eq!(refused, Err(RotatorError::NotInUse));
    timeless.activate().unwrap();
    let refused = Calls::default().succeeding(timeless).spawn().map(drop);
    assert_eq!(refused, Err(RotatorError::NothingToGoBy));
}

#[test]
fn outside_of_a_runtime_it_is_an_error_and_no_panic() {
    let metrics = metrics();
    let rotator = Calls::default().succeeding(key(&metrics, Some(DAY), None));
    assert_eq!(rotator.spawn().map(drop), Err(RotatorError::NoRuntime));
}
