//! Certificates and key sets. The files were made by `openssl req -x509`; when they end was read by `openssl x509 -enddate`.

use auth_metrics::CredentialKind;
use auth_metrics::credentials::{Credential, CredentialError};

use crate::Bench;

const GATEWAY: &[u8] = include_bytes!("data/gateway.pem");
const GATEWAY_ENDS: u64 = 2_426_210_267;
/// The same, and after it one of another authority that ends earlier.
const CHAIN: &[u8] = include_bytes!("data/chain.pem");
const CHAIN_ENDS: u64 = 2_110_850_267;

#[test]
fn certificate_expires_when_its_file_says() {
    let bench = Bench::new();
    let certificate = Credential::from_pem("gateway.mtls", GATEWAY).unwrap();
    assert_eq!(bench.tracker.declare(certificate).unwrap().kind(), CredentialKind::Certificate);
    assert_eq!(bench.gauge("not_after_timestamp", "gateway.mtls"), Some(GATEWAY_ENDS as f64));
}

#[test]
fn chain_expires_with_the_first_of_its_certificates() {
    let bench = Bench::new();
    bench.tracker.declare(Credential::from_pem("chain", CHAIN).unwrap()).unwrap();
    assert_eq!(bench.gauge("not_after_timestamp", "chain"), Some(CHAIN_ENDS as f64));
}

#[test]
fn certificate_that_has_expired_is_refused() {
    let bench = Bench::new();
    bench.set_clock(GATEWAY_ENDS);
    let error = bench.tracker.declare(Credential::from_pem("gateway.mtls", GATEWAY).unwrap()).unwrap_err();
    assert!(matches!(error, CredentialError::NotAfterInPast { .. }), "{error}");
}

#[test]
fn file_without_a_certificate_that_can_be_read_is_refused() {
    let text = String::from_utf8(CHAIN.to_vec()).unwrap();
    let second = text.rfind("-----BEGIN").unwrap();
    // Cut off in the middle of the second certificate, and closed again.
    let cut = format!("{}\n-----END CERTIFICATE-----\n", text[..second + 200].trim_end());
    let mislabelled = text.replace("CERTIFICATE", "PUBLIC KEY");
    for (file, position) in [("", 1), ("no PEM at all", 1), (mislabelled.as_str(), 1), (cut.as_str(), 2)] {
        match Credential::from_pem("gateway.mtls", file.as_bytes()) {
            Err(error @ CredentialError::Certificate { position: found, .. }) => {
                assert_eq!(found, position, "{error}");
                assert!(!error.to_string().contains("MII"), "{error}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn each_key_of_a_set_is_a_credential_by_its_place() {
    let bench = Bench::new();
    let certificate: String =
        String::from_utf8(GATEWAY.to_vec()).unwrap().lines().filter(|line| !line.starts_with('-')).collect();
    let document = serde_json::json!({ "keys": [
        { "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "the-key-id", "x": "11qY", "exp": 2_000_000_000 },
        { "kty": "RSA", "use": "enc", "kid": "another-id", "n": "AQAB", "e": "AQAB" },
        { "kty": "OKP", "crv": "Ed25519", "x": "11qY", "x5c": [certificate] },
    ] });
    let keys = Credential::from_jwks("partner", document.to_string().as_bytes()).unwrap();
    let kinds: Vec<CredentialKind> =
        keys.into_iter().map(|key| bench.tracker.declare(key).unwrap().kind()).collect();
    let (signing, encryption) = (CredentialKind::SigningKey, CredentialKind::EncryptionKey);
    assert_eq!(kinds, [signing, encryption, signing]);
    assert_eq!(bench.gauge("not_after_timestamp", "partner.1"), Some(2e9));
    assert_eq!(bench.gauge("not_after_timestamp", "partner.2"), None);
    assert_eq!(bench.gauge("not_after_timestamp", "partner.3"), Some(GATEWAY_ENDS as f64));
    let text = bench.metrics.encode_text();
    assert!(!text.contains("key-id") && !text.contains("another-id"), "{text}");
}

#[test]
fn document_that_is_no_published_key_set_is_refused() {
    for (document, position) in [
        ("{", None),
        ("[]", None),
        (r#"{"keys": 1}"#, None),
        (r#"{"keys": []}"#, None),
        (r#"{"keys": [{"kid": "a"}]}"#, Some(1)),
        (r#"{"keys": [{"kty": "OKP", "x": "11qY"}, {"kty": "OKP", "x": "11qY", "d": "c2VjcmV0"}]}"#, Some(2)),
        (r#"{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}"#, Some(1)),
        (r#"{"keys": [{"kty": "OKP", "exp": "soon"}]}"#, Some(1)),
        (r#"{"keys": [{"kty": "OKP", "exp": -1}]}"#, Some(1)),
        (r#"{"keys": [{"kty": "OKP", "exp": 1e300}]}"#, Some(1)),
        (r#"{"keys": [{"kty": "OKP", "x5c": ["bm90IGEgY2VydGlmaWNhdGU="]}]}"#, Some(1)),
    ] {
        match Credential::from_jwks("partner", document.as_bytes()) {
            Err(CredentialError::KeySet { position: found, .. }) => assert_eq!(found, position, "{document}"),
            Err(CredentialError::Certificate { position: 1, .. }) => assert!(document.contains("x5c")),
            other => panic!("{document}: {other:?}"),
        }
    }
}

#[test]
fn expiry_of_a_key_that_is_over_is_refused_when_it_is_declared() {
    let bench = Bench::new();
    let document = r#"{"keys": [{"kty": "OKP", "x": "11qY", "exp": 1000000000}]}"#;
    let keys = Credential::from_jwks("partner", document.as_bytes()).unwrap();
    for key in keys {
        assert!(bench.tracker.declare(key).is_err());
    }
    assert_eq!(bench.all_events(), 0.0);
}
