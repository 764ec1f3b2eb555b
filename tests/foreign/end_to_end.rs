//! Foreign errors in the return types of annotated functions, up to what is counted.

use std::convert::Infallible;

use ::http1::{Response, StatusCode};
use ::jsonwebtoken11::{Algorithm, DecodingKey, Validation, decode};
use ::tonic014::Status;
use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Reason, ReasonSet, auth_metered, reasons};
use serde::Deserialize;

use crate::jsonwebtoken::SECRET;
use crate::jsonwebtoken::jsonwebtoken11::token;

#[derive(Deserialize)]
struct Claims {
    exp: u64,
}

#[auth_metered(op = "verify", kind = token)]
async fn verify(token: &str) -> Result<Claims, ::jsonwebtoken11::errors::Error> {
    let validation = Validation::new(Algorithm::HS256);
    Ok(decode::<Claims>(token, &DecodingKey::from_secret(SECRET), &validation)?.claims)
}

#[derive(FailureReason)]
enum SessionError {
    #[reason(with = auth_metrics::reasons::jsonwebtoken11)]
    Token(::jsonwebtoken11::errors::Error),
    #[reason(with = reasons::tonic014::dependency)]
    Directory(Status),
    #[reason(transparent)]
    Answer(StatusCode),
    #[reason(with = auth_metrics::reasons::oauth2_5::request_token_error)]
    Provider(::oauth2_5::basic::BasicRequestTokenError<std::io::Error>),
}

#[auth_metered(op = "session")]
async fn session(error: SessionError) -> Result<(), SessionError> {
    Err(error)
}

#[auth_metered(op = "handler", classify = reasons::http1::response)]
async fn handler(status: StatusCode) -> Response<String> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

#[auth_metered(op = "service", classify = reasons::tonic014::result)]
async fn service(status: Status) -> Result<Response<String>, Infallible> {
    Ok(status.into_http())
}

#[auth_metered(op = "call")]
async fn call(status: Option<Status>) -> Result<::tonic014::Response<()>, Status> {
    status.map_or(Ok(::tonic014::Response::new(())), Err)
}

type Verified<T> = ::jsonwebtoken11::errors::Result<T>;

#[auth_metered(op = "verify_alias", kind = token, reason = reasons::jsonwebtoken11)]
async fn verify_alias(token: &str) -> Verified<Claims> {
    let validation = Validation::new(Algorithm::HS256);
    Ok(decode::<Claims>(token, &DecodingKey::from_secret(SECRET), &validation)?.claims)
}

type Exchanged = Result<(), ::oauth2_5::basic::BasicRequestTokenError<std::io::Error>>;

#[auth_metered(op = "exchange", reason = auth_metrics::reasons::oauth2_5::request_token_error)]
async fn exchange(answer: Exchanged) -> Exchanged {
    answer
}

#[auth_metered(op = "decode", reason = undecodable)]
fn decode_secret(secret: &str) -> Result<Vec<u8>, ::base64_22::DecodeError> {
    ::base64_22::Engine::decode(&::base64_22::prelude::BASE64_STANDARD, secret)
}

fn undecodable(_: &::base64_22::DecodeError) -> Reason {
    Reason::MalformedRequest
}

fn failures(scope: &Scope, operation: &str, reason: &str) -> Option<f64> {
    let labels = [("operation", operation), ("failure_reason", reason)];
    scope.snapshot().value("auth_operation_failures_total", &labels)
}

#[tokio::test]
async fn an_expired_token_is_counted_as_that() {
    let scope = Scope::new();
    scope
        .metrics()
        .scope(async {
            assert!(verify(&token(1)).await.is_err());
            assert_eq!(verify(&token(4_000_000_000)).await.unwrap().exp, 4_000_000_000);
        })
        .await;
    let verified = |status| scope.snapshot().value("jwt_token_verifications_total", &[("status", status)]);
    assert_eq!(verified("failed_token_expired"), Some(1.0));
    assert_eq!(verified("success"), Some(1.0));
    // At zero is what the error can give, and nothing else.
    assert_eq!(failures(&scope, "verify", "token_signature_invalid"), Some(0.0));
    assert_eq!(failures(&scope, "verify", "rate_limited"), None);
}

/// The reasons that the catalogue has for a function; none if they are unknown.
fn listed(op: &str) -> Option<ReasonSet> {
    let catalogue = Scope::new().metrics().catalogue();
    let [function] = catalogue.get(op).unwrap().functions() else { panic!("{op} is one function") };
    function.reasons()
}

#[tokio::test]
async fn an_alias_of_a_foreign_error_is_read_by_the_function_in_reason() {
    let scope = Scope::new();
    let provider = ::oauth2_5::RequestTokenError::Request(std::io::ErrorKind::TimedOut.into());
    scope
        .metrics()
        .scope(async {
            assert!(verify_alias(&token(1)).await.is_err());
            assert_eq!(verify_alias(&token(4_000_000_000)).await.unwrap().exp, 4_000_000_000);
            assert!(exchange(Err(provider)).await.is_err());
            assert!(decode_secret("!").is_err());
        })
        .await;
    assert_eq!(failures(&scope, "verify_alias", "token_expired"), Some(1.0));
    assert_eq!(failures(&scope, "verify_alias", "rate_limited"), None);
    assert_eq!(failures(&scope, "exchange", "timeout"), Some(1.0));
    assert_eq!(failures(&scope, "decode", "malformed_request"), Some(1.0));
    assert_eq!(listed("verify_alias"), Some(reasons::jsonwebtoken11::REASONS));
    assert_eq!(listed("exchange"), Some(reasons::oauth2_5::request_token_error::REASONS));
    assert_eq!(listed("decode"), None);
}

#[tokio::test]
async fn a_derive_takes_functions_of_every_form() {
    let scope = Scope::new();
    let expired = ::jsonwebtoken11::errors::ErrorKind::ExpiredSignature.into();
    let provider = ::oauth2_5::RequestTokenError::Request(std::io::ErrorKind::TimedOut.into());
    scope
        .metrics()
        .scope(async {
            assert!(session(SessionError::Token(expired)).await.is_err());
            assert!(session(SessionError::Directory(Status::unauthenticated("who are you"))).await.is_err());
            assert!(session(SessionError::Answer(StatusCode::TOO_MANY_REQUESTS)).await.is_err());
            assert!(session(SessionError::Provider(provider)).await.is_err());
        })
        .await;
    for reason in ["token_expired", "configuration_error", "rate_limited", "timeout"] {
        assert_eq!(failures(&scope, "session", reason), Some(1.0), "{reason}");
    }
    assert_eq!(failures(&scope, "session", "token_replayed"), None);
}

#[tokio::test]
async fn a_failure_that_is_an_ok_response_is_counted() {
    let scope = Scope::new();
    scope
        .metrics()
        .scope(async {
            handler(StatusCode::OK).await;
            handler(StatusCode::FORBIDDEN).await;
            service(Status::ok("")).await.unwrap();
            service(Status::unauthenticated("")).await.unwrap();
            call(None).await.unwrap();
            call(Some(Status::permission_denied(""))).await.unwrap_err();
        })
        .await;
    let ended = |operation, outcome| {
        scope.snapshot().value("auth_operations_total", &[("operation", operation), ("outcome", outcome)])
    };
    for (operation, reason) in
        [("handler", "permission_denied"), ("service", "invalid_credentials"), ("call", "permission_denied")]
    {
        assert_eq!(ended(operation, "success"), Some(1.0), "{operation}");
        assert_eq!(failures(&scope, operation, reason), Some(1.0), "{operation}");
    }
}
