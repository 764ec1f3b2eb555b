//! Key sets.

use std::collections::BTreeSet;

use auth_metrics_credentials::CredentialKind::{EncryptionKey, SigningKey};
use auth_metrics_credentials::{
    CertificateError, Credential, CredentialError, CredentialState, KeySetError, SlugError,
};

use crate::fixture::{Setup, at};
use crate::x509::LEAF;

/// One key that expires in 2027, one whose chain ends in December 2026, one for encryption that never expires.
const KEYS: &str = include_str!("data/keys.json");

fn refusal(document: &str) -> KeySetError {
    match Credential::from_jwks("login", document).unwrap_err() {
        CredentialError::KeySet { slug, error } if slug == "login" => error,
        other => panic!("{other}"),
    }
}

#[test]
fn each_key_is_a_credential_and_no_key_id_is_told() {
    let setup = Setup::new();
    let keys = Credential::from_jwks("login", KEYS).unwrap();
    assert!(!format!("{keys:?}").contains("kid-"));
    let kinds: Vec<_> = keys.iter().map(|key| (key.kind(), key.not_after())).collect();
    let expected =
        [(SigningKey, Some(at(1_798_761_600))), (SigningKey, Some(at(1_796_083_200))), (EncryptionKey, None)];
    assert_eq!(kinds, expected);
    let slugs: Vec<String> = keys.iter().map(|key| key.slug().to_owned()).collect();
    for key in keys {
        let tracked = setup.tracker.declare(key).unwrap();
        assert_eq!(tracked.state(), CredentialState::Created);
    }
    assert_eq!(setup.not_after(&slugs[0]), Some(1_798_761_600.0));
    assert_eq!(setup.not_after(&slugs[1]), Some(1_796_083_200.0));
    assert!(setup.tracker.get(EncryptionKey, &slugs[2]).is_some());
    assert!(!setup.metrics.encode_text().contains("kid-"));
}

#[test]
fn the_sooner_of_exp_and_chain_counts() {
    let body: String = LEAF.lines().filter(|line| !line.starts_with("-----")).collect();
    for (exp, ends) in [(1_803_902_399_u64, 1_803_902_399), (1_803_902_401, 1_803_902_400)] {
        let document = format!(r#"{{"keys":[{{"kty":"EC","exp":{exp},"x5c":["{body}"]}}]}}"#);
        assert_eq!(Credential::from_jwks("login", document).unwrap()[0].not_after(), Some(at(ends)));
    }
}

#[test]
fn what_is_no_key_set_says_where_and_why() {
    let cases = [
        ("", KeySetError::NotJson { line: 1, column: 0 }),
        ("<html>", KeySetError::NotJson { line: 1, column: 1 }),
        ("[]", KeySetError::NoKeys),
        (r#"{"kty":"EC"}"#, KeySetError::NoKeys),
        (r#"{"keys":{}}"#, KeySetError::NoKeys),
        (r#"{"keys":[]}"#, KeySetError::Empty),
        (r#"{"keys":[{},7]}"#, KeySetError::NotAKey(2)),
        (r#"{"keys":[{"exp":"tomorrow"}]}"#, KeySetError::NotATime { key: 1, member: "exp" }),
        (r#"{"keys":[{},{"nbf":-1}]}"#, KeySetError::NotATime { key: 2, member: "nbf" }),
        (r#"{"keys":[{"exp":1e300}]}"#, KeySetError::NotATime { key: 1, member: "exp" }),
        (r#"{"keys":[{"x5c":"MII"}]}"#, KeySetError::NotAChain(1)),
        (r#"{"keys":[{"x5c":[1]}]}"#, KeySetError::NotAChain(1)),
        (
            r#"{"keys":[{"x5c":["MIIB"]}]}"#,
            KeySetError::Certificate { key: 1, error: CertificateError::NotX509(1) },
        ),
    ];
    for (document, expected) in cases {
        assert_eq!(refusal(document), expected, "{document}");
    }
}

#[test]
fn a_document_with_more_keys_than_can_be_tracked_is_refused_before_any_is_named() {
    let document = |keys: usize| format!(r#"{{"keys":[{}]}}"#, vec!["{}"; keys].join(","));
    for keys in [129, 1_000, 1_000_001] {
        assert_eq!(refusal(&document(keys)), KeySetError::TooManyKeys { keys });
    }
    let alike = Credential::from_jwks("login", document(128)).unwrap();
    let slugs: BTreeSet<&str> = alike.iter().map(Credential::slug).collect();
    assert_eq!(slugs.len(), 128, "each has a slug of its own");
    let told = Credential::from_jwks("login", document(200)).unwrap_err().to_string();
    assert!(told.contains("200 keys") && told.contains("at most 128: fetch a smaller set"), "{told}");
}

#[test]
fn private_parts_are_told_nowhere() {
    let document = r#"{"keys":[{"kty":"oct","k":"hunter2-hunter2","kid":"hunter2","exp":"hunter2"}]}"#;
    let error = Credential::from_jwks("login", document).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let broken = Credential::from_jwks("login", r#"{"keys":[{"k":"hunter2" oops"#).unwrap_err();
    assert!(!format!("{broken} {broken:?}").contains("hunter2"));
    let slug = Credential::from_jwks("hunter2@example.org", KEYS).unwrap_err();
    assert!(matches!(slug, CredentialError::Slug { error: SlugError::Email, .. }));
}
