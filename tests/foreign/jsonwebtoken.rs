//! `jsonwebtoken::errors::Error`.

use std::sync::Arc;

use ::jsonwebtoken::errors::{Error, ErrorKind};
use ::jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

pub(crate) const SECRET: &[u8] = b"a secret of the tests";

fn table() -> Cases<ErrorKind> {
    let json = serde_json::from_str::<u8>("{").unwrap_err();
    cases!(ErrorKind {
        InvalidToken => TokenMalformed;
        InvalidSignature => TokenSignatureInvalid;
        InvalidEcdsaKey => ConfigurationError;
        InvalidEddsaKey => ConfigurationError;
        InvalidRsaKey("broken".to_owned()) => ConfigurationError;
        RsaFailedSigning => InternalError;
        Signing("broken".to_owned()) => InternalError;
        InvalidAlgorithmName => TokenAlgorithmRejected;
        UnsupportedAlgorithm => TokenAlgorithmRejected;
        InvalidKeyFormat => ConfigurationError;
        MissingRequiredClaim("exp".to_owned()) => TokenClaimMismatch;
        InvalidClaimFormat("exp".to_owned()) => TokenClaimMismatch;
        ExpiredSignature => TokenExpired;
        InvalidIssuer => TokenClaimMismatch;
        InvalidAudience => TokenClaimMismatch;
        InvalidSubject => TokenClaimMismatch;
        ImmatureSignature => TokenNotYetValid;
        InvalidAlgorithm => TokenAlgorithmRejected;
        MissingAlgorithm => ConfigurationError;
        Base64(base64::DecodeError::InvalidLength(1)) => TokenMalformed;
        Json(Arc::new(json)) => TokenMalformed;
        Utf8(String::from_utf8(vec![0xff]).unwrap_err()) => TokenMalformed;
        Provider("broken".to_owned()) => InternalError;
    })
}

#[test]
fn every_kind_has_its_reason() {
    assert_complete(&variants(&["jsonwebtoken"], "errors.rs", "ErrorKind"), &table(), &[]);
    let errors = table().into_iter().map(|(name, kind, reason)| (name, Error::from(kind), reason)).collect();
    assert_mapped(&errors, reasons::jsonwebtoken, reasons::jsonwebtoken::REASONS, &[Reason::Unknown]);
}

/// A token of HS256 that expires so many seconds after 1970.
pub(crate) fn token(exp: u64) -> String {
    let claims = serde_json::json!({ "exp": exp });
    encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET)).unwrap()
}

fn refused(token: &str, validation: &Validation) -> Reason {
    let key = DecodingKey::from_secret(SECRET);
    reasons::jsonwebtoken(&decode::<serde_json::Value>(token, &key, validation).unwrap_err())
}

#[test]
fn real_tokens_are_refused_for_their_reason() {
    let valid = token(u64::from(u32::MAX));
    let any = Validation::new(Algorithm::HS256);
    let (body, signature) = valid.rsplit_once('.').unwrap();
    let payload = body.split_once('.').unwrap().1;
    let of_nobody = format!("eyJhbGciOiJub25lIn0.{payload}."); // {"alg":"none"}
    let altered = format!("{body}.A{}", &signature[1..]);
    assert_eq!(refused(&token(1), &any), Reason::TokenExpired);
    assert_eq!(refused(&of_nobody, &any), Reason::TokenMalformed);
    assert_eq!(refused(&altered, &any), Reason::TokenSignatureInvalid);
    assert_eq!(refused(&valid, &Validation::new(Algorithm::HS512)), Reason::TokenAlgorithmRejected);
}
