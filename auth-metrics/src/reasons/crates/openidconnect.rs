//! The errors of openidconnect.

/// The reasons of errors of `OpenID` Connect, a function for each type.
///
/// What its client gives besides is of [`oauth2`](crate::reasons::oauth2).
pub mod openidconnect {
    use std::error::Error;

    use ::openidconnect::core::CoreAuthErrorResponseType;
    use ::openidconnect::{
        ClaimsVerificationError, DiscoveryError, SignatureVerificationError, UserInfoError,
    };

    use crate::reasons::crates::chain::timed_out;
    use crate::reasons::{failure_reason, oauth2, reasons_of};
    use crate::taxonomy::Reason;

    /// The reason why openidconnect 4 refuses the claims of an ID token: the token is the caller's.
    ///
    /// | variant | reason |
    /// |---|---|
    /// | `Expired` | `token_expired` |
    /// | `InvalidAudience`, `InvalidIssuer`, `InvalidSubject`, `InvalidAuthContext` | `token_claim_mismatch` |
    /// | `InvalidAuthTime` | `session_expired` |
    /// | `InvalidNonce` | `csrf_rejected` |
    /// | `Unsupported` | `token_malformed` |
    /// | `SignatureVerification` | as [`signature_verification_error`](fn@signature_verification_error) reads it |
    /// | `Other`, any other | `unknown` |
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// use openidconnect::ClaimsVerificationError;
    ///
    /// let error = ClaimsVerificationError::InvalidNonce("not the one sent".to_owned());
    /// assert_eq!(reasons::openidconnect::claims_verification_error(&error), Reason::CsrfRejected);
    /// ```
    pub fn claims_verification_error(error: &ClaimsVerificationError) -> Reason {
        match error {
            ClaimsVerificationError::Expired(_) => Reason::TokenExpired,
            ClaimsVerificationError::InvalidAudience(_)
            | ClaimsVerificationError::InvalidIssuer(_)
            | ClaimsVerificationError::InvalidSubject(_)
            | ClaimsVerificationError::InvalidAuthContext(_) => Reason::TokenClaimMismatch,
            ClaimsVerificationError::InvalidAuthTime(_) => Reason::SessionExpired,
            ClaimsVerificationError::InvalidNonce(_) => Reason::CsrfRejected,
            ClaimsVerificationError::Unsupported(_) => Reason::TokenMalformed,
            ClaimsVerificationError::SignatureVerification(error) => signature_verification_error(error),
            _ => Reason::Unknown,
        }
    }

    /// The reasons that [`claims_verification_error`](fn@claims_verification_error) can give.
    pub mod claims_verification_error {
        use crate::taxonomy::{Reason, ReasonSet};

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

    /// The reason why openidconnect 4 refuses a signature: what the token says picks the key, so no key is our mistake.
    ///
    /// | variant | reason |
    /// |---|---|
    /// | `CryptoError`, `NoSignature` | `token_signature_invalid` |
    /// | `NoMatchingKey`, `AmbiguousKeyId`, `InvalidKey` | `token_key_unknown` |
    /// | `DisallowedAlg`, `UnsupportedAlg` | `token_algorithm_rejected` |
    /// | `Other`, any other | `unknown` |
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// use openidconnect::SignatureVerificationError;
    ///
    /// let error = SignatureVerificationError::NoMatchingKey;
    /// assert_eq!(reasons::openidconnect::signature_verification_error(&error), Reason::TokenKeyUnknown);
    /// ```
    pub fn signature_verification_error(error: &SignatureVerificationError) -> Reason {
        match error {
            SignatureVerificationError::CryptoError(_) | SignatureVerificationError::NoSignature => {
                Reason::TokenSignatureInvalid
            }
            SignatureVerificationError::NoMatchingKey
            | SignatureVerificationError::AmbiguousKeyId(_)
            | SignatureVerificationError::InvalidKey(_) => Reason::TokenKeyUnknown,
            SignatureVerificationError::DisallowedAlg(_) | SignatureVerificationError::UnsupportedAlg(_) => {
                Reason::TokenAlgorithmRejected
            }
            _ => Reason::Unknown,
        }
    }

    reasons_of!(
        signature_verification_error: TokenSignatureInvalid,
        TokenKeyUnknown,
        TokenAlgorithmRejected,
        Unknown,
    );
    failure_reason!(SignatureVerificationError, signature_verification_error);

    /// The reason why openidconnect 4 got no user info from the provider.
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
    /// use openidconnect::UserInfoError;
    ///
    /// let error = UserInfoError::Request(std::io::Error::from(std::io::ErrorKind::TimedOut));
    /// assert_eq!(reasons::openidconnect::user_info_error(&error), Reason::Timeout);
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
        use crate::taxonomy::{Reason, ReasonSet};

        /// Every one of them.
        pub const REASONS: ReasonSet = super::claims_verification_error::REASONS
            .union(ReasonSet::of(&[Reason::Timeout, Reason::DependencyUnavailable]));
    }

    failure_reason!(UserInfoError<RE>, user_info_error where RE: Error + 'static);

    /// The reason why openidconnect 4 found no provider.
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
    /// use openidconnect::DiscoveryError;
    ///
    /// let error: DiscoveryError<std::io::Error> = DiscoveryError::Validation("another issuer".to_owned());
    /// assert_eq!(reasons::openidconnect::discovery_error(&error), Reason::ConfigurationError);
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
    /// [`oauth2::error_code::dependency`](fn@oauth2::error_code::dependency) reads its code.
    ///
    /// Anybody can write such a redirect by hand: compare its `state` first, and count one that does not fit as
    /// `csrf_rejected`.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// use openidconnect::core::CoreAuthErrorResponseType;
    ///
    /// let error = CoreAuthErrorResponseType::LoginRequired;
    /// assert_eq!(reasons::openidconnect::core_auth_error_response_type(&error), Reason::MissingCredentials);
    /// ```
    pub fn core_auth_error_response_type(error: &CoreAuthErrorResponseType) -> Reason {
        oauth2::error_code::dependency(error)
    }

    /// The reasons that [`core_auth_error_response_type`](fn@core_auth_error_response_type) can give.
    pub mod core_auth_error_response_type {
        pub use crate::reasons::oauth2::error_code::dependency::REASONS;
    }

    failure_reason!(CoreAuthErrorResponseType, core_auth_error_response_type);
}
