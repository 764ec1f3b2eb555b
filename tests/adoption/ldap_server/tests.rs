//! One day of the LDAP server: what each client did, and what its `/metrics` says afterwards.

use std::sync::LazyLock;

use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, web};
use auth_metrics::AuthMetrics;
use auth_metrics_adoption_ldap_server::access::AccessControlledBackendHandler;
use auth_metrics_adoption_ldap_server::http::{AppState, configure};
use auth_metrics_adoption_ldap_server::ldap::{
    LdapBindCred, LdapBindRequest, LdapHandler, LdapOp, LdapReply, LdapResultCode,
};
use auth_metrics_adoption_ldap_server::sql::SqlBackendHandler;
use auth_metrics_adoption_ldap_server::tokens::{Tokens, forged};
use auth_metrics_adoption_stage::{Dependency, Numbers, assert_known, counts};
use futures_util::FutureExt as _;
use serde_json::{Value, json};

struct Day {
    before: Numbers,
    after: Numbers,
    metrics: AuthMetrics,
}

static DAY: LazyLock<Day> = LazyLock::new(|| actix_web::rt::System::new().block_on(day()));

async fn day() -> Day {
    let metrics = AuthMetrics::builder().service_id("directory").build().unwrap();
    metrics.install().unwrap();
    let backend =
        SqlBackendHandler::default().with_user("alice", "correct horse").with_user("admin", "staple");
    let state = web::Data::new(AppState {
        backend: AccessControlledBackendHandler::new(backend.clone()),
        tokens: Tokens::new(b"secret"),
    });
    let (configured, shared) = (metrics.clone(), state.clone());
    let app = App::new().configure(move |config| configure(config, &configured, &shared));
    let app = init_service(app).await;
    let send = async |request: TestRequest| call_service(&app, request.to_request()).await;
    let scrape = async || {
        let body = send(TestRequest::get().uri("/metrics")).await.into_body();
        Numbers::read(std::str::from_utf8(&to_bytes(body).await.unwrap()).unwrap())
    };

    let before = scrape().await;
    over_ldap(&backend).await;
    over_http(&send, &backend.database).await;
    opaque(&send, &backend.database).await;
    with_tokens(&send, &state.tokens).await;
    Day { before, after: scrape().await, metrics }
}

async fn over_ldap(backend: &SqlBackendHandler) {
    let mut session = LdapHandler::new(backend.clone());
    let mut bind = async |name: &str, password: &str| {
        let dn =
            if name.is_empty() { String::new() } else { format!("uid={name},ou=people,dc=example,dc=com") };
        let cred = LdapBindCred::Simple(password.to_owned());
        let LdapReply::BindResponse(code, _) =
            session.handle(LdapOp::BindRequest(LdapBindRequest { dn, cred })).await
        else {
            panic!("a bind has an answer")
        };
        code
    };
    assert_eq!(bind("alice", "correct horse").await, LdapResultCode::Success);
    assert_eq!(bind("alice", "tr0ub4dor").await, LdapResultCode::InvalidCredentials);
    assert_eq!(bind("mallory", "tr0ub4dor").await, LdapResultCode::InvalidCredentials);
    assert_eq!(bind("", "").await, LdapResultCode::InappropriateAuthentication);
    backend.database.down();
    assert_eq!(bind("alice", "correct horse").await, LdapResultCode::InvalidCredentials);
    backend.database.hangs();
    assert!(bind("alice", "correct horse").now_or_never().is_none(), "the client hung up");
    backend.database.up();
}

async fn over_http(send: &impl AsyncFn(TestRequest) -> ServiceResponse, database: &Dependency) {
    let login = async |body: Value| {
        send(TestRequest::post().uri("/auth/simple/login").set_json(body)).await.status().as_u16()
    };
    let good = json!({ "username": "alice", "password": "correct horse" });
    assert_eq!(login(good.clone()).await, 200);
    assert_eq!(login(json!({ "username": "alice", "password": "tr0ub4dor" })).await, 401);
    assert_eq!(login(json!({ "username": "alice" })).await, 400, "there is no password");
    database.down();
    assert_eq!(login(good.clone()).await, 500);
    database.hangs();
    assert!(login(good).now_or_never().is_none(), "the client hung up");
    database.up();
}

async fn opaque(send: &impl AsyncFn(TestRequest) -> ServiceResponse, database: &Dependency) {
    let post = async |uri: &str, body: Value| {
        send(TestRequest::post().uri(uri).set_json(body)).await.status().as_u16()
    };
    let (start, finish) = ("/auth/opaque/login/start", "/auth/opaque/login/finish");
    let first = json!({ "username": "alice", "login_start_request": [1] });
    assert_eq!(post(start, first.clone()).await, 200);
    let proof = |password: &str| json!({ "server_data": "alice", "credential_finalization": password });
    assert_eq!(post(finish, proof("correct horse")).await, 200);
    assert_eq!(post(finish, proof("tr0ub4dor")).await, 401);
    database.down();
    assert_eq!(post(start, first).await, 500);
    database.up();
}

