//! One login is one login, however many layers of it are metered: an attempt inside of another one of its kind is a part of that one.

use auth_metrics::testing::Scope;
use auth_metrics::{AuthMetrics, FailureReason, OperationKind, Outcome, Reason, Snapshot, auth_metered};
use proptest::prelude::*;

use crate::count;

#[derive(Clone, Copy, Debug, FailureReason)]
enum BindError {
    InvalidCredentials,
    DependencyUnavailable,
}

#[auth_metered(op = "bind")]
async fn bind(ends: Result<(), BindError>) -> Result<(), BindError> {
    tokio::task::yield_now().await;
    ends
}

#[auth_metered(op = "bind_at_once")]
fn bind_at_once(ends: Result<(), BindError>) -> Result<(), BindError> {
    ends
}

/// Says of every failure that the password is wrong, as protocols do.
#[auth_metered(op = "do_bind")]
async fn do_bind(ends: Result<(), BindError>) -> Result<(), BindError> {
    bind(ends).await.map_err(|_| BindError::InvalidCredentials)
}

#[auth_metered(op = "do_bind_truly", nested = decides)]
async fn do_bind_truly(ends: Result<(), BindError>) -> Result<(), BindError> {
    bind(ends).await.map_err(|_| BindError::InvalidCredentials)
}

#[auth_metered(op = "fall_back")]
fn fall_back(first: Result<(), BindError>) -> Result<(), BindError> {
    bind_at_once(first).or_else(|_| bind_at_once(Ok(())))
}

#[auth_metered(op = "check_token", kind = token)]
async fn check_token(ends: Result<(), BindError>) -> Result<(), BindError> {
    bind(ends).await
}

fn successes(snapshot: &Snapshot) -> f64 {
    count(snapshot, "service_auth_successful_total", &[])
}

fn failures(snapshot: &Snapshot) -> f64 {
    count(snapshot, "service_auth_failed_total", &[])
}

fn ended(snapshot: &Snapshot, operation: &str, outcome: &str) -> f64 {
    count(snapshot, "auth_operations_total", &[("operation", operation), ("outcome", outcome)])
}

fn swallowed(snapshot: &Snapshot, operation: &str) -> f64 {
    count(snapshot, "auth_swallowed_failures_total", &[("operation", operation)])
}

#[tokio::test]
async fn login_through_two_layers_is_one_login() {
    let scope = Scope::new();
    let metrics = scope.metrics().clone();
    assert!(metrics.scope(do_bind(Ok(()))).await.is_ok());
    assert!(metrics.scope(do_bind(Err(BindError::InvalidCredentials))).await.is_err());
    let snapshot = scope.snapshot();
    assert_eq!((successes(&snapshot), failures(&snapshot)), (1.0, 1.0));
    for operation in ["bind", "do_bind"] {
        assert_eq!(
            [ended(&snapshot, operation, "success"), ended(&snapshot, operation, "rejected")],
            [1.0, 1.0]
        );
    }
    assert_eq!(swallowed(&snapshot, "do_bind"), 0.0);
}

#[tokio::test]
async fn attempt_of_another_kind_counts_for_itself() {
    let scope = Scope::new();
    assert!(scope.metrics().clone().scope(check_token(Ok(()))).await.is_ok());
    let snapshot = scope.snapshot();
    assert_eq!(successes(&snapshot), 1.0);
    assert_eq!(count(&snapshot, "jwt_token_verifications_total", &[("status", "success")]), 1.0);
}

#[tokio::test]
async fn outage_that_is_told_as_a_wrong_password_is_swallowed() {
    let scope = Scope::new();
    let outage = || Err(BindError::DependencyUnavailable);
    assert!(scope.metrics().clone().scope(do_bind(outage())).await.is_err());
    let snapshot = scope.snapshot();
    assert_eq!(swallowed(&snapshot, "do_bind"), 1.0);
    let reason = [("failure_reason", "invalid_credentials")];
    assert_eq!(count(&snapshot, "service_auth_failed_total", &reason), 1.0);
    let catalogue = scope.metrics().catalogue();
    let found: Vec<_> = catalogue.swallowed().map(auth_metrics::catalogue::Operation::name).collect();
    assert_eq!(found, ["do_bind"]);
    assert!(
        catalogue.to_string().contains("swallowed: do_bind ended better than an attempt inside of it, once")
    );
}

