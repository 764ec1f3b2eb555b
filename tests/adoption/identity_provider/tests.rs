//! One day of the identity provider: what each client did, and what its collector has afterwards.

mod collector;

use std::sync::LazyLock;
use std::time::Duration;

use auth_metrics::{AuthMetrics, Reason};
use auth_metrics_adoption_identity_provider::passwords::PasswordManager;
use auth_metrics_adoption_identity_provider::pg::PgRepository;
use auth_metrics_adoption_identity_provider::storage::User;
use auth_metrics_adoption_identity_provider::{AppState, router};
use auth_metrics_adoption_stage::{Dependency, Numbers, assert_known, counts, precisely};
use auth_metrics_otlp::Push;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use collector::Collector;
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
    let metrics = AuthMetrics::builder().service_id("idp").build().unwrap();
    metrics.install().unwrap();
    let collector = Collector::start();
    let repo = PgRepository::default();
    let passwords = PasswordManager;
    for (name, password, locked) in [("alice", "correct horse", false), ("mallory", "staple", true)] {
        let hash = passwords.hash(password).unwrap();
        repo.put(User { name: name.to_owned(), hash, locked });
    }
    repo.put(User { name: "broken".to_owned(), hash: "no hash".to_owned(), locked: false });
    for (code, is_expired) in [("good", false), ("old", true), ("stolen", false)] {
        repo.put_code(code, "verifier", is_expired);
    }
    let state = AppState {
        repo: repo.clone(),
        passwords,
        idm: auth_metrics_adoption_identity_provider::steps::IdmServer::default(),
    };
    let backend = state.idm.backend.clone();
    let router = router(state);
    let push = Push::builder(&collector.endpoint).start(&metrics).unwrap();
    let pushed = || {
        push.flush(Duration::from_secs(60)).unwrap();
        Numbers::of(collector.scrape())
    };

    let before = pushed();
    logins(&router, &repo.database).await;
    accounts(&router).await;
    grants(&router, &repo.database).await;
    steps(&router, &backend).await;
    Day { before, after: pushed(), metrics }
}

async fn post(router: &Router, uri: &str, content_type: &str, body: String) -> u16 {
    let request = Request::post(uri).header("content-type", content_type).body(Body::from(body)).unwrap();
    router.clone().oneshot(request).await.unwrap().status().as_u16()
}

async fn form(router: &Router, uri: &str, body: impl Into<String>) -> u16 {
    post(router, uri, "application/x-www-form-urlencoded", body.into()).await
}

async fn logins(router: &Router, database: &Dependency) {
    let login = async |name: &str, password: &str| {
        form(router, "/login", format!("csrf=token&username={name}&password={password}")).await
    };
    assert_eq!(login("alice", "correct+horse").await, 303);
    for (name, password) in
        [("alice", "tr0ub4dor"), ("nobody", "x"), ("mallory", "staple"), ("flood-1", "x"), ("", "x")]
    {
        assert_eq!(login(name, password).await, 200, "the form again");
    }
    assert_eq!(login("broken", "x").await, 200, "so is that of a hash that can't be read");
    assert_eq!(form(router, "/login", "csrf=forged&username=alice&password=x").await, 400);
    assert_eq!(form(router, "/login", "csrf=token&username=alice").await, 422, "axum refuses the form");
    database.down();
    assert_eq!(login("alice", "correct+horse").await, 500);
    database.hangs();
    assert!(login("alice", "correct+horse").now_or_never().is_none(), "the client hung up");
    database.up();
}

async fn accounts(router: &Router) {
    assert_eq!(form(router, "/register", "username=bob&password=staple").await, 303);
    assert_eq!(form(router, "/register", "username=bob&password=x").await, 200, "the form again");
    let change = async |current: &str| {
        form(router, "/password", format!("username=bob&current={current}&new=battery")).await
    };
    assert_eq!(change("staple").await, 303);
    assert_eq!(change("staple").await, 200, "the form again");
}

async fn grants(router: &Router, database: &Dependency) {
    let client = "client_id=app&client_secret=secret";
    let token = async |rest: &str| form(router, "/oauth2/token", format!("{client}&{rest}")).await;
    let code = async |code: &str, verifier: &str| {
        token(&format!("grant_type=authorization_code&code={code}&code_verifier={verifier}")).await
    };
    assert_eq!(code("good", "verifier").await, 200);
    assert_eq!(code("good", "verifier").await, 400, "again");
    assert_eq!(code("old", "verifier").await, 400);
    assert_eq!(code("stolen", "guessed").await, 400);
    assert_eq!(code("garbage", "verifier").await, 400);
    assert_eq!(token("grant_type=password").await, 400);
    let device = async |code: &str| {
        token(&format!("grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code={code}")).await
    };
    assert_eq!(device("waiting").await, 400);
    assert_eq!(device("approved").await, 200);
    assert_eq!(device("refused").await, 400);
    let other = "grant_type=authorization_code&client_id=other&code=good";
    assert_eq!(form(router, "/oauth2/token", other).await, 401);
    let without_secret = "grant_type=authorization_code&client_id=app&code=good";
    assert_eq!(form(router, "/oauth2/token", without_secret).await, 401);
    database.down();
    assert_eq!(code("good", "verifier").await, 500);
    database.up();
}

