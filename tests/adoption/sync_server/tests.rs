//! One day of the sync server: what each client did, and what its exporter's text says afterwards.

use std::sync::LazyLock;

use auth_metrics::{AuthMetrics, Reason};
use auth_metrics_adoption_stage::{Numbers, assert_known, counts, precisely};
use auth_metrics_adoption_sync_server::database::Memory;
use auth_metrics_adoption_sync_server::{AppState, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use futures_util::FutureExt as _;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use tower::ServiceExt as _;

struct Day {
    before: Numbers,
    after: Numbers,
    metrics: AuthMetrics,
}

static DAY: LazyLock<Day> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(day()));

async fn day() -> Day {
    let recorder = PrometheusBuilder::new().build_recorder();
    let exporter = recorder.handle();
    metrics::set_global_recorder(recorder).unwrap();
    let metrics = AuthMetrics::builder().service_id("sync").build().unwrap();
    metrics.install().unwrap();
    let database = Memory::default();
    let state = AppState { database: database.clone(), open_registration: true };
    let closed = AppState { open_registration: false, ..state.clone() };
    let closed = router(closed, exporter.clone(), metrics.clone());
    let router = router(state, exporter, metrics.clone());

    let before = scrape(&router).await;
    accounts(&router, &closed, &database).await;
    logins(&router, &database).await;
    sessions(&router, &database).await;
    Day { before, after: scrape(&router).await, metrics }
}

async fn scrape(router: &Router) -> Numbers {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let text = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    // The exporter leaves an empty line between two families.
    let text = std::str::from_utf8(&text).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    Numbers::read(&(lines.join("\n") + "\n"))
}

async fn send(router: &Router, method: Method, uri: &str, session: Option<&str>, body: Value) -> u16 {
    let mut request = Request::builder().method(method).uri(uri).header("content-type", "application/json");
    if let Some(session) = session {
        request = request.header("authorization", session);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    router.clone().oneshot(request).await.unwrap().status().as_u16()
}

fn named(username: &str, password: &str) -> Value {
    json!({ "username": username, "password": password })
}

async fn accounts(router: &Router, closed: &Router, database: &Memory) {
    let register = async |router: &Router, name: &str| {
        send(router, Method::POST, "/register", None, named(name, "correct horse")).await
    };
    assert_eq!(register(router, "alice").await, 200);
    assert_eq!(register(router, "not a name").await, 400);
    assert_eq!(register(closed, "bob").await, 400);
    database.server.down();
    assert_eq!(register(router, "bob").await, 400, "the server says that the request is bad");
    database.server.up();
    let change = async |current: &str| {
        let body = json!({ "current_password": current, "new_password": "correct horse" });
        send(router, Method::PATCH, "/account/password", Some("Token session-of-alice"), body).await
    };
    assert_eq!(change("correct horse").await, 200);
    assert_eq!(change("tr0ub4dor").await, 401);
}

async fn logins(router: &Router, database: &Memory) {
    let login = async |name: &str, password: &str| {
        send(router, Method::POST, "/login", None, named(name, password)).await
    };
    assert_eq!(login("alice", "correct horse").await, 200);
    assert_eq!(login("alice", "tr0ub4dor").await, 401);
    assert_eq!(login("mallory", "x").await, 404);
    assert_eq!(send(router, Method::POST, "/login", None, json!({ "username": "alice" })).await, 422);
    database.server.down();
    assert_eq!(login("alice", "correct horse").await, 500);
    database.server.hangs();
    assert!(login("alice", "correct horse").now_or_never().is_none(), "the client hung up");
    database.server.up();
}

async fn sessions(router: &Router, database: &Memory) {
    let count =
        async |session: Option<&str>| send(router, Method::GET, "/sync/count", session, json!({})).await;
    assert_eq!(count(Some("Token session-of-alice")).await, 200);
    assert_eq!(count(Some("Token session-of-mallory")).await, 403);
    assert_eq!(count(Some("Basic x")).await, 400);
    assert_eq!(count(None).await, 400);
    database.server.down();
    assert_eq!(count(Some("Token session-of-alice")).await, 500);
    database.server.up();
}

#[test]
fn everything_is_born_at_zero() {
    DAY.before.assert_born_at_zero(&["change_password", "check_session", "login", "register"]);
    assert!(DAY.before.has("register", "registration_closed"), "a reason of its own");
    assert!(!DAY.before.has("login", "account_locked"), "and nothing that no text says");
}

#[test]
fn reasons_are_known() {
    assert_known(&DAY.metrics);
}

#[test]
fn attempts_end_or_are_in_flight() {
    DAY.after.assert_conserved();
}

#[test]
fn text_says_what_the_status_does_not() {
    let ended = [("success", 1), ("invalid_credentials", 2), ("dependency_unavailable", 1), ("cancelled", 1)];
    assert_eq!(DAY.after.ended("login"), counts(&ended));
    assert_eq!(precisely(&DAY.metrics, "login", Reason::UnknownSubject), 1);
    let sessions = [
        ("success", 3),
        ("session_invalid", 1),
        ("malformed_request", 1),
        ("missing_credentials", 1),
        ("dependency_unavailable", 1),
    ];
    assert_eq!(DAY.after.ended("check_session"), counts(&sessions));
}

#[test]
fn body_that_axum_refuses_is_no_attempt_of_the_handler() {
    assert_eq!(DAY.after.sum("auth_operations_started_total", &[("operation", "login")]), 5);
}

#[test]
fn registrations_and_passwords_are_no_logins() {
    let registered =
        [("success", 1), ("malformed_request", 1), ("registration_closed", 1), ("dependency_unavailable", 1)];
    assert_eq!(DAY.after.ended("register"), counts(&registered));
    assert_eq!(DAY.after.ended("change_password"), counts(&[("success", 1), ("invalid_credentials", 1)]));
    assert_eq!(DAY.after.sum("service_auth_successful_total", &[]), 1);
}

#[test]
fn metrics_of_the_server_are_before_those_of_the_handle() {
    assert_eq!(DAY.after.sum("sync_requests_total", &[]), 1);
}
