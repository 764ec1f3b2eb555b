//! `jsonwebtoken::errors::Error`.

macro_rules! version {
    ($name:ident, $version:tt) => {
        rows! { $version, mapping! {
            #[doc = concat!("The reason of an error of jsonwebtoken ", $version, ": the token is the caller's, the keys and what is allowed are ours.")]
            ///
            /// | kind | reason |
            /// |---|---|
            /// | `InvalidToken`, `Base64`, `Json`, `Utf8` | `token_malformed` |
            /// | `InvalidSignature` | `token_signature_invalid` |
            /// | `ExpiredSignature` | `token_expired` |
            /// | `ImmatureSignature` | `token_not_yet_valid` |
            /// | `InvalidIssuer`, `InvalidAudience`, `InvalidSubject`, `MissingRequiredClaim`, `InvalidClaimFormat` (from 10 on) | `token_claim_mismatch` |
            /// | `InvalidAlgorithm`, `InvalidAlgorithmName`, `UnsupportedAlgorithm` (from 11 on) | `token_algorithm_rejected` |
            /// | `InvalidEcdsaKey`, `InvalidEddsaKey` (from 10 on), `InvalidRsaKey`, `InvalidKeyFormat`, `MissingAlgorithm` | `configuration_error` |
            /// | `RsaFailedSigning`, `Crypto` (9), `Signing` and `Provider` (from 10 on) | `internal_error` |
            /// | any other | `unknown` |
            ///
            /// `MissingAlgorithm` says that our own `Validation` allows none. `jws::decode` looks for a key that fits the
            /// token's header before it looks whether the algorithm is allowed, so there a stranger can bring about
            /// `InvalidKeyFormat`: compare the header first. A token whose header names an algorithm that the crate does
            /// not know, `none` among them, is a `Json` error there and so `token_malformed`.
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as jsonwebtoken;")]
            /// use jsonwebtoken::errors::{Error, ErrorKind};
            ///
            #[doc = concat!("let reason = reasons::", stringify!($name), ";")]
            /// assert_eq!(reason(&Error::from(ErrorKind::ExpiredSignature)), Reason::TokenExpired);
            ///
            /// let error = jsonwebtoken::decode_header("not a token").unwrap_err();
            /// assert_eq!(reason(&error), Reason::TokenMalformed);
            /// ```
            fn $name(error: ::$name::errors::Error) = error.kind(), ::$name::errors::ErrorKind
        }, {
            InvalidToken => TokenMalformed;
            Base64(_) => TokenMalformed;
            Json(_) => TokenMalformed;
            Utf8(_) => TokenMalformed;
            InvalidSignature => TokenSignatureInvalid;
            ExpiredSignature => TokenExpired;
            ImmatureSignature => TokenNotYetValid;
            InvalidIssuer => TokenClaimMismatch;
            InvalidAudience => TokenClaimMismatch;
            InvalidSubject => TokenClaimMismatch;
            MissingRequiredClaim(_) => TokenClaimMismatch;
            [10 11 12] InvalidClaimFormat(_) => TokenClaimMismatch;
            InvalidAlgorithm => TokenAlgorithmRejected;
            InvalidAlgorithmName => TokenAlgorithmRejected;
            [11 12] UnsupportedAlgorithm => TokenAlgorithmRejected;
            InvalidEcdsaKey => ConfigurationError;
            [10 11 12] InvalidEddsaKey => ConfigurationError;
            InvalidRsaKey(_) => ConfigurationError;
            InvalidKeyFormat => ConfigurationError;
            MissingAlgorithm => ConfigurationError;
            RsaFailedSigning => InternalError;
            [9] Crypto(_) => InternalError;
            [10 11 12] Signing(_) => InternalError;
            [10 11 12] Provider(_) => InternalError;
            _ => Unknown;
        } }
    };
}

#[cfg(feature = "jsonwebtoken9")]
version!(jsonwebtoken9, 9);
#[cfg(feature = "jsonwebtoken10")]
version!(jsonwebtoken10, 10);
#[cfg(feature = "jsonwebtoken11")]
version!(jsonwebtoken11, 11);
#[cfg(feature = "jsonwebtoken12")]
version!(jsonwebtoken12, 12);
