//! One day of the password vault: what each client did, and what its `/metrics` says afterwards.

use std::sync::LazyLock;

use auth_metrics::{AuthMetrics, Reason};
use auth_metrics_adoption_password_vault::auth::encode_login;
use auth_metrics_adoption_password_vault::db::{DbPool, User};
use auth_metrics_adoption_password_vault::server;
use auth_metrics_adoption_stage::{Numbers, assert_known, counts, precisely};
use futures_util::FutureExt as _;
use rocket::config::{Config, LogLevel};
use rocket::http::{ContentType, Header};
use rocket::local::asynchronous::{Client, LocalRequest};

struct Day {
    before: Numbers,
    after: Numbers,
    metrics: AuthMetrics,
}

static DAY: LazyLock<Day> = LazyLock::new(|| rocket::execute(day()));

async fn day() -> Day {
    let metrics = AuthMetrics::builder().service_id("vault").build().unwrap();
    metrics.install().unwrap();
    let pool = DbPool::default()
        .with_user(User::new("alice", "correct horse"))
        .with_user(User { totp: Some("314159".to_owned()), ..User::new("bob", "staple") })
        .with_user(User { enabled: false, ..User::new("carol", "battery") });
    let server = server(&metrics, pool.clone());
    let server = server.configure(Config { log_level: LogLevel::Off, ..Config::default() });
    let client = Client::untracked(server).await.unwrap();
    let scrape = async || {
        let text = client.get("/metrics").dispatch().await.into_string().await;
        Numbers::read(&text.unwrap())
    };

    let before = scrape().await;
    logins(&client, &pool).await;
    sessions(&client).await;
    accounts(&client, &pool).await;
    administrators(&client).await;
    Day { before, after: scrape().await, metrics }
}

async fn status(request: LocalRequest<'_>) -> u16 {
    request.dispatch().await.status().code
}

async fn logins(client: &Client, pool: &DbPool) {
    let post = |body: String| client.post("/identity/connect/token").header(ContentType::Form).body(body);
    let login = async |name: &str, password: &str| {
        status(post(format!("grant_type=password&username={name}&password={password}"))).await
    };
    assert_eq!(login("alice", "correct horse").await, 200);
    assert_eq!(login("alice", "tr0ub4dor").await, 400);
    assert_eq!(login("mallory", "tr0ub4dor").await, 400);
    assert_eq!(login("carol", "battery").await, 400);
    assert_eq!(login("flood-001", "x").await, 429);
    assert_eq!(status(post("grant_type=password&username=alice".to_owned())).await, 400);
    assert_eq!(status(post("username=alice&password=x".to_owned())).await, 422, "Rocket refuses the form");

    assert_eq!(login("bob", "staple").await, 400, "asks for the second factor");
    let second = |code: &str| {
        post(format!("grant_type=password&username=bob&password=staple&two_factor_token={code}"))
    };
    assert_eq!(status(second("271828")).await, 400);
    assert_eq!(status(second("314159")).await, 200);

    pool.database.down();
    assert_eq!(login("alice", "correct horse").await, 400, "the vault says that the password is wrong");
    pool.database.hangs();
    assert!(login("alice", "correct horse").now_or_never().is_none(), "the client hung up");
    pool.database.up();
    pool.pool.down();
    assert_eq!(login("alice", "correct horse").await, 503, "the guard has no connection");
    pool.pool.up();
}

async fn sessions(client: &Client) {
    let get = || client.get("/api/accounts/profile");
    let profile = async |token: String| {
        status(get().header(Header::new("authorization", format!("Bearer {token}")))).await
    };
    assert_eq!(profile(encode_login("alice", 60, None)).await, 200);
    assert_eq!(profile(encode_login("alice", -60, None)).await, 401);
    assert_eq!(profile(encode_login("alice", 60, Some(b"guessed"))).await, 401);
    assert_eq!(profile("garbage".to_owned()).await, 401);
    assert_eq!(status(get()).await, 401, "there is no token");

    let refresh = async |token: String| status(client.post("/api/accounts/refresh").body(token)).await;
    assert_eq!(refresh(encode_login("alice", 60, None)).await, 200);
    assert_eq!(refresh(encode_login("alice", -60, None)).await, 400);
}

