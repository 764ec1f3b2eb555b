//! One day of the package registry: what each client did, and what its registry of metrics says afterwards.

use std::sync::LazyLock;

use auth_metrics::AuthMetrics;
use auth_metrics_adoption_package_registry::trusted::signed;
use auth_metrics_adoption_package_registry::{ApiToken, App, router};
use auth_metrics_adoption_stage::{Numbers, assert_known, counts};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use futures_util::FutureExt as _;
use tower::ServiceExt as _;

struct Day {
    before: Numbers,
    after: Numbers,
    metrics: AuthMetrics,
}

static DAY: LazyLock<Day> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(day()));

async fn day() -> Day {
    let app = App::default();
    let metrics = AuthMetrics::builder().service_id("registry").build().unwrap();
    metrics.install().unwrap();
    metrics.register(&app.registry).unwrap();
    let token = |scopes: &[&'static str]| ApiToken {
        user: "alice".to_owned(),
        expired: false,
        scopes: scopes.to_vec(),
        locked: false,
    };
    app.put("good", token(&["publish"]));
    app.put("read", token(&[]));
    app.put("old", ApiToken { expired: true, ..token(&["publish"]) });
    app.put("locked", ApiToken { locked: true, ..token(&["publish"]) });
    let router = router(app.clone());

    let before = scrape(&router).await;
    requests(&router, &app).await;
    builds(&router).await;
    Day { before, after: scrape(&router).await, metrics }
}

async fn scrape(router: &Router) -> Numbers {
    let request = Request::get("/api/private/metrics").body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let text = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    Numbers::read(std::str::from_utf8(&text).unwrap())
}

async fn send(router: &Router, request: axum::http::request::Builder, body: &str) -> u16 {
    let request = request.body(Body::from(body.to_owned())).unwrap();
    router.clone().oneshot(request).await.unwrap().status().as_u16()
}

async fn requests(router: &Router, app: &App) {
    let me = || Request::get("/api/v1/me");
    assert_eq!(send(router, me().header("cookie", "session=alice"), "").await, 200);
    assert_eq!(send(router, me().header("authorization", "good"), "").await, 200);
    assert_eq!(send(router, me(), "").await, 403, "neither a cookie nor a token");

    let publish = async |token: &str, name: &str| {
        let request = Request::put(format!("/api/v1/crates/new?{name}")).header("authorization", token);
        send(router, request, "").await
    };
    assert_eq!(publish("good", "alice-crate").await, 200);
    assert_eq!(publish("good", "bobs-crate").await, 403);
    assert_eq!(publish("read", "alice-crate").await, 403);
    assert_eq!(publish("old", "alice-crate").await, 403);
    assert_eq!(publish("guessed", "alice-crate").await, 403);
    assert_eq!(publish("locked", "alice-crate").await, 403);
    app.database.down();
    assert_eq!(publish("good", "alice-crate").await, 500);
    app.database.hangs();
    assert!(publish("good", "alice-crate").now_or_never().is_none(), "the client hung up");
    app.database.up();
}

async fn builds(router: &Router) {
    let exchange =
        async |jwt: &str| send(router, Request::post("/api/v1/trusted_publishing/tokens"), jwt).await;
    assert_eq!(exchange(&signed("registry", "alice/crate", 60, None)).await, 200);
    assert_eq!(exchange(&signed("registry", "mallory/crate", 60, None)).await, 403);
    assert_eq!(exchange(&signed("elsewhere", "alice/crate", 60, None)).await, 500, "any error is a 500");
    assert_eq!(exchange(&signed("registry", "alice/crate", -60, None)).await, 500);
    assert_eq!(exchange(&signed("registry", "alice/crate", 60, Some(b"guessed"))).await, 500);
    assert_eq!(exchange("garbage").await, 500);
}

#[test]
fn everything_is_born_at_zero() {
    DAY.before.assert_born_at_zero(&[
        "authenticate",
        "authenticate_cookie",
        "authenticate_token",
        "exchange_token",
        "may_publish",
        "verify_build",
    ]);
    assert!(DAY.before.has("authenticate", "account_locked"), "what a box may hold");
    assert!(!DAY.before.has("authenticate", "mfa_required"), "and nothing else");
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
fn box_says_more_than_its_response() {
    // All but two of the failures are a 403.
    let ended = [
        ("success", 4),
        ("missing_credentials", 1),
        ("permission_denied", 1),
        ("invalid_credentials", 2),
        ("account_locked", 1),
        ("dependency_unavailable", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("authenticate"), counts(&ended));
    assert_eq!(DAY.after.ended("may_publish"), counts(&[("success", 1), ("permission_denied", 1)]));
}

#[test]
fn check_in_two_steps_is_one() {
    assert_eq!(DAY.after.sum("service_auth_successful_total", &[]), 4);
    assert_eq!(DAY.after.ended("authenticate_cookie"), counts(&[("success", 11)]));
    assert_eq!(DAY.after.sum("auth_swallowed_failures_total", &[]), 0);
}

#[test]
fn tokens_are_told_apart_although_all_are_a_500() {
    let ended = [
        ("success", 1),
        ("token_claim_mismatch", 2),
        ("token_expired", 1),
        ("token_signature_invalid", 1),
        ("token_malformed", 1),
    ];
    assert_eq!(DAY.after.ended("exchange_token"), counts(&ended));
    assert_eq!(DAY.after.outcomes("exchange_token"), counts(&[("success", 1), ("rejected", 5)]));
    assert_eq!(DAY.after.sum("jwt_token_verifications_total", &[]), 6, "one for each request");
}
