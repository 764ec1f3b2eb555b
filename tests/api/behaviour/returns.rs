//! How each return type is read as an outcome.

use std::sync::Arc;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, Reason, auth_metered};

use crate::{failures, ledger};

#[derive(Debug, FailureReason)]
enum CheckError {
    TokenExpired,
}

type Checked<T> = Result<T, CheckError>;
type CheckedUnit = Result<(), CheckError>;

#[auth_metered(op = "aliased")]
async fn aliased(fail: bool) -> Checked<u8> {
    if fail { Err(CheckError::TokenExpired) } else { Ok(1) }
}

#[auth_metered(op = "bare_alias")]
async fn bare_alias() -> CheckedUnit {
    Err(CheckError::TokenExpired)
}

#[auth_metered(op = "flag", false_is = invalid_credentials)]
fn flag(answer: bool) -> bool {
    answer
}

#[auth_metered(op = "option", none_is = session_invalid)]
async fn option(answer: Option<u8>) -> Option<u8> {
    answer
}

#[auth_metered(op = "found", none_is = success)]
async fn found(answer: Option<u8>) -> Option<u8> {
    answer
}

#[auth_metered(op = "tried_flag", false_is = mfa_invalid)]
async fn tried_flag(answer: Checked<bool>) -> Result<bool, CheckError> {
    answer
}

#[auth_metered(op = "deep_option", none_is = session_invalid, false_is = permission_denied)]
async fn deep_option(answer: Checked<Option<bool>>) -> Result<Option<bool>, CheckError> {
    answer
}

#[auth_metered(op = "optional_result", none_is = missing_credentials)]
async fn optional_result(answer: Option<Checked<u8>>) -> Option<Result<u8, CheckError>> {
    answer
}

#[auth_metered(op = "nested_result")]
async fn nested_result(
    answer: Result<Checked<u8>, CheckError>,
) -> Result<Result<u8, CheckError>, CheckError> {
    answer
}

#[auth_metered(op = "classified", kind = authorization, classify = by_status)]
async fn classified(status: u16) -> u16 {
    status
}

fn by_status(status: &u16) -> Outcome {
    match status {
        200 => Outcome::Success,
        401 => Outcome::Failure(Reason::InvalidCredentials),
        _ => Outcome::Failure(Reason::Unknown),
    }
}

trait Spelled {
    type Out;
}

impl Spelled for u8 {
    type Out = Result<u8, CheckError>;
}

#[auth_metered(op = "qualified")]
fn qualified() -> ::std::result::Result<(u8, u8), crate::returns::CheckError> {
    Err(CheckError::TokenExpired)
}

#[auth_metered(op = "projected")]
async fn projected() -> <u8 as Spelled>::Out {
    Err(CheckError::TokenExpired)
}

#[allow(clippy::redundant_allocation, reason = "as people write it")]
#[auth_metered(op = "pointed")]
fn pointed() -> Result<u8, Box<Arc<CheckError>>> {
    Err(Box::new(Arc::new(CheckError::TokenExpired)))
}

#[auth_metered(op = "text", kind = authorization, classify = by_text)]
fn text() -> String {
    String::from("expired")
}

/// What takes a `&str` reads a `String` too.
fn by_text(text: &str) -> Outcome {
    if text == "expired" { Outcome::Failure(Reason::TokenExpired) } else { Outcome::Success }
}

#[auth_metered(op = "nothing", kind = authorization, classify = expired)]
async fn nothing() {}

fn expired((): &()) -> Outcome {
    Outcome::Failure(Reason::TokenExpired)
}

#[auth_metered(op = "displayed")]
async fn displayed() -> Result<impl std::fmt::Display, CheckError> {
    Ok(7)
}