#[tokio::test]
async fn failure_inside_decides_where_the_user_says_so() {
    let scope = Scope::new();
    let outage = Err(BindError::DependencyUnavailable);
    let returned = scope.metrics().clone().scope(do_bind_truly(outage)).await;
    assert!(matches!(returned, Err(BindError::InvalidCredentials)));
    let snapshot = scope.snapshot();
    assert_eq!(ended(&snapshot, "do_bind_truly", "error"), 1.0);
    assert_eq!(
        count(&snapshot, "service_auth_failed_total", &[("failure_reason", "dependency_unavailable")]),
        1.0
    );
    assert_eq!(failures(&snapshot), 1.0);
    assert_eq!(swallowed(&snapshot, "do_bind_truly"), 0.0);
}

#[test]
fn fallback_that_works_is_told() {
    let scope = Scope::new();
    assert!(scope.metrics().in_scope(|| fall_back(Err(BindError::InvalidCredentials))).is_ok());
    let snapshot = scope.snapshot();
    assert_eq!((successes(&snapshot), failures(&snapshot)), (1.0, 0.0));
    assert_eq!(swallowed(&snapshot, "fall_back"), 1.0);
}

#[tokio::test]
async fn attempts_that_run_side_by_side_are_not_inside_of_each_other() {
    let scope = Scope::new();
    let metrics = scope.metrics().clone();
    metrics
        .scope(async {
            let _ = tokio::join!(bind(Ok(())), bind(Ok(())), do_bind(Ok(())));
        })
        .await;
    assert_eq!(successes(&scope.snapshot()), 3.0);
}

#[tokio::test]
async fn task_that_an_attempt_spawns_is_not_inside_of_it() {
    #[auth_metered(op = "spawns")]
    async fn spawns(metrics: AuthMetrics) -> Result<(), BindError> {
        tokio::spawn(async move { metrics.scope(bind(Ok(()))).await }).await.unwrap()
    }
    let scope = Scope::new();
    let metrics = scope.metrics().clone();
    assert!(metrics.scope(spawns(metrics.clone())).await.is_ok());
    assert_eq!(successes(&scope.snapshot()), 2.0);
}

#[test]
fn attempts_of_two_handles_do_not_meet() {
    let [one, other] = ["first", "second"].map(|id| AuthMetrics::builder().service_id(id).build().unwrap());
    let mut outer = one.attempt("login");
    outer.run(|| other.attempt("login").finish(Outcome::Success));
    outer.finish(Outcome::Success);
    assert_eq!([one, other].map(|metrics| successes(&metrics.snapshot())), [1.0, 1.0]);
}

#[test]
fn attempt_that_ends_where_it_did_not_begin_tells_nobody_there() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let begun_before = metrics.attempt("ceremony");
    let mut login = metrics.attempt("login");
    login.run(|| begun_before.finish(Outcome::Failure(Reason::MfaExpired)));
    login.finish(Outcome::Success);
    let snapshot = metrics.snapshot();
    assert_eq!((successes(&snapshot), failures(&snapshot), swallowed(&snapshot, "login")), (1.0, 1.0, 0.0));
}

#[test]
fn attempt_that_outlives_the_one_around_it_is_on_its_own() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let mut outer = metrics.attempt("outer");
    let inner = outer.run(|| metrics.attempt("inner"));
    outer.finish(Outcome::Success);
    inner.finish(Outcome::Success);
    assert_eq!(successes(&metrics.snapshot()), 2.0);
}

#[tokio::test]
async fn login_that_is_dropped_in_two_layers_is_cancelled_once() {
    #[auth_metered(op = "waits_inside")]
    async fn waits_inside() -> Result<(), BindError> {
        std::future::pending().await
    }
    #[auth_metered(op = "waits_outside")]
    async fn waits_outside() -> Result<(), BindError> {
        waits_inside().await
    }
    let scope = Scope::new();
    let metrics = scope.metrics().clone();
    let mut login = Box::pin(metrics.scope(waits_outside()));
    assert!(login.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())).is_pending());
    drop(login);
    let snapshot = scope.snapshot();
    assert_eq!((failures(&snapshot), count(&snapshot, "auth_operations_in_flight", &[])), (1.0, 0.0));
}

