//! `jsonwebtoken::errors::Error`.

pub(crate) const SECRET: &[u8] = b"a secret of the tests";

macro_rules! version {
    ($name:ident, $version:tt, $base64:ident $(, $checked:ident)?) => {
        pub(crate) mod $name {
            use std::sync::Arc;

            use ::$name::errors::{Error, ErrorKind};
            use ::$name::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
            use auth_metrics::{Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

            use super::SECRET;

            fn table() -> Cases<ErrorKind> {
                let json = serde_json::from_str::<u8>("{").unwrap_err();
                cases!($version; ErrorKind {
                    InvalidToken => TokenMalformed;
                    InvalidSignature => TokenSignatureInvalid;
                    InvalidEcdsaKey => ConfigurationError;
                    [10 11 12] InvalidEddsaKey => ConfigurationError;
                    InvalidRsaKey("broken".to_owned()) => ConfigurationError;
                    RsaFailedSigning => InternalError;
                    [10 11 12] Signing("broken".to_owned()) => InternalError;
                    InvalidAlgorithmName => TokenAlgorithmRejected;
                    [11 12] UnsupportedAlgorithm => TokenAlgorithmRejected;
                    InvalidKeyFormat => ConfigurationError;
                    MissingRequiredClaim("exp".to_owned()) => TokenClaimMismatch;
                    [10 11 12] InvalidClaimFormat("exp".to_owned()) => TokenClaimMismatch;
                    ExpiredSignature => TokenExpired;
                    InvalidIssuer => TokenClaimMismatch;
                    InvalidAudience => TokenClaimMismatch;
                    InvalidSubject => TokenClaimMismatch;
                    ImmatureSignature => TokenNotYetValid;
                    InvalidAlgorithm => TokenAlgorithmRejected;
                    MissingAlgorithm => ConfigurationError;
                    Base64(::$base64::DecodeError::InvalidLength(1)) => TokenMalformed;
                    Json(Arc::new(json)) => TokenMalformed;
                    Utf8(String::from_utf8(vec![0xff]).unwrap_err()) => TokenMalformed;
                    [9] Crypto(ring::error::Unspecified) => InternalError;
                    [10 11 12] Provider("broken".to_owned()) => InternalError;
                })
            }

            #[test]
            fn every_kind_has_its_reason() {
                assert_complete(&variants(&[stringify!($name)], "errors.rs", "ErrorKind"), &table(), &[]);
                let errors = table().into_iter().map(|(name, kind, reason)| (name, Error::from(kind), reason)).collect();
                assert_mapped(&errors, reasons::$name, reasons::$name::REASONS, &[Reason::Unknown]);
            }

            /// A token of HS256 that expires so many seconds after 1970.
            pub(crate) fn token(exp: u64) -> String {
                let claims = serde_json::json!({ "exp": exp });
                encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET)$(.$checked())?).unwrap()
            }

            fn refused(token: &str, validation: &Validation) -> Reason {
                let key = DecodingKey::from_secret(SECRET)$(.$checked())?;
                reasons::$name(&decode::<serde_json::Value>(token, &key, validation).unwrap_err())
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
        }
    };
}

version!(jsonwebtoken9, 9, base64_22);
version!(jsonwebtoken10, 10, base64_22);
version!(jsonwebtoken11, 11, base64_22);
version!(jsonwebtoken12, 12, base64_23, unwrap); // keys are checked when they are made
