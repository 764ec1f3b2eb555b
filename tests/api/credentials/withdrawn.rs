//! What is tracked, and by what is read now has expired.

use auth_metrics_credentials::CredentialKind::ApiKey;
use auth_metrics_credentials::CredentialState::{Active, Created, Expired};
use auth_metrics_credentials::{Credential, CredentialError};

use crate::fixture::{DAY, NOW, Setup, at, now};
use crate::x509::{LEAF, LEAF_ENDS};

const FOREVER: &str = include_str!("data/without_end.pem");

fn document(exp: u64) -> String {
    format!(
        r#"{{"keys":[{{"kty":"OKP","kid":"a","exp":{exp}}},{{"kty":"OKP","kid":"b","exp":{}}}]}}"#,
        NOW - 9
    )
}

#[test]
fn a_key_that_its_set_withdraws_has_expired() {
    let setup = Setup::new();
    let keys = setup.tracker.renew_jwks("login", document(NOW + 86_400 * 90)).unwrap();
    assert_eq!((keys.len(), keys[0].state()), (1, Active), "the other was never tracked");
    let withdrawn = setup.tracker.renew_jwks("login", document(NOW - 60)).unwrap();
    assert_eq!((withdrawn.len(), withdrawn[0].state()), (1, Expired));
    assert_eq!(setup.not_after(keys[0].slug()), Some(NOW as f64 - 60.0), "the alert sees it");
    setup.tracker.renew_jwks("login", document(NOW - 60)).unwrap();
    assert_eq!(setup.events(), ["created 1", "activated 1", "expired 1"]);
}

#[test]
fn a_file_that_is_replaced_by_an_expired_one_says_so() {
    let setup = Setup::new();
    let read = |pem: &str| setup.tracker.renew(Credential::from_pem("ingress", pem).unwrap());
    let ingress = read(FOREVER).unwrap();
    ingress.activate().unwrap();
    setup.set(at(LEAF_ENDS + 60));
    assert!(matches!(read(LEAF), Err(CredentialError::NotAfterPast { .. })));
    assert_eq!((ingress.state(), setup.not_after("ingress")), (Expired, Some(LEAF_ENDS as f64)));
    assert_eq!(read(LEAF).unwrap().state(), Expired, "it is known by now");
    assert_eq!(setup.events(), ["created 1", "activated 1", "expired 1"], "nothing was rotated");
    assert_eq!(read(FOREVER).unwrap().state(), Created, "a valid one is its successor");
}

#[test]
fn a_store_that_withdraws_says_so_and_what_is_wrong_besides_changes_nothing() {
    let setup = Setup::new();
    let key = setup.tracker.declare(Credential::new(ApiKey, "partner-a")).unwrap();
    key.activate().unwrap();
    let past = Credential::new(ApiKey, "partner-a").with_not_after(now() - DAY);
    let wrong = past.clone().with_rotation_interval(std::time::Duration::ZERO);
    assert!(matches!(setup.tracker.renew(wrong), Err(CredentialError::ZeroInterval { .. })));
    assert_eq!(key.state(), Active);
    assert!(matches!(setup.tracker.renew(past), Err(CredentialError::NotAfterPast { ago: DAY, .. })));
    assert_eq!((key.state(), key.last_rotated()), (Expired, None));
}

#[test]
fn one_that_is_retired_or_not_in_use_yet_expires_as_well() {
    for is_retired in [false, true] {
        let setup = Setup::new();
        let read = |end| setup.tracker.renew_jwks("login", document(end)).unwrap().remove(0);
        let key = read(NOW + 86_400);
        if is_retired {
            key.retire().unwrap();
        }
        assert_eq!(read(NOW - 60).state(), Expired);
    }
}