async fn with_tokens(send: &impl AsyncFn(TestRequest) -> ServiceResponse, tokens: &Tokens) {
    let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
    let list = async |token: &str| {
        send(TestRequest::get().uri("/api/users").insert_header(bearer(token))).await.status().as_u16()
    };
    let admin = tokens.create_jwt("admin", true, 60);
    assert_eq!(list(&admin).await, 200);
    assert_eq!(list(&tokens.create_jwt("alice", false, 60)).await, 403);
    assert_eq!(list(&tokens.create_jwt("admin", true, -60)).await, 401);
    assert_eq!(list(&forged("admin")).await, 401);
    assert_eq!(list("garbage").await, 401);
    let logged_out = tokens.create_jwt("admin", true, 61);
    tokens.log_out(&logged_out);
    assert_eq!(list(&logged_out).await, 401);
    assert_eq!(send(TestRequest::get().uri("/api/users")).await.status(), 401, "there is no token");

    let create = TestRequest::post().uri("/api/users/bob").insert_header(bearer(&admin));
    assert_eq!(send(create).await.status(), 201);
    let password = json!({ "server_data": "bob", "registration_upload": "hunter2" });
    let set = TestRequest::post().uri("/auth/opaque/register/finish").insert_header(bearer(&admin));
    assert_eq!(send(set.set_json(password)).await.status(), 200);
    let refresh = |request: TestRequest| send(request.uri("/auth/refresh"));
    assert_eq!(
        refresh(TestRequest::get().insert_header(("cookie", "refresh_token=admin"))).await.status(),
        200
    );
    assert_eq!(refresh(TestRequest::get()).await.status(), 400);
}

#[test]
fn everything_is_born_at_zero() {
    DAY.before.assert_born_at_zero(&[
        "admin_access",
        "api",
        "bind",
        "check_token",
        "create_user",
        "http_login",
        "ldap_bind",
        "opaque_login",
        "opaque_login_start",
        "refresh",
        "set_password",
        "user_access",
        "verify_jwt",
    ]);
    assert!(DAY.before.has("ldap_bind", "dependency_unavailable"), "what fails inside decides");
    assert!(!DAY.before.has("bind", "account_locked"), "only what it can give");
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
fn bind_tells_an_outage_from_a_wrong_password() {
    // Two wrong passwords and one user who does not exist: they share a text. One outage and one hung up for each protocol.
    let ended = [("success", 2), ("invalid_credentials", 3), ("dependency_unavailable", 2), ("cancelled", 2)];
    assert_eq!(DAY.after.ended("bind"), counts(&ended));
}

#[test]
fn ldap_tells_it_too_although_its_answer_does_not() {
    let ended = [
        ("success", 1),
        ("invalid_credentials", 2),
        ("missing_credentials", 1),
        ("dependency_unavailable", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("ldap_bind"), counts(&ended));
    assert_eq!(DAY.after.sum("auth_swallowed_failures_total", &[]), 0);
}

#[test]
fn form_that_actix_refuses_is_counted() {
    let ended = [
        ("success", 1),
        ("invalid_credentials", 1),
        ("malformed_request", 1),
        ("internal_error", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("http_login"), counts(&ended));
}

#[test]
fn opaque_is_a_login_after_its_second_step() {
    assert_eq!(DAY.after.outcomes("opaque_login_start"), counts(&[("interim", 1), ("error", 1)]));
    assert_eq!(DAY.after.ended("opaque_login"), counts(&[("success", 1), ("invalid_credentials", 1)]));
}

#[test]
fn login_through_two_layers_is_one() {
    // Over LDAP, over HTTP, and by OPAQUE; no registration, password or token.
    assert_eq!(DAY.after.sum("service_auth_successful_total", &[]), 3);
}

#[test]
fn tokens_are_told_apart_although_their_errors_are_thrown_away() {
    // Four good ones are the administrator's and alice's.
    let ended = [
        ("success", 4),
        ("token_expired", 1),
        ("token_revoked", 1),
        ("token_signature_invalid", 1),
        ("token_malformed", 1),
    ];
    assert_eq!(DAY.after.ended("check_token"), counts(&ended));
}

#[test]
fn token_that_is_not_there_is_counted() {
    let ended = [("success", 3), ("permission_denied", 1), ("invalid_credentials", 5)];
    assert_eq!(DAY.after.ended("api"), counts(&ended));
    assert_eq!(DAY.after.sum("jwt_token_verifications_total", &[]), 9, "one for each request");
}

#[test]
fn access_registration_and_passwords_are_no_logins() {
    assert_eq!(DAY.after.ended("admin_access"), counts(&[("success", 2), ("permission_denied", 1)]));
    assert_eq!(DAY.after.ended("user_access"), counts(&[("success", 1)]));
    assert_eq!(DAY.after.ended("create_user"), counts(&[("success", 1)]));
    assert_eq!(DAY.after.ended("set_password"), counts(&[("success", 1)]));
    assert_eq!(DAY.after.ended("refresh"), counts(&[("success", 1), ("malformed_request", 1)]));
}

#[test]
fn protocol_is_counted_once_for_each_login() {
    let by = |source: &str| DAY.after.sum("auth_source_operations_total", &[("source", source)]);
    assert_eq!((by("ldap"), by("http")), (6, 5));
}