async fn steps(router: &Router, backend: &Dependency) {
    let step = async |session: u64, step: &str, value: &str| {
        let body = format!(r#"{{"sessionid":{session},"step":{{"{step}":"{value}"}}}}"#);
        post(router, "/v1/auth", "application/json", body).await
    };
    assert_eq!(step(0, "init", "alice").await, 200);
    assert_eq!(step(7, "begin", "passwordmfa").await, 200);
    assert_eq!(step(7, "totp", "314159").await, 200);
    assert_eq!(step(7, "password", "correct horse").await, 200);
    assert_eq!(step(7, "password", "tr0ub4dor").await, 200, "denied");
    assert_eq!(step(7, "totp", "271828").await, 200, "denied");
    assert_eq!(step(0, "init", "retired").await, 200, "denied");
    assert_eq!(step(0, "begin", "passwordmfa").await, 401);
    backend.down();
    assert_eq!(step(0, "init", "alice").await, 500);
    backend.up();
}

#[test]
fn everything_is_born_at_zero() {
    DAY.before.assert_born_at_zero(&[
        "auth_step",
        "change_password",
        "login",
        "login_page",
        "register",
        "token",
        "verify_password",
    ]);
    assert!(DAY.before.has("token", "dependency_unavailable"), "what two boxes hide");
    assert!(DAY.before.has("auth_step", "account_disabled"), "the texts of a denial");
    assert!(!DAY.before.has("auth_step", "token_expired"), "and nothing else");
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
fn page_with_status_200_is_the_failure_that_it_shows() {
    let ended = [
        ("success", 1),
        ("invalid_credentials", 2),
        ("account_locked", 1),
        ("rate_limited", 1),
        ("malformed_request", 1),
        ("csrf_rejected", 1),
        ("internal_error", 1),
        ("dependency_unavailable", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("login"), counts(&ended));
}

#[test]
fn layer_sees_the_form_that_axum_refuses_and_the_reasons_of_pages() {
    let ended = [
        ("success", 1),
        ("invalid_credentials", 3),
        ("account_locked", 1),
        ("rate_limited", 1),
        ("malformed_request", 2),
        ("csrf_rejected", 1),
        ("dependency_unavailable", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("login_page"), counts(&ended));
}

#[test]
fn hash_that_cannot_be_read_is_no_wrong_password() {
    let ended = [("success", 2), ("invalid_credentials", 1), ("internal_error", 1)];
    assert_eq!(DAY.after.ended("verify_password"), counts(&ended));
    // The layer around it sees a page; that something worse is below is counted as well.
    assert_eq!(DAY.after.sum("auth_swallowed_failures_total", &[("operation", "login_page")]), 1);
}

#[test]
fn login_through_a_page_and_two_functions_is_one() {
    assert_eq!(DAY.after.sum("service_auth_successful_total", &[]), 2, "one by a page, and one in steps");
}

#[test]
fn registrations_and_passwords_are_no_logins() {
    assert_eq!(DAY.after.ended("register"), counts(&[("success", 1), ("malformed_request", 1)]));
    assert_eq!(DAY.after.ended("change_password"), counts(&[("success", 1), ("invalid_credentials", 1)]));
}

#[test]
fn every_variant_of_the_token_endpoint_has_its_reason() {
    let ended = [
        ("success", 2),
        ("token_replayed", 1),
        ("token_expired", 1),
        ("token_binding_failed", 1),
        ("token_malformed", 1),
        ("malformed_request", 1),
        ("authorization_pending", 1),
        ("mfa_denied", 1),
        ("client_rejected", 1),
        ("invalid_credentials", 1),
        ("dependency_unavailable", 1),
    ];
    assert_eq!(DAY.after.ended("token"), counts(&ended));
    assert_eq!(precisely(&DAY.metrics, "token", Reason::TokenReplayed), 1);
}

#[test]
fn steps_are_interim_and_denials_are_failures() {
    let outcomes = [("success", 1), ("interim", 3), ("rejected", 4), ("error", 1)];
    assert_eq!(DAY.after.outcomes("auth_step"), counts(&outcomes));
    let ended = [
        ("success", 1),
        ("challenge_issued", 1),
        ("mfa_required", 2),
        ("invalid_credentials", 1),
        ("mfa_invalid", 1),
        ("account_disabled", 1),
        ("session_invalid", 1),
        ("dependency_unavailable", 1),
    ];
    assert_eq!(DAY.after.ended("auth_step"), counts(&ended));
}

#[test]
fn push_knows_that_it_arrived() {
    assert_eq!(DAY.after.sum("auth_otlp_up", &[]), 1);
}
