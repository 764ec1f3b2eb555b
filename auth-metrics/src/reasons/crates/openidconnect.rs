//! The errors of openidconnect.

macro_rules! version {
    ($name:ident, $version:tt, $oauth2:ident) => {
        #[doc = concat!("The reasons of errors of openidconnect ", $version, ", a function for each type.")]
        ///
        #[doc = concat!("What its client gives besides is of [`", stringify!($oauth2), "`](crate::reasons::", stringify!($oauth2), ").")]
        pub mod $name {
            use std::error::Error;

            use ::$name::core::CoreAuthErrorResponseType;
            use ::$name::{
                ClaimsVerificationError, DiscoveryError, SignatureVerificationError, UserInfoError,
            };

            use crate::reasons::crates::chain::timed_out;
            use crate::reasons::{$oauth2 as oauth2, failure_reason, reasons_of};
            use crate::terms::Reason;

            /// The reason why openidconnect refuses the claims of an ID token: the token is the caller's.
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `Expired` | `token_expired` |
            /// | `InvalidAudience`, `InvalidIssuer`, `InvalidSubject`, `InvalidAuthContext` | `token_claim_mismatch` |
            /// | `InvalidAuthTime` | `session_expired` |
            /// | `InvalidNonce` | `csrf_rejected` |
            /// | `Unsupported` | `token_malformed` |
            /// | `NoSignature` (3) | `token_signature_invalid` |
            /// | `SignatureVerification` | as [`signature_verification_error`](fn@signature_verification_error) reads it |
            /// | `Other`, any other | `unknown` |
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as openidconnect;")]
            /// use openidconnect::ClaimsVerificationError;
            ///
            /// let error = ClaimsVerificationError::InvalidNonce("not the one sent".to_owned());
            #[doc = concat!("let reason = reasons::", stringify!($name), "::claims_verification_error;")]
            /// assert_eq!(reason(&error), Reason::CsrfRejected);
            /// ```
            pub fn claims_verification_error(error: &ClaimsVerificationError) -> Reason {
                rows! { $version, by_variant! { error, ClaimsVerificationError }, {
                    Expired(_) => TokenExpired;
                    InvalidAudience(_) => TokenClaimMismatch;
                    InvalidIssuer(_) => TokenClaimMismatch;
                    InvalidSubject(_) => TokenClaimMismatch;
                    InvalidAuthContext(_) => TokenClaimMismatch;
                    InvalidAuthTime(_) => SessionExpired;
                    InvalidNonce(_) => CsrfRejected;
                    Unsupported(_) => TokenMalformed;
                    [3] NoSignature => TokenSignatureInvalid;
                    SignatureVerification(error) => { signature_verification_error(error) };
                    _ => Unknown;
                } }
            }

            /// The reasons that [`claims_verification_error`](fn@claims_verification_error) can give.
            pub mod claims_verification_error {
                use crate::terms::{Reason, ReasonSet};

                /// Every one of them.
                pub const REASONS: ReasonSet = super::signature_verification_error::REASONS.union(ReasonSet::of(&[
                    Reason::TokenExpired,
                    Reason::TokenClaimMismatch,
                    Reason::SessionExpired,
                    Reason::CsrfRejected,
                    Reason::TokenMalformed,
                ]));
            }

            failure_reason!(ClaimsVerificationError, claims_verification_error);

            /// The reason why openidconnect refuses a signature: what the token says picks the key, so no key is our mistake.
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `CryptoError`, `NoSignature` (4) | `token_signature_invalid` |
            /// | `NoMatchingKey`, `AmbiguousKeyId`, `InvalidKey` | `token_key_unknown` |
            /// | `DisallowedAlg`, `UnsupportedAlg` | `token_algorithm_rejected` |
            /// | `Other`, any other | `unknown` |
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as openidconnect;")]
            /// use openidconnect::SignatureVerificationError;
            ///
            /// let error = SignatureVerificationError::NoMatchingKey;
            #[doc = concat!("let reason = reasons::", stringify!($name), "::signature_verification_error;")]
            /// assert_eq!(reason(&error), Reason::TokenKeyUnknown);
            /// ```
            pub fn signature_verification_error(error: &SignatureVerificationError) -> Reason {
                rows! { $version, by_variant! { error, SignatureVerificationError }, {
                    CryptoError(_) => TokenSignatureInvalid;
                    [4] NoSignature => TokenSignatureInvalid;
                    NoMatchingKey => TokenKeyUnknown;
                    AmbiguousKeyId(_) => TokenKeyUnknown;
                    InvalidKey(_) => TokenKeyUnknown;
                    DisallowedAlg(_) => TokenAlgorithmRejected;
                    UnsupportedAlg(_) => TokenAlgorithmRejected;
                    _ => Unknown;
                } }
            }

            reasons_of!(
                signature_verification_error: TokenSignatureInvalid,
                TokenKeyUnknown,
                TokenAlgorithmRejected,
                Unknown,
            );
            failure_reason!(SignatureVerificationError, signature_verification_error);

            /// The reason why openidconnect got no user info from the provider.
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `ClaimsVerification` | as [`claims_verification_error`](fn@claims_verification_error) reads it |
            /// | `Request` that timed out | `timeout` |
            /// | `Request`, `Response`, `Parse`, `Other` | `dependency_unavailable` |
            /// | any other | `unknown` |
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as openidconnect;")]
            /// use openidconnect::UserInfoError;
            ///
            /// let error = UserInfoError::Request(std::io::Error::from(std::io::ErrorKind::TimedOut));
            #[doc = concat!("let reason = reasons::", stringify!($name), "::user_info_error;")]
            /// assert_eq!(reason(&error), Reason::Timeout);
            /// ```
            pub fn user_info_error<RE: Error + 'static>(error: &UserInfoError<RE>) -> Reason {
                match error {
                    UserInfoError::ClaimsVerification(error) => claims_verification_error(error),
                    UserInfoError::Request(error) if timed_out(error) => Reason::Timeout,
                    UserInfoError::Request(_)
                    | UserInfoError::Response(..)
                    | UserInfoError::Parse(_)
                    | UserInfoError::Other(_) => Reason::DependencyUnavailable,
                    _ => Reason::Unknown,
                }
            }

            /// The reasons that [`user_info_error`](fn@user_info_error) can give.
            pub mod user_info_error {
                use crate::terms::{Reason, ReasonSet};

                /// Every one of them.
                pub const REASONS: ReasonSet = super::claims_verification_error::REASONS
                    .union(ReasonSet::of(&[Reason::Timeout, Reason::DependencyUnavailable]));
            }

            failure_reason!(UserInfoError<RE>, user_info_error where RE: Error + 'static);

            /// The reason why openidconnect found no provider.
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `Request` that timed out | `timeout` |
            /// | `Request`, `Response`, `Parse`, `Other` | `dependency_unavailable` |
            /// | `UrlParse`, `Validation` | `configuration_error` |
            /// | any other | `unknown` |
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as openidconnect;")]
            /// use openidconnect::DiscoveryError;
            ///
            /// let error: DiscoveryError<std::io::Error> = DiscoveryError::Validation("another issuer".to_owned());
            #[doc = concat!("let reason = reasons::", stringify!($name), "::discovery_error;")]
            /// assert_eq!(reason(&error), Reason::ConfigurationError);
            /// ```
            pub fn discovery_error<RE: Error + 'static>(error: &DiscoveryError<RE>) -> Reason {
                match error {
                    DiscoveryError::Request(error) if timed_out(error) => Reason::Timeout,
                    DiscoveryError::Request(_)
                    | DiscoveryError::Response(..)
                    | DiscoveryError::Parse(_)
                    | DiscoveryError::Other(_) => Reason::DependencyUnavailable,
                    DiscoveryError::UrlParse(_) | DiscoveryError::Validation(_) => Reason::ConfigurationError,
                    _ => Reason::Unknown,
                }
            }

            reasons_of!(discovery_error: Timeout, DependencyUnavailable, ConfigurationError, Unknown);
            failure_reason!(DiscoveryError<RE>, discovery_error where RE: Error + 'static);

            /// The reason of the error that a provider sends back with the user's browser, as
            /// [`error_code::dependency`](fn@oauth2::error_code::dependency) reads its code.
            ///
            /// Anybody can write such a redirect by hand: compare its `state` first, and count one that does not fit as
            /// `csrf_rejected`.
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as openidconnect;")]
            /// use openidconnect::core::CoreAuthErrorResponseType;
            ///
            /// let error = CoreAuthErrorResponseType::LoginRequired;
            #[doc = concat!("let reason = reasons::", stringify!($name), "::core_auth_error_response_type;")]
            /// assert_eq!(reason(&error), Reason::MissingCredentials);
            /// ```
            pub fn core_auth_error_response_type(error: &CoreAuthErrorResponseType) -> Reason {
                match error {
                    // 3 misspells the code of this one.
                    CoreAuthErrorResponseType::InvalidRequestObject => Reason::ConfigurationError,
                    other => oauth2::error_code::dependency(other),
                }
            }

            /// The reasons that [`core_auth_error_response_type`](fn@core_auth_error_response_type) can give.
            pub mod core_auth_error_response_type {
                pub use crate::reasons::crates::codes::error_code::dependency::REASONS;
            }

            failure_reason!(CoreAuthErrorResponseType, core_auth_error_response_type);
        }
    };
}

#[cfg(feature = "openidconnect3")]
version!(openidconnect3, 3, oauth2_4);
#[cfg(feature = "openidconnect4")]
version!(openidconnect4, 4, oauth2_5);