#[test]
fn attempt_around_that_panics_leaves_nothing_behind() {
    #[auth_metered(op = "falls")]
    fn falls() -> Result<(), BindError> {
        let _ = bind_at_once(Err(BindError::DependencyUnavailable));
        panic!("as planned")
    }
    let scope = Scope::new();
    scope.metrics().in_scope(|| {
        assert!(std::panic::catch_unwind(falls).is_err());
        assert!(bind_at_once(Ok(())).is_ok());
    });
    let snapshot = scope.snapshot();
    assert_eq!((successes(&snapshot), failures(&snapshot)), (1.0, 1.0));
    assert_eq!(swallowed(&snapshot, "falls"), 0.0);
}

/// Attempts, one inside of the other.
#[derive(Clone, Debug)]
struct Tree {
    kind: usize,
    ends: Option<Reason>,
    inside: Vec<Tree>,
}

const OPERATIONS: [(&str, OperationKind); 3] = [
    ("made_login", OperationKind::Authentication),
    ("made_token", OperationKind::Token),
    ("made_session", OperationKind::Session),
];

fn trees() -> impl Strategy<Value = Vec<Tree>> {
    let end = || proptest::option::of(proptest::sample::select(Reason::ALL));
    let leaf = (0..OPERATIONS.len(), end()).prop_map(|(kind, ends)| Tree { kind, ends, inside: Vec::new() });
    let tree = leaf.prop_recursive(4, 24, 4, move |inner| {
        let inside = proptest::collection::vec(inner, 0..4);
        (0..OPERATIONS.len(), end(), inside).prop_map(|(kind, ends, inside)| Tree { kind, ends, inside })
    });
    proptest::collection::vec(tree, 1..6)
}

fn make(metrics: &AuthMetrics, tree: &Tree) {
    let mut attempt = metrics.attempt(OPERATIONS[tree.kind].0);
    attempt.run(|| tree.inside.iter().for_each(|inner| make(metrics, inner)));
    attempt.finish(tree.ends.map_or(Outcome::Success, Outcome::Failure));
}

/// What it adds up to: all attempts of each kind, and of each those that are outermost among their kind and succeeded or failed.
fn expected(tree: &Tree, around: [bool; 3], all: &mut [u64; 3], outer: &mut [[u64; 2]; 3]) {
    all[tree.kind] += 1;
    if !around[tree.kind] {
        outer[tree.kind][usize::from(tree.ends.is_some())] += 1;
    }
    let mut around = around;
    around[tree.kind] = true;
    tree.inside.iter().for_each(|inner| expected(inner, around, all, outer));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn outermost_attempts_are_the_logins_whatever_is_inside(trees in trees()) {
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        for (operation, kind) in OPERATIONS {
            metrics.declare_as::<BindError>(operation, kind);
        }
        let (mut all, mut outer) = ([0; 3], [[0; 2]; 3]);
        for tree in &trees {
            make(&metrics, tree);
            expected(tree, [false; 3], &mut all, &mut outer);
        }
        let snapshot = metrics.snapshot();
        for ((operation, _), all) in OPERATIONS.iter().zip(all) {
            let labels = [("operation", *operation)];
            prop_assert_eq!(count(&snapshot, "auth_operations_started_total", &labels), all as f64);
            prop_assert_eq!(count(&snapshot, "auth_operations_total", &labels), all as f64);
            prop_assert_eq!(count(&snapshot, "auth_operations_in_flight", &labels), 0.0);
        }
        prop_assert_eq!([successes(&snapshot), failures(&snapshot)], outer[0].map(|count| count as f64));
        let tokens = count(&snapshot, "jwt_token_verifications_total", &[]);
        prop_assert_eq!(tokens, outer[1].iter().sum::<u64>() as f64);
    }
}
