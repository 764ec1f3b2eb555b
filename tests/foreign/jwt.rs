//! `jwt::Error`.

use ::hmac012::digest::KeyInit;
use ::hmac012::{Hmac, Mac};
use ::jwt016::algorithm::AlgorithmType;
use ::jwt016::{Error, VerifyWithKey};
use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};
use sha2_010::Sha256;

type HmacSha256 = Hmac<Sha256>;

fn table() -> Cases<Error> {
    let json = serde_json::from_str::<u8>("{").unwrap_err();
    let mac = <HmacSha256 as Mac>::new_from_slice(b"key").unwrap().verify_slice(b"").unwrap_err();
    cases!(Error {
        AlgorithmMismatch(AlgorithmType::Hs256, AlgorithmType::None) => TokenAlgorithmRejected;
        Base64(base64_13::decode("*").unwrap_err()) => TokenMalformed;
        Format => TokenMalformed;
        InvalidSignature => TokenSignatureInvalid;
        Json(json) => TokenMalformed;
        NoClaimsComponent => TokenMalformed;
        NoHeaderComponent => TokenMalformed;
        NoKeyId => TokenKeyUnknown;
        NoKeyWithKeyId("kid".to_owned()) => TokenKeyUnknown;
        NoSignatureComponent => TokenMalformed;
        RustCryptoMac(mac) => TokenSignatureInvalid;
        RustCryptoMacKeyLength(::hmac012::digest::InvalidLength) => ConfigurationError;
        TooManyComponents => TokenMalformed;
        Utf8(String::from_utf8(vec![0xff]).unwrap_err()) => TokenMalformed;
    })
}

#[test]
fn every_variant_has_its_reason() {
    // `OpenSsl` is there with a feature that the library does not turn on.
    assert_complete(&variants(&["jwt016"], "error.rs", "Error"), &table(), &["OpenSsl"]);
    assert_mapped(&table(), reasons::jwt016, reasons::jwt016::REASONS, &[Reason::Unknown]);
}

#[test]
fn real_tokens_are_refused_for_their_reason() {
    let key: HmacSha256 = KeyInit::new_from_slice(b"key").unwrap();
    let refused = |token: &str| {
        let claims: Result<std::collections::BTreeMap<String, String>, Error> = token.verify_with_key(&key);
        reasons::jwt016(&claims.unwrap_err())
    };
    assert_eq!(refused("garbage"), Reason::TokenMalformed);
    assert_eq!(refused("eyJhbGciOiJIUzI1NiJ9.e30.AAAA"), Reason::TokenSignatureInvalid);
    assert_eq!(refused("eyJhbGciOiJIUzM4NCJ9.e30.AAAA"), Reason::TokenAlgorithmRejected);
}
