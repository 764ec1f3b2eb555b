//! Every way an attempt can end is counted once, as what it was.

use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, auth_metered};

use crate::{failures, ledger};

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
    #[reason(dependency_unavailable)]
    Database(#[expect(dead_code, reason = "carried like a real error's cause")] std::num::ParseIntError),
    #[reason(mfa_required)]
    SecondFactor,
}

impl From<std::num::ParseIntError> for LoginError {
    fn from(error: std::num::ParseIntError) -> LoginError {
        LoginError::Database(error)
    }
}

#[derive(Clone, Copy)]
enum Plan {
    Succeed,
    ReturnEarly,
    QuestionMark,
    AskForMore,
    Panic,
    Hang,
}

#[auth_metered(op = "ending")]
async fn login(plan: Plan) -> Result<u32, LoginError> {
    tokio::task::yield_now().await;
    match plan {
        Plan::Succeed => {}
        Plan::ReturnEarly => return Err(LoginError::InvalidCredentials),
        Plan::QuestionMark => return Ok("x".parse::<u32>()?),
        Plan::AskForMore => return Err(LoginError::SecondFactor),
        Plan::Panic => panic!("as planned"),
        Plan::Hang => std::future::pending().await,
    }
    Ok(7)
}

#[auth_metered(op = "sync_ending")]
fn verify(plan: Plan) -> Result<u32, LoginError> {
    match plan {
        Plan::ReturnEarly => return Err(LoginError::InvalidCredentials),
        Plan::QuestionMark => return Ok("x".parse::<u32>()?),
        Plan::Panic => panic!("as planned"),
        _ => {}
    }
    Ok(7)
}

async fn poll_once<F: Future>(future: F) {
    let mut future = pin!(future);
    poll_fn(|context| {
        assert!(future.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[tokio::test]
async fn returned_success_counts_as_success() {
    let scope = Scope::new();
    assert_eq!(scope.metrics().scope(login(Plan::Succeed)).await.ok(), Some(7));
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
}

#[tokio::test]
async fn early_return_counts_as_the_reason_of_its_error() {
    let scope = Scope::new();
    assert!(scope.metrics().scope(login(Plan::ReturnEarly)).await.is_err());
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "ending", "invalid_credentials"), 1.0);
}

#[tokio::test]
async fn question_mark_counts_as_the_reason_of_the_converted_error() {
    let scope = Scope::new();
    assert!(scope.metrics().scope(login(Plan::QuestionMark)).await.is_err());
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "ending", "dependency_unavailable"), 1.0);
}

#[tokio::test]
async fn neutral_reason_counts_as_interim() {
    let scope = Scope::new();
    assert!(scope.metrics().scope(login(Plan::AskForMore)).await.is_err());
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
}

#[tokio::test]
async fn future_dropped_before_its_first_poll_counts_nothing() {
    let scope = Scope::new();
    drop(scope.metrics().scope(login(Plan::Succeed)));
    assert_eq!(ledger(&scope, "ending"), [0.0; 7]);
}

#[tokio::test]
async fn polled_future_is_in_flight_and_then_cancelled_by_its_drop() {
    let scope = Scope::new();
    {
        let mut future = pin!(scope.metrics().scope(login(Plan::Hang)));
        poll_fn(|context| {
            assert!(future.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        assert_eq!(ledger(&scope, "ending"), [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(failures(&scope, "ending", "cancelled"), 1.0);
}

#[tokio::test(start_paused = true)]
async fn timeout_from_outside_counts_as_cancelled() {
    let scope = Scope::new();
    let timed_out =
        tokio::time::timeout(Duration::from_secs(1), scope.metrics().scope(login(Plan::Hang))).await;
    assert!(timed_out.is_err());
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aborted_task_counts_as_cancelled() {
    let scope = Scope::new();
    let task = scope.spawn(login(Plan::Hang));
    while ledger(&scope, "ending")[1] == 0.0 {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.is_err_and(|error| error.is_cancelled()));
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[tokio::test]
async fn panic_counts_as_panicked_and_reaches_the_caller() {
    let scope = Scope::new();
    let task = scope.spawn(login(Plan::Panic));
    assert!(task.await.is_err_and(|error| error.is_panic()));
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "ending", "panicked"), 1.0);
}

#[tokio::test]
async fn sibling_dropped_while_another_unwinds_counts_as_cancelled() {
    let scope = Scope::new();
    let inside = scope.clone();
    let task = scope.spawn(async move {
        let mut sibling = Box::pin(login(Plan::Hang));
        poll_fn(|context| {
            assert!(sibling.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        let _ = inside.metrics().scope(login(Plan::Panic)).await;
    });
    assert!(task.await.is_err_and(|error| error.is_panic()));
    assert_eq!(failures(&scope, "ending", "panicked"), 1.0);
    assert_eq!(failures(&scope, "ending", "cancelled"), 1.0);
}

#[tokio::test]
async fn future_polled_once_by_select_counts_as_cancelled() {
    let scope = Scope::new();
    scope.metrics().scope(poll_once(login(Plan::Hang))).await;
    assert_eq!(ledger(&scope, "ending"), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn plain_function_counts_returns_and_early_returns() {
    let scope = Scope::new();
    let outcomes = scope
        .metrics()
        .in_scope(|| [Plan::Succeed, Plan::ReturnEarly, Plan::QuestionMark].map(|plan| verify(plan).is_ok()));
    assert_eq!(outcomes, [true, false, false]);
    assert_eq!(ledger(&scope, "sync_ending"), [3.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn plain_function_that_unwinds_counts_as_panicked() {
    let scope = Scope::new();
    let unwound =
        std::panic::catch_unwind(AssertUnwindSafe(|| scope.metrics().in_scope(|| verify(Plan::Panic))));
    assert!(unwound.is_err());
    assert_eq!(ledger(&scope, "sync_ending"), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "sync_ending", "panicked"), 1.0);
}

#[test]
fn attempt_by_hand_that_is_dropped_counts_as_cancelled() {
    let scope = Scope::new();
    drop(scope.metrics().attempt("by_hand"));
    assert_eq!(ledger(&scope, "by_hand"), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn attempt_by_hand_that_unwinds_counts_as_panicked() {
    let scope = Scope::new();
    let metrics = scope.metrics().clone();
    let unwound = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let _attempt = metrics.attempt("by_hand");
        panic!("as planned");
    }));
    assert!(unwound.is_err());
    assert_eq!(failures(&scope, "by_hand", "panicked"), 1.0);
}

struct Unreadable;

impl FailureReason for Unreadable {
    const REASONS: auth_metrics::ReasonSet = auth_metrics::ReasonSet::EMPTY;

    fn failure_reason(&self) -> auth_metrics::Reason {
        panic!("as planned")
    }
}

#[auth_metered(op = "unreadable")]
async fn unreadable() -> Result<(), Unreadable> {
    Err(Unreadable)
}

#[tokio::test]
async fn error_whose_reason_panics_is_returned_and_counted_as_unknown() {
    let scope = Scope::new();
    assert!(scope.metrics().scope(unreadable()).await.is_err());
    assert_eq!(failures(&scope, "unreadable", "unknown"), 1.0);
    let errors = scope.snapshot().value("auth_metrics_internal_errors_total", &[("kind", "reason_panicked")]);
    assert_eq!(errors, Some(1.0));
}
