//! One day of the database server: what each client did, and what its registry says afterwards.

use std::sync::LazyLock;

use auth_metrics::AuthMetrics;
use auth_metrics_adoption_database_server::validators::{
    CachingOidcTokenValidator, FullTokenValidator, OIDC_ISSUER, OIDC_KEY, signed,
};
use auth_metrics_adoption_database_server::{NodeState, router};
use auth_metrics_adoption_stage::{Numbers, assert_known, counts};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use futures_util::FutureExt as _;
use prometheus::{IntCounter, Registry};
use tower::ServiceExt as _;

struct Day {
    before: Numbers,
    after: Numbers,
    metrics: AuthMetrics,
}

static DAY: LazyLock<Day> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(day()));

async fn day() -> Day {
    let registry = Registry::new();
    let requests = IntCounter::new("spacetime_requests_total", "Requests.").unwrap();
    registry.register(Box::new(requests.clone())).unwrap();
    let metrics = AuthMetrics::builder().service_id("database").build().unwrap();
    metrics.install().unwrap();
    metrics.register(&registry).unwrap();
    let oidc = CachingOidcTokenValidator::default();
    let validator = FullTokenValidator::new(oidc.clone());
    let router = router(NodeState { validator: validator.clone(), registry, requests });

    let before = scrape(&router).await;
    describe(&router, &validator, &oidc).await;
    delete(&router, &validator).await;
    assert_eq!(send(&router, Method::POST, "/v1/identity", None).await, 200);
    Day { before, after: scrape(&router).await, metrics }
}

async fn scrape(router: &Router) -> Numbers {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let text = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    Numbers::read(std::str::from_utf8(&text).unwrap())
}

async fn send(router: &Router, method: Method, uri: &str, token: Option<&str>) -> u16 {
    let mut request = Request::builder().method(method).uri(uri);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap().status().as_u16()
}

async fn describe(router: &Router, validator: &FullTokenValidator, oidc: &CachingOidcTokenValidator) {
    let get = async |token: Option<&str>| send(router, Method::GET, "/v1/database/orders", token).await;
    assert_eq!(get(Some(&validator.sign("alice", 60))).await, 200);
    assert_eq!(get(Some(&validator.sign("alice", -60))).await, 401);
    assert_eq!(get(Some("garbage")).await, 401);
    assert_eq!(get(Some(&signed("localhost", "local-1", b"guessed", "alice", 60))).await, 401);
    assert_eq!(get(Some(&signed("localhost", "local-9", b"guessed", "alice", 60))).await, 401);
    assert_eq!(get(Some(&signed("https://elsewhere.example.com", "1", b"theirs", "alice", 60))).await, 401);
    assert_eq!(get(None).await, 200, "anybody");
    let by_query = format!("/v1/database/orders?token={}", validator.sign("alice", 60));
    assert_eq!(send(router, Method::GET, &by_query, None).await, 200);

    let theirs = signed(OIDC_ISSUER, "oidc-1", OIDC_KEY, "bob", 60);
    oidc.issuer.down();
    assert_eq!(get(Some(&theirs)).await, 401, "the server says that the token is invalid");
    oidc.issuer.hangs();
    assert!(get(Some(&theirs)).now_or_never().is_none(), "the client hung up");
    oidc.issuer.up();
    assert_eq!(get(Some(&theirs)).await, 200);
    oidc.issuer.down();
    assert_eq!(get(Some(&theirs)).await, 200, "from the cache");
    oidc.forget();
    oidc.issuer.up();
}

async fn delete(router: &Router, validator: &FullTokenValidator) {
    let token = validator.sign("alice", 60);
    let delete = async |name: &str, token: Option<&str>| {
        send(router, Method::DELETE, &format!("/v1/database/{name}"), token).await
    };
    assert_eq!(delete("alice-orders", Some(&token)).await, 200);
    assert_eq!(delete("bob-orders", Some(&token)).await, 403);
    assert_eq!(delete("bob-orders", None).await, 401);
    let basic =
        Request::delete("/v1/database/x").header("authorization", "Basic x").body(Body::empty()).unwrap();
    assert_eq!(router.clone().oneshot(basic).await.unwrap().status(), 400);
}

#[test]
fn everything_is_born_at_zero() {
    DAY.before.assert_born_at_zero(&[
        "authenticate_request",
        "create_identity",
        "may_delete",
        "require_authentication",
        "validate_by_keys",
        "validate_oidc",
        "validate_token",
    ]);
    assert!(DAY.before.has("validate_token", "dependency_unavailable"), "what `anyhow` may hold");
    assert!(!DAY.before.has("validate_token", "account_locked"), "and nothing else");
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
fn issuer_that_is_down_is_no_invalid_token() {
    let ended = [
        ("success", 6),
        ("token_expired", 1),
        ("token_malformed", 1),
        ("token_signature_invalid", 1),
        ("token_key_unknown", 1),
        ("token_claim_mismatch", 1),
        ("dependency_unavailable", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("validate_token"), counts(&ended));
}

#[test]
fn token_through_three_validators_is_one() {
    let by_issuer =
        [("success", 2), ("token_claim_mismatch", 1), ("dependency_unavailable", 1), ("cancelled", 1)];
    assert_eq!(DAY.after.ended("validate_oidc"), counts(&by_issuer));
    assert_eq!(DAY.after.outcomes("validate_by_keys"), counts(&[("success", 6), ("rejected", 3)]));
    let outermost: u64 = DAY.after.outcomes("validate_token").values().sum();
    assert_eq!(DAY.after.sum("jwt_token_verifications_total", &[]), outermost);
}

#[test]
fn extractors_say_what_they_refuse() {
    let optional = DAY.after.ended("authenticate_request");
    assert_eq!((optional["success"], optional["malformed_request"]), (8, 1));
    let required = [("success", 2), ("missing_credentials", 1), ("malformed_request", 1)];
    assert_eq!(DAY.after.ended("require_authentication"), counts(&required));
    assert_eq!(DAY.after.ended("may_delete"), counts(&[("success", 1), ("permission_denied", 1)]));
}

#[test]
fn identities_and_tokens_are_no_logins() {
    assert_eq!(DAY.after.ended("create_identity"), counts(&[("success", 1)]));
    assert_eq!(DAY.after.sum("service_auth_successful_total", &[]), 0);
}

#[test]
fn metrics_of_the_server_are_beside_those_of_the_handle() {
    assert_eq!(DAY.after.sum("spacetime_requests_total", &[]), 8);
}