#[tokio::test]
async fn aliases_of_result_are_seen_through() {
    let scope = Scope::new();
    assert!(scope.metrics().scope(aliased(true)).await.is_err());
    assert!(scope.metrics().scope(aliased(false)).await.is_ok());
    assert!(scope.metrics().scope(bare_alias()).await.is_err());
    assert_eq!(ledger(&scope, "aliased"), [2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "bare_alias", "token_expired"), 1.0);
}

#[tokio::test]
async fn types_are_read_however_they_are_spelled() {
    let scope = Scope::new();
    let later = async { (projected().await.is_err(), nothing().await) };
    assert!(scope.metrics().scope(later).await.0);
    scope.metrics().in_scope(|| (qualified().unwrap_err(), pointed().unwrap_err(), text()));
    for operation in ["qualified", "projected", "pointed", "text", "nothing"] {
        assert_eq!(failures(&scope, operation, "token_expired"), 1.0, "{operation}");
    }
}

#[test]
fn false_is_the_reason_that_was_named() {
    let scope = Scope::new();
    assert!(!scope.metrics().in_scope(|| flag(false)));
    assert!(scope.metrics().in_scope(|| flag(true)));
    assert_eq!(ledger(&scope, "flag"), [2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "flag", "invalid_credentials"), 1.0);
}

#[tokio::test]
async fn none_is_the_reason_that_was_named_or_a_success() {
    let scope = Scope::new();
    assert_eq!(scope.metrics().scope(option(None)).await, None);
    assert_eq!(scope.metrics().scope(option(Some(1))).await, Some(1));
    assert_eq!(scope.metrics().scope(found(None)).await, None);
    assert_eq!(failures(&scope, "option", "session_invalid"), 1.0);
    assert_eq!(ledger(&scope, "option")[2], 1.0);
    assert_eq!(ledger(&scope, "found")[2], 1.0);
}

#[tokio::test]
async fn values_inside_ok_are_read_too() {
    let scope = Scope::new();
    for answer in [Ok(true), Ok(false), Err(CheckError::TokenExpired)] {
        let _ = scope.metrics().scope(tried_flag(answer)).await;
    }
    assert_eq!(ledger(&scope, "tried_flag"), [3.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "tried_flag", "mfa_invalid"), 1.0);

    for answer in [Ok(Some(true)), Ok(Some(false)), Ok(None), Err(CheckError::TokenExpired)] {
        let _ = scope.metrics().scope(deep_option(answer)).await;
    }
    assert_eq!(ledger(&scope, "deep_option"), [4.0, 0.0, 1.0, 3.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "deep_option", "session_invalid"), 1.0);
    assert_eq!(failures(&scope, "deep_option", "permission_denied"), 1.0);

    for answer in [Ok(Ok(1)), Ok(Err(CheckError::TokenExpired)), Err(CheckError::TokenExpired)] {
        let _ = scope.metrics().scope(nested_result(answer)).await;
    }
    assert_eq!(ledger(&scope, "nested_result"), [3.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0]);
}

#[tokio::test]
async fn result_inside_an_option_is_read() {
    let scope = Scope::new();
    for answer in [Some(Ok(1)), Some(Err(CheckError::TokenExpired)), None] {
        let _ = scope.metrics().scope(optional_result(answer)).await;
    }
    assert_eq!(ledger(&scope, "optional_result"), [3.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "optional_result", "missing_credentials"), 1.0);
}

#[tokio::test]
async fn classify_speaks_for_a_type_of_another_language() {
    let scope = Scope::new();
    for status in [200, 401, 500] {
        assert_eq!(scope.metrics().scope(classified(status)).await, status);
    }
    assert_eq!(ledger(&scope, "classified"), [3.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
}

#[tokio::test]
async fn impl_trait_inside_a_result_is_read() {
    let scope = Scope::new();
    assert_eq!(scope.metrics().scope(displayed()).await.unwrap().to_string(), "7");
    assert_eq!(ledger(&scope, "displayed")[2], 1.0);
    assert_eq!(failures(&scope, "displayed", "token_expired"), 0.0);
}
