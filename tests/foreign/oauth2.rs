//! The errors of oauth2, and the error codes of OAuth.

use auth_metrics::Reason;
use auth_metrics_foreign_tests::Cases;

/// Codes that no type of the crate has a variant for.
fn texts() -> Cases<&'static str> {
    let of = |reason: Reason, codes: &[&'static str]| -> Cases<&'static str> {
        codes.iter().map(|&code| (code, code, reason)).collect()
    };
    [
        of(Reason::InvalidCredentials, &["invalid_token"]),
        of(Reason::ClientRejected, &["invalid_redirect_uri"]),
        of(
            Reason::MalformedRequest,
            &["unsupported_response_type", "invalid_client_metadata", "invalid_request_uri"],
        ),
        of(Reason::MalformedRequest, &["invalid_request_object", "request_not_supported"]),
        of(Reason::MalformedRequest, &["request_uri_not_supported", "registration_not_supported"]),
        of(Reason::PermissionDenied, &["consent_required", "insufficient_scope"]),
        of(
            Reason::MissingCredentials,
            &["login_required", "interaction_required", "account_selection_required"],
        ),
        of(Reason::MfaRequired, &["insufficient_user_authentication"]),
        of(Reason::TokenBindingFailed, &["invalid_dpop_proof"]),
        of(Reason::Overloaded, &["temporarily_unavailable"]),
        of(Reason::InternalError, &["server_error"]),
    ]
    .concat()
}

/// What a code means when it is me who asked.
fn asked(reason: Reason) -> Reason {
    match reason {
        Reason::ClientRejected | Reason::MalformedRequest => Reason::ConfigurationError,
        Reason::Overloaded | Reason::InternalError => Reason::DependencyUnavailable,
        same => same,
    }
}

macro_rules! version {
    ($name:ident, $errors:literal) => {
        mod $name {
            use std::io;

            use ::$name::basic::{BasicErrorResponse, BasicErrorResponseType};
            use ::$name::{ConfigurationError, DeviceCodeErrorResponseType, RequestTokenError, RevocationErrorResponseType};
            use auth_metrics::{Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, assert_reasons, cases, variants};

            use super::{asked, texts};

            fn basic() -> Cases<BasicErrorResponseType> {
                cases!(BasicErrorResponseType {
                    InvalidClient => ClientRejected;
                    InvalidGrant => InvalidCredentials;
                    InvalidRequest => MalformedRequest;
                    InvalidScope => MalformedRequest;
                    UnauthorizedClient => ClientRejected;
                    UnsupportedGrantType => MalformedRequest;
                    Extension("of_somebody".to_owned()) => Unknown;
                })
            }

            fn device() -> Cases<DeviceCodeErrorResponseType> {
                cases!(DeviceCodeErrorResponseType {
                    AuthorizationPending => AuthorizationPending;
                    SlowDown => SlowDown;
                    AccessDenied => PermissionDenied;
                    ExpiredToken => TokenExpired;
                    Basic(BasicErrorResponseType::InvalidGrant) => InvalidCredentials;
                })
            }

            fn revocation() -> Cases<RevocationErrorResponseType> {
                cases!(RevocationErrorResponseType {
                    UnsupportedTokenType => MalformedRequest;
                    Basic(BasicErrorResponseType::InvalidClient) => ClientRejected;
                })
            }

            /// Every code as text, with its reason in the role of the subject.
            fn codes() -> Cases<String> {
                let basic = basic().into_iter().map(|(name, code, reason)| (name, code.as_ref().to_owned(), reason));
                let device = device().into_iter().map(|(name, code, reason)| (name, code.as_ref().to_owned(), reason));
                let revocation =
                    revocation().into_iter().map(|(name, code, reason)| (name, code.as_ref().to_owned(), reason));
                let texts = texts().into_iter().map(|(name, code, reason)| (name, code.to_owned(), reason));
                basic.chain(device).chain(revocation).chain(texts).collect()
            }

            #[test]
            fn every_error_code_has_its_reason_in_both_roles() {
                use reasons::$name::error_code;

                let source = |file, name| variants(&[stringify!($name)], file, name);
                assert_complete(&source("basic.rs", "BasicErrorResponseType"), &basic(), &[]);
                assert_complete(&source("devicecode.rs", "DeviceCodeErrorResponseType"), &device(), &[]);
                assert_complete(&source("revocation.rs", "RevocationErrorResponseType"), &revocation(), &[]);
                assert_reasons(&codes(), |code: &String| error_code(code), error_code::REASONS, &[]);
                let dependency = codes().into_iter().map(|(name, code, reason)| (name, code, asked(reason))).collect();
                let function = |code: &String| error_code::dependency(code);
                assert_reasons(&dependency, function, error_code::dependency::REASONS, &[]);
            }

            type TokenError = RequestTokenError<io::Error, BasicErrorResponse>;

            fn refused(code: BasicErrorResponseType) -> BasicErrorResponse {
                BasicErrorResponse::new(code, None, None)
            }

            fn table() -> Cases<TokenError> {
                let broken = &mut serde_json::Deserializer::from_str("{");
                let parse = serde_path_to_error::deserialize::<_, u8>(broken).unwrap_err();
                cases!(TokenError {
                    ServerResponse(refused(BasicErrorResponseType::InvalidGrant)) => InvalidCredentials;
                    ServerResponse(refused(BasicErrorResponseType::InvalidClient)) => ConfigurationError;
                    Request(io::Error::from(io::ErrorKind::ConnectionRefused)) => DependencyUnavailable;
                    Request(io::Error::from(io::ErrorKind::TimedOut)) => Timeout;
                    Request(io::Error::other(io::Error::from(io::ErrorKind::TimedOut))) => Timeout;
                    Parse(parse, Vec::new()) => DependencyUnavailable;
                    Other("text".to_owned()) => DependencyUnavailable;
                })
            }

            #[test]
            fn every_variant_of_a_failed_request_has_its_reason() {
                use reasons::$name::request_token_error;

                assert_complete(&variants(&[stringify!($name)], $errors, "RequestTokenError"), &table(), &[]);
                let codes: Vec<Reason> = codes().into_iter().map(|(.., reason)| asked(reason)).collect();
                assert_mapped(&table(), request_token_error, request_token_error::REASONS, &codes);
            }

            #[test]
            fn what_was_never_sent_is_configuration() {
                use reasons::$name::configuration_error;

                let table = cases!(ConfigurationError {
                    MissingUrl("token") => ConfigurationError;
                    InsecureUrl("token") => ConfigurationError;
                });
                assert_complete(&variants(&[stringify!($name)], "lib.rs", "ConfigurationError"), &table, &[]);
                assert_mapped(&table, configuration_error, configuration_error::REASONS, &[]);
            }
        }
    };
}

version!(oauth2_4, "lib.rs");
version!(oauth2_5, "error.rs");
