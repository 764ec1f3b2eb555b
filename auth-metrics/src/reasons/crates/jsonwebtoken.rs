//! `jsonwebtoken::errors::Error`.

use ::jsonwebtoken::errors::{Error, ErrorKind};

use crate::reasons::{failure_reason, reasons_of};
use crate::taxonomy::Reason;

/// The reason of an error of jsonwebtoken 11: the token is the caller's, the keys and what is allowed are ours.
///
/// | kind | reason |
/// |---|---|
/// | `InvalidToken`, `Base64`, `Json`, `Utf8` | `token_malformed` |
/// | `InvalidSignature` | `token_signature_invalid` |
/// | `ExpiredSignature` | `token_expired` |
/// | `ImmatureSignature` | `token_not_yet_valid` |
/// | `InvalidIssuer`, `InvalidAudience`, `InvalidSubject`, `MissingRequiredClaim`, `InvalidClaimFormat` | `token_claim_mismatch` |
/// | `InvalidAlgorithm`, `InvalidAlgorithmName`, `UnsupportedAlgorithm` | `token_algorithm_rejected` |
/// | `InvalidEcdsaKey`, `InvalidEddsaKey`, `InvalidRsaKey`, `InvalidKeyFormat`, `MissingAlgorithm` | `configuration_error` |
/// | `RsaFailedSigning`, `Signing`, `Provider` | `internal_error` |
/// | any other | `unknown` |
///
/// `MissingAlgorithm` says that our own `Validation` allows none. `jws::decode` looks for a key that fits the token's header
/// before it looks whether the algorithm is allowed, so there a stranger can bring about `InvalidKeyFormat`: compare the
/// header first. A token whose header names an algorithm that the crate
/// does not know, `none` among them, is a `Json` error there and so `token_malformed`.
///
/// ```
/// use auth_metrics::{Reason, reasons};
/// use jsonwebtoken::errors::{Error, ErrorKind};
///
/// assert_eq!(reasons::jsonwebtoken(&Error::from(ErrorKind::ExpiredSignature)), Reason::TokenExpired);
///
/// let error = jsonwebtoken::decode_header("not a token").unwrap_err();
/// assert_eq!(reasons::jsonwebtoken(&error), Reason::TokenMalformed);
/// ```
pub fn jsonwebtoken(error: &Error) -> Reason {
    match error.kind() {
        ErrorKind::InvalidToken | ErrorKind::Base64(_) | ErrorKind::Json(_) | ErrorKind::Utf8(_) => {
            Reason::TokenMalformed
        }
        ErrorKind::InvalidSignature => Reason::TokenSignatureInvalid,
        ErrorKind::ExpiredSignature => Reason::TokenExpired,
        ErrorKind::ImmatureSignature => Reason::TokenNotYetValid,
        ErrorKind::InvalidIssuer
        | ErrorKind::InvalidAudience
        | ErrorKind::InvalidSubject
        | ErrorKind::MissingRequiredClaim(_)
        | ErrorKind::InvalidClaimFormat(_) => Reason::TokenClaimMismatch,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::UnsupportedAlgorithm => {
            Reason::TokenAlgorithmRejected
        }
        ErrorKind::InvalidEcdsaKey
        | ErrorKind::InvalidEddsaKey
        | ErrorKind::InvalidRsaKey(_)
        | ErrorKind::InvalidKeyFormat
        | ErrorKind::MissingAlgorithm => Reason::ConfigurationError,
        ErrorKind::RsaFailedSigning | ErrorKind::Signing(_) | ErrorKind::Provider(_) => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

reasons_of!(
    jsonwebtoken: TokenMalformed,
    TokenSignatureInvalid,
    TokenExpired,
    TokenNotYetValid,
    TokenClaimMismatch,
    TokenAlgorithmRejected,
    ConfigurationError,
    InternalError,
    Unknown,
);
failure_reason!(Error, jsonwebtoken);