async fn accounts(client: &Client, pool: &DbPool) {
    let register = async |email: &str| {
        let body = format!(r#"{{"email":"{email}","master_password_hash":"x"}}"#);
        status(client.post("/api/accounts/register").header(ContentType::JSON).body(body)).await
    };
    assert_eq!(register("dave").await, 200);
    assert_eq!(register("dave").await, 400);
    pool.database.down();
    assert_eq!(register("erin").await, 400);
    pool.database.up();

    let change = async |old: &str| {
        let body = format!(r#"{{"master_password_hash":"{old}","new_master_password_hash":"y"}}"#);
        let token = format!("Bearer {}", encode_login("dave", 60, None));
        let post = client.post("/api/accounts/password").header(ContentType::JSON);
        status(post.header(Header::new("authorization", token)).body(body)).await
    };
    assert_eq!(change("x").await, 200);
    assert_eq!(change("x").await, 400);
}

async fn administrators(client: &Client) {
    let login = async |token: &str| {
        status(client.post("/admin").header(ContentType::Form).body(format!("token={token}"))).await
    };
    assert_eq!(login("open sesame").await, 200);
    assert_eq!(login("guess").await, 401);
}

#[test]
fn everything_is_born_at_zero() {
    DAY.before.assert_born_at_zero(&[
        "admin_login",
        "change_password",
        "decode_jwt",
        "find_account",
        "login",
        "login_form",
        "refresh",
        "register",
        "session",
    ]);
    assert!(DAY.before.has("login", "mfa_required"), "every text that is listed");
    assert!(DAY.before.has("login", "dependency_unavailable"), "what is wrapped");
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
fn outage_and_stranger_are_told_apart_although_both_are_none() {
    let ended = [
        ("success", 2),
        ("invalid_credentials", 2),
        ("account_disabled", 1),
        ("rate_limited", 1),
        ("malformed_request", 1),
        ("mfa_required", 1),
        ("mfa_invalid", 1),
        ("dependency_unavailable", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("login"), counts(&ended));
    assert_eq!(DAY.after.outcomes("login")["interim"], 1, "the second factor");
    // A scrape does not tell who exists; the process knows.
    assert_eq!(precisely(&DAY.metrics, "login", Reason::UnknownSubject), 1);
    assert_eq!(
        DAY.after.ended("find_account"),
        counts(&[("success", 7), ("dependency_unavailable", 1), ("cancelled", 1)])
    );
}

#[test]
fn form_and_connection_that_rocket_refuses_are_counted() {
    // The route sees statuses only: 400 is what all of these texts have.
    let ended = [
        ("success", 2),
        ("malformed_request", 8),
        ("rate_limited", 1),
        ("dependency_unavailable", 1),
        ("cancelled", 1),
    ];
    assert_eq!(DAY.after.ended("login_form"), counts(&ended));
}

#[test]
fn login_through_a_form_and_two_functions_is_one() {
    assert_eq!(DAY.after.sum("service_auth_successful_total", &[]), 3, "two users and an administrator");
}

#[test]
fn guard_says_why_although_its_text_does_not() {
    let ended = [
        ("success", 3),
        ("token_expired", 1),
        ("token_signature_invalid", 1),
        ("token_malformed", 1),
        ("missing_credentials", 1),
    ];
    assert_eq!(DAY.after.ended("session"), counts(&ended));
    assert_eq!(DAY.after.ended("refresh"), counts(&[("success", 1), ("session_expired", 1)]));
}

#[test]
fn registrations_and_passwords_are_no_logins() {
    let registered = [("success", 1), ("policy_denied", 1), ("dependency_unavailable", 1)];
    assert_eq!(DAY.after.ended("register"), counts(&registered));
    assert_eq!(DAY.after.ended("change_password"), counts(&[("success", 1), ("invalid_credentials", 1)]));
}

#[test]
fn administrators_are_let_in_by_a_bool() {
    assert_eq!(DAY.after.ended("admin_login"), counts(&[("success", 1), ("invalid_credentials", 1)]));
}
