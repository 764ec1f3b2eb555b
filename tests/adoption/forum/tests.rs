//! One day of the forum and its search: what each client did, and what the default registry says afterwards.

use std::sync::LazyLock;

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, call_service, init_service};
use auth_metrics::{AuthMetrics, Reason};
use auth_metrics_adoption_forum::claims::Claims;
use auth_metrics_adoption_forum::configure;
use auth_metrics_adoption_forum::store::{LemmyContext, LocalUserView};
use auth_metrics_adoption_stage::{Numbers, assert_known, counts, precisely};
use futures_util::FutureExt as _;
use serde_json::json;

struct Day {
    before: Numbers,
    after: Numbers,
    metrics: AuthMetrics,
}

static DAY: LazyLock<Day> = LazyLock::new(|| actix_web::rt::System::new().block_on(day()));

async fn day() -> Day {
    let metrics = AuthMetrics::builder().service_id("forum").build().unwrap();
    metrics.install().unwrap();
    metrics.register(prometheus::default_registry()).unwrap();
    let context = LemmyContext::default();
    context.put("alice", "correct horse");
    let bob = context.put("bob", "staple");
    context.replace(LocalUserView { totp: Some("314159".to_owned()), ..bob });
    let carol = context.put("carol", "battery");
    context.replace(LocalUserView { banned: true, ..carol });
    let dave = context.put("dave", "battery");
    context.replace(LocalUserView { email_verified: false, ..dave });
    let broken = context.put("broken", "x");
    context.replace(LocalUserView { password_encrypted: "no hash".to_owned(), ..broken });

    let shared = context.clone();
    let app = init_service(App::new().configure(move |config| configure(config, &shared))).await;
    let send = async |request: TestRequest| call_service(&app, request.to_request()).await;
    let scrape = async || {
        let body = send(TestRequest::get().uri("/metrics")).await.into_body();
        Numbers::read(std::str::from_utf8(&to_bytes(body).await.unwrap()).unwrap())
    };

    let before = scrape().await;
    logins(&send, &context).await;
    sessions(&send, &context).await;
    accounts(&send).await;
    search(&send).await;
    Day { before, after: scrape().await, metrics }
}

async fn logins(send: &impl AsyncFn(TestRequest) -> ServiceResponse, context: &LemmyContext) {
    let post =
        async |body| send(TestRequest::post().uri("/account/login").set_json(body)).await.status().as_u16();
    let login = async |name: &str, password: &str| {
        post(json!({ "username_or_email": name, "password": password })).await
    };
    assert_eq!(login("alice", "correct horse").await, 200);
    assert_eq!(login("alice", "tr0ub4dor").await, 401);
    assert_eq!(login("nobody", "x").await, 401);
    assert_eq!(login("carol", "battery").await, 400);
    assert_eq!(login("dave", "battery").await, 400);
    assert_eq!(login("broken", "x").await, 401, "the forum says that the password is wrong");
    assert_eq!(login("flood-1", "x").await, 429);
    assert_eq!(login("bob", "staple").await, 400, "asks for the second factor");
    let second =
        |code: &str| json!({ "username_or_email": "bob", "password": "staple", "totp_2fa_token": code });
    assert_eq!(post(second("271828")).await, 400);
    assert_eq!(post(second("314159")).await, 200);
    assert_eq!(post(json!({ "username_or_email": "alice" })).await, 400, "actix-web refuses the body");
    context.database.down();
    assert_eq!(login("alice", "correct horse").await, 401, "the forum says that the password is wrong");
    context.database.hangs();
    assert!(login("alice", "correct horse").now_or_never().is_none(), "the client hung up");
    context.database.up();
}

fn token(name: &str, seconds: i64, secret: Option<&[u8]>) -> String {
    Claims::generate(name, seconds, secret).unwrap()
}

fn bearer(request: TestRequest, token: &str) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {token}")))
}

async fn sessions(send: &impl AsyncFn(TestRequest) -> ServiceResponse, context: &LemmyContext) {
    let account = async |token: &str| {
        send(bearer(TestRequest::get().uri("/api/account"), token)).await.status().as_u16()
    };
    let good = token("alice", 60, None);
    assert_eq!(account(&good).await, 200);
    assert_eq!(account(&token("alice", -60, None)).await, 401);
    assert_eq!(account(&token("alice", 60, Some(b"guessed"))).await, 401);
    assert_eq!(account("garbage").await, 401);
    assert_eq!(account(&token("carol", 60, None)).await, 401);
    let logged_out = token("alice", 61, None);
    context.log_out(&logged_out);
    assert_eq!(account(&logged_out).await, 401);
    context.database.down();
    assert_eq!(account(&good).await, 401, "the forum says that nobody is logged in");
    context.database.up();
    let site = async |request: TestRequest| send(request.uri("/api/site")).await.status().as_u16();
    assert_eq!(site(TestRequest::get()).await, 200, "a visitor");
    assert_eq!(site(bearer(TestRequest::get(), "garbage")).await, 200, "so is who has no good token");
}

