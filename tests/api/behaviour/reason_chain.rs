//! `reason_chain!`: what it finds in an error that can be any, and how it is counted.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use anyhow::Context;
use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, Reason, auth_metered, reason_chain, reasons};

use crate::{failures, ledger};

#[derive(Debug, FailureReason)]
enum LoginError {
    AccountLocked,
    InvalidCredentials,
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Error for LoginError {}

/// An error that another one caused.
#[derive(Debug)]
struct Caused<E>(E);

impl<E> fmt::Display for Caused<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("caused by another")
    }
}

impl<E: Error + 'static> Error for Caused<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn timeout() -> io::Error {
    ErrorKind::TimedOut.into()
}

fn of_anyhow(error: &anyhow::Error) -> Reason {
    reason_chain!(error; LoginError, io::Error => reasons::io)
}

fn of_boxed(error: Box<dyn Error + Send + Sync>) -> Reason {
    reason_chain!(error; LoginError, io::Error => reasons::io)
}

#[test]
fn error_itself_is_found() {
    assert_eq!(of_anyhow(&LoginError::AccountLocked.into()), Reason::AccountLocked);
    assert_eq!(of_boxed(LoginError::AccountLocked.into()), Reason::AccountLocked);
    assert_eq!(of_anyhow(&timeout().into()), Reason::Timeout);
    assert_eq!(of_boxed(timeout().into()), Reason::Timeout);
}

#[test]
fn cause_is_found_at_any_depth() {
    let deep = || Caused(Caused(LoginError::InvalidCredentials));
    assert_eq!(of_anyhow(&deep().into()), Reason::InvalidCredentials);
    assert_eq!(of_boxed(deep().into()), Reason::InvalidCredentials);
    let explained = anyhow::Error::from(deep()).context("while signing in").context("while answering");
    assert_eq!(of_anyhow(&explained), Reason::InvalidCredentials);
    assert_eq!(of_boxed(explained.into()), Reason::InvalidCredentials);
}

#[test]
fn error_of_none_of_the_types_is_unknown() {
    assert_eq!(of_anyhow(&anyhow::anyhow!("no idea")), Reason::Unknown);
    assert_eq!(of_boxed("no idea".into()), Reason::Unknown);
    assert_eq!(of_boxed(Caused("x".parse::<u8>().unwrap_err()).into()), Reason::Unknown);
}

#[test]
fn context_of_anyhow_is_found_by_its_type() {
    let error = Err::<(), _>(timeout()).context(LoginError::AccountLocked).unwrap_err();
    assert_eq!(of_anyhow(&error), Reason::AccountLocked);
    assert_eq!(of_anyhow(&error.context("above it")), Reason::AccountLocked);
}

#[test]
fn context_is_out_of_sight_once_the_error_is_no_longer_anyhows() {
    let error = Err::<(), _>(timeout()).context(LoginError::AccountLocked).unwrap_err();
    assert_eq!(of_boxed(error.into()), Reason::Timeout);
}

#[test]
fn order_of_the_list_decides_and_not_the_depth() {
    let error = || anyhow::Error::from(Caused(LoginError::AccountLocked)).context(timeout());
    assert_eq!(of_anyhow(&error()), Reason::AccountLocked);
    let turned = reason_chain!(error(); io::Error => reasons::io, LoginError);
    assert_eq!(turned, Reason::Timeout);
}

