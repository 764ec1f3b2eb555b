//! Return types as real code spells them, with the arguments that they ask for.
#![deny(warnings)]

use std::error::Error;
use std::sync::Arc;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, Reason, auth_metered};

#[derive(Debug, FailureReason)]
pub enum LoginError {
    AccountLocked,
}

type Login<T> = Result<T, LoginError>;
type Done = std::result::Result<(), LoginError>;

trait Spelled {
    type Out;
}

impl Spelled for u8 {
    type Out = Result<u8, LoginError>;
}

#[auth_metered(op = "aliased")]
fn aliased() -> Login<u8> {
    Err(LoginError::AccountLocked)
}

#[auth_metered(op = "done")]
async fn done() -> Done {
    Err(LoginError::AccountLocked)
}

#[auth_metered(op = "qualified")]
fn qualified() -> ::std::result::Result<(u8, u8), crate::LoginError> {
    Err(LoginError::AccountLocked)
}

#[auth_metered(op = "projected")]
async fn projected() -> <u8 as Spelled>::Out {
    Err(LoginError::AccountLocked)
}

#[auth_metered(op = "pointed")]
fn pointed() -> Result<u8, Arc<Box<LoginError>>> {
    Err(Arc::new(Box::new(LoginError::AccountLocked)))
}

#[auth_metered(op = "flag", false_is = account_locked)]
fn flag() -> bool {
    false
}

#[auth_metered(op = "deep", none_is = success, false_is = account_locked)]
async fn deep() -> Result<Option<Result<bool, LoginError>>, LoginError> {
    Ok(Some(Ok(false)))
}

#[auth_metered(op = "around", none_is = account_locked)]
fn around() -> Option<Result<u8, LoginError>> {
    None
}

#[auth_metered(op = "any_error", classify = downcast)]
async fn any_error() -> Result<u8, Box<dyn Error + Send + Sync>> {
    let parsed: u8 = "x".parse()?;
    Ok(parsed)
}

fn downcast<T>(result: &Result<T, Box<dyn Error + Send + Sync>>) -> Outcome {
    Outcome::from_result(result, |error| match error.downcast_ref::<std::num::ParseIntError>() {
        Some(_) => Reason::AccountLocked,
        None => Reason::InternalError,
    })
}

#[auth_metered(op = "text", classify = by_text)]
fn text() -> String {
    String::from("locked")
}

/// What takes a `&str` reads a `String` too.
fn by_text(text: &str) -> Outcome {
    if text == "locked" { Outcome::Failure(Reason::AccountLocked) } else { Outcome::Success }
}

#[auth_metered(op = "nothing", classify = locked)]
async fn nothing() {}

fn locked(_: &()) -> Outcome {
    Outcome::Failure(Reason::AccountLocked)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    scope
        .run(async {
            let _ = (aliased(), done().await, qualified(), projected().await, pointed(), flag());
            let _ = (deep().await, around(), any_error().await, text(), nothing().await);
        })
        .await;
    for operation in [
        "aliased", "done", "qualified", "projected", "pointed", "flag", "deep", "around", "any_error", "text",
        "nothing",
    ] {
        let labels = [("operation", operation), ("failure_reason", "account_locked")];
        let counted = scope.snapshot().value("auth_operation_failures_total", &labels);
        assert_eq!(counted, Some(1.0), "{operation}");
    }
}