async fn accounts(send: &impl AsyncFn(TestRequest) -> ServiceResponse) {
    let register = async || {
        let body = json!({ "username": "erin", "password": "staple" });
        send(TestRequest::post().uri("/api/account/register").set_json(body)).await.status().as_u16()
    };
    assert_eq!(register().await, 200);
    assert_eq!(register().await, 400);
    let change = async |old: &str| {
        let body = json!({ "old_password": old, "new_password": "battery" });
        let request = bearer(TestRequest::post().uri("/api/account/password"), &token("erin", 60, None));
        send(request.set_json(body)).await.status().as_u16()
    };
    assert_eq!(change("staple").await, 200);
    assert_eq!(change("staple").await, 401);
}

async fn search(send: &impl AsyncFn(TestRequest) -> ServiceResponse) {
    let list = async |request: TestRequest| send(request.uri("/indexes")).await.status().as_u16();
    assert_eq!(list(bearer(TestRequest::get(), "key-of-search")).await, 200);
    let tenant = token("tenant-7", 60, Some(b"key-of-search"));
    assert_eq!(list(bearer(TestRequest::get(), &tenant)).await, 200);
    assert_eq!(list(bearer(TestRequest::get(), "guessed")).await, 403);
    assert_eq!(list(TestRequest::get()).await, 401);
}

#[test]
fn everything_is_born_at_zero() {
    DAY.before.assert_born_at_zero(&[
        "authenticate_key",
        "change_password",
        "guard",
        "login",
        "login_route",
        "register",
        "require_user",
        "user_of_token",
        "validate_claims",
        "who_asks",
    ]);
    assert!(DAY.before.has("login", "dependency_unavailable"), "what it may be made from");
    assert!(!DAY.before.has("login", "account_locked"), "and nothing else");
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
fn one_error_for_everything_says_what_it_was_made_from() {
    let ended = [
        ("success", 2),
        ("invalid_credentials", 2),
        ("account_disabled", 1),
        ("account_unverified", 1),
        ("rate_limited", 1),
        ("mfa_required", 1),
        ("mfa_invalid", 1),
        ("internal_error", 1),
        ("dependency_unavailable", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("login"), counts(&ended));
    assert_eq!(precisely(&DAY.metrics, "login", Reason::InvalidCredentials), 2);
}

#[test]
fn body_that_actix_refuses_is_counted_beside_the_reasons_of_the_handler() {
    let (route, login) = (DAY.after.ended("login_route"), DAY.after.ended("login"));
    assert_eq!(route["malformed_request"], 1);
    for reason in ["success", "invalid_credentials", "dependency_unavailable", "internal_error", "cancelled"]
    {
        assert_eq!(route[reason], login[reason], "{reason}");
    }
    assert_eq!(
        DAY.after.sum("service_auth_successful_total", &[("service_id", "forum")]),
        4,
        "two users, two keys"
    );
}

#[test]
fn tokens_are_told_apart_although_all_are_not_logged_in() {
    let ended = [
        ("success", 4),
        ("token_expired", 1),
        ("token_signature_invalid", 1),
        ("token_malformed", 2),
        ("missing_credentials", 1),
        ("dependency_unavailable", 1),
    ];
    assert_eq!(DAY.after.ended("validate_claims"), counts(&ended));
}

#[test]
fn middleware_that_swallows_failures_is_found() {
    assert_eq!(DAY.after.ended("who_asks"), counts(&[("success", 13)]));
    let swallowed = DAY.after.sum("auth_swallowed_failures_total", &[("operation", "who_asks")]);
    assert_eq!(swallowed, 7, "six bad tokens, and an outage");
    let catalogue = DAY.metrics.catalogue();
    let names: Vec<_> = catalogue.swallowed().map(|operation| operation.name().to_owned()).collect();
    assert_eq!(names, ["who_asks"]);
}

#[test]
fn extractors_say_what_they_refuse() {
    // Two of them are visitors: the handler takes an `Option` of the extractor, which does not know it.
    assert_eq!(DAY.after.ended("require_user"), counts(&[("success", 3), ("missing_credentials", 8)]));
    let guard = [("success", 2), ("invalid_credentials", 1), ("missing_credentials", 1)];
    assert_eq!(DAY.after.ended("guard"), counts(&guard));
    assert_eq!(DAY.after.ended("authenticate_key"), counts(&[("success", 2), ("invalid_credentials", 1)]));
}

#[test]
fn registrations_and_passwords_are_no_logins() {
    assert_eq!(DAY.after.ended("register"), counts(&[("success", 1), ("malformed_request", 1)]));
    assert_eq!(DAY.after.ended("change_password"), counts(&[("success", 1), ("invalid_credentials", 1)]));
}