#[test]
fn error_may_be_shared_borrowed_or_of_a_known_type() {
    let shared: Arc<dyn Error + Send + Sync> = Arc::new(Caused(LoginError::AccountLocked));
    assert_eq!(reason_chain!(&shared; LoginError), Reason::AccountLocked);
    let shared: Arc<dyn Error> = Arc::new(LoginError::AccountLocked);
    assert_eq!(reason_chain!(shared; LoginError), Reason::AccountLocked);
    let borrowed: &(dyn Error + 'static) = &LoginError::AccountLocked;
    assert_eq!(reason_chain!(borrowed; LoginError), Reason::AccountLocked);
    let known = Caused(Caused(timeout()));
    assert_eq!(
        reason_chain!(&known; LoginError, Caused<io::Error> => |_| Reason::Overloaded),
        Reason::Overloaded
    );
    assert_eq!(reason_chain!(&known; io::Error => reasons::io,), Reason::Timeout);
    let kept: Box<dyn Error> = Box::new(Arc::new(LoginError::AccountLocked));
    assert_eq!(reason_chain!(kept; Arc<LoginError>), Reason::AccountLocked);
}

#[auth_metered(op = "chained", kind = authorization, classify = outcome)]
async fn chained(fail: bool) -> anyhow::Result<u8> {
    if fail { Err(timeout()).context(LoginError::AccountLocked) } else { Ok(1) }
}

fn outcome<T>(result: &anyhow::Result<T>) -> Outcome {
    Outcome::from_result(result, |error| reason_chain!(error; LoginError, io::Error => reasons::io))
}

#[tokio::test]
async fn function_that_returns_any_error_is_counted_by_reason() {
    let scope = Scope::new();
    scope.metrics().scope(async { (chained(false).await.unwrap(), chained(true).await.unwrap_err()) }).await;
    assert_eq!(ledger(&scope, "chained"), [2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "chained", "account_locked"), 1.0);
}

#[test]
fn error_in_a_pointer_is_found_by_its_own_type() {
    let boxed: Result<(), Box<LoginError>> = Err(Box::new(LoginError::AccountLocked));
    let outcome = Outcome::from_result(&boxed, |error| reason_chain!(error; LoginError));
    assert_eq!(outcome, Outcome::Failure(Reason::AccountLocked));
    assert_eq!(of_boxed(Box::new(Box::new(LoginError::AccountLocked))), Reason::AccountLocked);
    assert_eq!(of_boxed(Box::new(Arc::new(LoginError::AccountLocked))), Reason::AccountLocked);
    assert_eq!(of_boxed(Box::new(Caused(Box::new(LoginError::AccountLocked)))), Reason::AccountLocked);
    assert_eq!(of_anyhow(&Box::new(LoginError::AccountLocked).into()), Reason::AccountLocked);
    assert_eq!(of_anyhow(&Arc::new(LoginError::AccountLocked).into()), Reason::AccountLocked);
}

#[test]
fn error_that_an_io_error_holds_is_found() {
    let held = || io::Error::other(LoginError::AccountLocked);
    let direct: Result<(), io::Error> = Err(held());
    let outcome = Outcome::from_result(&direct, |error| reason_chain!(error; LoginError));
    assert_eq!(outcome, Outcome::Failure(Reason::AccountLocked));
    assert_eq!(of_boxed(held().into()), Reason::AccountLocked);
    assert_eq!(of_boxed(Box::new(Caused(held()))), Reason::AccountLocked);
    assert_eq!(of_anyhow(&held().into()), Reason::AccountLocked);
    assert_eq!(of_anyhow(&io::Error::other(held()).into()), Reason::AccountLocked);
}

#[test]
fn error_that_a_shared_or_boxed_io_error_holds_is_found() {
    let held = || io::Error::other(LoginError::AccountLocked);
    let direct: Result<(), Arc<io::Error>> = Err(Arc::new(held()));
    let outcome = Outcome::from_result(&direct, |error| reason_chain!(error; LoginError));
    assert_eq!(outcome, Outcome::Failure(Reason::AccountLocked));
    assert_eq!(of_boxed(Box::new(Arc::new(held()))), Reason::AccountLocked);
    assert_eq!(of_boxed(Box::new(Box::new(held()))), Reason::AccountLocked);
    assert_eq!(of_boxed(Box::new(Caused(Arc::new(held())))), Reason::AccountLocked);
    assert_eq!(of_anyhow(&Arc::new(held()).into()), Reason::AccountLocked);
    assert_eq!(of_anyhow(&Box::new(held()).into()), Reason::AccountLocked);
}
