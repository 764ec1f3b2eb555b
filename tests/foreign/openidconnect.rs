//! The errors of openidconnect.

macro_rules! version {
    ($name:ident, $version:tt, $verification:literal, $discovery:literal) => {
        mod $name {
            use std::io;

            use ::$name::core::CoreAuthErrorResponseType;
            use ::$name::http::StatusCode;
            use ::$name::{ClaimsVerificationError, DiscoveryError, SignatureVerificationError, UserInfoError};
            use auth_metrics::{Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

            fn text() -> String {
                "text".to_owned()
            }

            fn parse() -> serde_path_to_error::Error<serde_json::Error> {
                let broken = &mut serde_json::Deserializer::from_str("{");
                serde_path_to_error::deserialize::<_, u8>(broken).unwrap_err()
            }

            fn signature() -> Cases<SignatureVerificationError> {
                cases!($version; SignatureVerificationError {
                    AmbiguousKeyId(text()) => TokenKeyUnknown;
                    CryptoError(text()) => TokenSignatureInvalid;
                    DisallowedAlg(text()) => TokenAlgorithmRejected;
                    InvalidKey(text()) => TokenKeyUnknown;
                    NoMatchingKey => TokenKeyUnknown;
                    [4] NoSignature => TokenSignatureInvalid;
                    UnsupportedAlg(text()) => TokenAlgorithmRejected;
                    Other(text()) => Unknown;
                })
            }

            fn claims() -> Cases<ClaimsVerificationError> {
                cases!($version; ClaimsVerificationError {
                    Expired(text()) => TokenExpired;
                    InvalidAudience(text()) => TokenClaimMismatch;
                    InvalidAuthContext(text()) => TokenClaimMismatch;
                    InvalidAuthTime(text()) => SessionExpired;
                    InvalidIssuer(text()) => TokenClaimMismatch;
                    InvalidNonce(text()) => CsrfRejected;
                    InvalidSubject(text()) => TokenClaimMismatch;
                    Other(text()) => Unknown;
                    SignatureVerification(SignatureVerificationError::NoMatchingKey) => TokenKeyUnknown;
                    [3] NoSignature => TokenSignatureInvalid;
                    [4] SignatureVerification(SignatureVerificationError::NoSignature) => TokenSignatureInvalid;
                    SignatureVerification(SignatureVerificationError::UnsupportedAlg(text())) => TokenAlgorithmRejected;
                    Unsupported(text()) => TokenMalformed;
                })
            }

            type Info = UserInfoError<io::Error>;

            fn user_info() -> Cases<Info> {
                cases!(Info {
                    ClaimsVerification(ClaimsVerificationError::Expired(text())) => TokenExpired;
                    Parse(parse()) => DependencyUnavailable;
                    Request(io::Error::from(io::ErrorKind::ConnectionRefused)) => DependencyUnavailable;
                    Request(io::Error::from(io::ErrorKind::TimedOut)) => Timeout;
                    Response(StatusCode::BAD_GATEWAY, Vec::new(), text()) => DependencyUnavailable;
                    Other(text()) => DependencyUnavailable;
                })
            }

            type Discovery = DiscoveryError<io::Error>;

            fn discovery() -> Cases<Discovery> {
                let url = ::$name::url::Url::parse("no address").unwrap_err();
                cases!(Discovery {
                    Other(text()) => DependencyUnavailable;
                    Parse(parse()) => DependencyUnavailable;
                    Request(io::Error::from(io::ErrorKind::ConnectionRefused)) => DependencyUnavailable;
                    Request(io::Error::from(io::ErrorKind::TimedOut)) => Timeout;
                    Response(StatusCode::BAD_GATEWAY, Vec::new(), text()) => DependencyUnavailable;
                    UrlParse(url) => ConfigurationError;
                    Validation(text()) => ConfigurationError;
                })
            }

            fn redirect() -> Cases<CoreAuthErrorResponseType> {
                cases!(CoreAuthErrorResponseType {
                    AccessDenied => PermissionDenied;
                    AccountSelectionRequired => MissingCredentials;
                    ConsentRequired => PermissionDenied;
                    InteractionRequired => MissingCredentials;
                    InvalidRequest => ConfigurationError;
                    InvalidRequestObject => ConfigurationError;
                    InvalidRequestUri => ConfigurationError;
                    InvalidScope => ConfigurationError;
                    LoginRequired => MissingCredentials;
                    RegistrationNotSupported => ConfigurationError;
                    RequestNotSupported => ConfigurationError;
                    RequestUriNotSupported => ConfigurationError;
                    ServerError => DependencyUnavailable;
                    TemporarilyUnavailable => DependencyUnavailable;
                    UnauthorizedClient => ConfigurationError;
                    UnsupportedResponseType => ConfigurationError;
                    Extension(text()) => Unknown;
                })
            }

            #[test]
            fn every_variant_has_its_reason() {
                use reasons::$name as of;

                let source = |file, name| variants(&[stringify!($name)], file, name);
                assert_complete(&source($verification, "SignatureVerificationError"), &signature(), &[]);
                let listed = of::signature_verification_error::REASONS;
                assert_mapped(&signature(), of::signature_verification_error, listed, &[]);

                assert_complete(&source($verification, "ClaimsVerificationError"), &claims(), &[]);
                let listed = of::claims_verification_error::REASONS;
                assert_mapped(&claims(), of::claims_verification_error, listed, &[]);

                assert_complete(&source("user_info.rs", "UserInfoError"), &user_info(), &[]);
                let of_claims: Vec<Reason> = listed.iter().collect();
                assert_mapped(&user_info(), of::user_info_error, of::user_info_error::REASONS, &of_claims);

                assert_complete(&source($discovery, "DiscoveryError"), &discovery(), &[]);
                assert_mapped(&discovery(), of::discovery_error, of::discovery_error::REASONS, &[Reason::Unknown]);

                assert_complete(&source("core/mod.rs", "CoreAuthErrorResponseType"), &redirect(), &[]);
                // Those of codes that this type has as an `Extension`.
                let more = [
                    Reason::InvalidCredentials,
                    Reason::MfaRequired,
                    Reason::AuthorizationPending,
                    Reason::SlowDown,
                    Reason::TokenExpired,
                    Reason::TokenBindingFailed,
                ];
                let listed = of::core_auth_error_response_type::REASONS;
                assert_mapped(&redirect(), of::core_auth_error_response_type, listed, &more);
            }
        }
    };
}

version!(openidconnect3, 3, "verification.rs", "discovery.rs");
version!(openidconnect4, 4, "verification/mod.rs", "discovery/mod.rs");
