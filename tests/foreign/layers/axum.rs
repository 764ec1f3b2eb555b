//! axum over HTTP/1: checks of tower-http and axum-login, and extractors of axum's own.

use std::panic::resume_unwind;
use std::sync::Arc;

use ::axum::extract::{Path, Query, State};
use ::axum::http::header::AUTHORIZATION;
use ::axum::http::{Request, StatusCode};
use ::axum::response::{IntoResponse, Response};
use ::axum::routing::get;
use ::axum::{Router, body::Body};
use ::axum_login018::tower_sessions::cookie::SameSite;
use ::axum_login018::tower_sessions::session::{Id, Record};
use ::axum_login018::tower_sessions::{SessionManagerLayer, SessionStore, session_store};
use ::axum_login018::{AuthManagerLayerBuilder, AuthUser, AuthnBackend, login_required};
use ::tower_http::catch_panic::CatchPanicLayer;
use ::tower_http::validate_request::ValidateRequestHeaderLayer;
use auth_metrics::tower::AttemptLayer;
use auth_metrics::{OperationKind, Reason};
use serde::Deserialize;
use tokio::net::TcpListener;

use super::{Line, OP, Turn, counted, handle, planned, send_all};

#[derive(Debug, Clone)]
struct User;

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        1
    }

    fn session_auth_hash(&self) -> &[u8] {
        b""
    }
}

#[derive(Debug, Clone)]
struct Backend;

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = ();
    type Error = std::convert::Infallible;

    async fn authenticate(&self, (): ()) -> Result<Option<User>, Self::Error> {
        Ok(None)
    }

    async fn get_user(&self, _: &u64) -> Result<Option<User>, Self::Error> {
        Ok(None)
    }
}

/// Nobody has a session.
#[derive(Clone, Debug)]
struct NoSessions;

#[::tonic014::async_trait]
impl SessionStore for NoSessions {
    async fn save(&self, _: &Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn load(&self, _: &Id) -> session_store::Result<Option<Record>> {
        Ok(None)
    }

    async fn delete(&self, _: &Id) -> session_store::Result<()> {
        Ok(())
    }
}

/// Somebody else's check of a token.
fn check(request: &mut Request<Body>) -> Result<(), Response> {
    match request.headers().get(AUTHORIZATION) {
        Some(token) if token == "Bearer correct-horse" => Ok(()),
        Some(_) => Err(StatusCode::FORBIDDEN.into_response()),
        None => Err(StatusCode::UNAUTHORIZED.into_response()),
    }
}

#[derive(Deserialize)]
struct Page {
    page: u32,
}

async fn orders(Query(Page { page }): Query<Page>) -> String {
    format!("page {page}")
}

async fn expired() -> Response {
    let mut response = "Please sign in again.".into_response();
    response.extensions_mut().insert(Reason::SessionInvalid);
    response
}

async fn hang(State(line): State<Arc<Line>>, Path(client): Path<usize>) {
    line.hang(client).await;
}

/// Unwinds as a panic does, without a message for each of hundreds.
async fn fail() {
    resume_unwind(Box::new("as planned"));
}

fn router(line: Arc<Line>, gate: AttemptLayer) -> Router {
    let sessions = SessionManagerLayer::new(NoSessions).with_same_site(SameSite::Strict);
    let account = Router::new()
        .route("/account", get(async || "welcome"))
        .route_layer(login_required!(Backend))
        .layer(AuthManagerLayerBuilder::new(Backend, sessions).build());
    Router::new()
        .route("/orders", get(orders))
        .route("/expired", get(expired))
        .route("/fail", get(fail))
        .route("/hang/{client}", get(hang))
        .merge(account)
        .layer(ValidateRequestHeaderLayer::custom(check))
        .layer(gate)
        .layer(CatchPanicLayer::new())
        .with_state(line)
}

const VALID: Option<&str> = Some("correct-horse");

/// A path, a token, the status of the answer, and what is counted.
const KINDS: [(&str, Option<&str>, u16, &str); 8] = [
    ("/orders?page=1", VALID, 200, "success"),
    ("/orders?page=1", None, 401, "invalid_credentials"),
    ("/orders?page=1", Some("tr0ub4dor"), 403, "permission_denied"),
    ("/orders?page=one", VALID, 400, "malformed_request"),
    ("/account", VALID, 401, "invalid_credentials"),
    ("/expired", VALID, 200, "session_invalid"),
    ("/fail", VALID, 500, "panicked"),
    ("/nowhere", VALID, 404, "malformed_request"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_counted_to_the_unit() {
    let (metrics, line) = (handle(), Line::new());
    let gate = AttemptLayer::new(OP).kind(OperationKind::Token).metrics(&metrics);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = ::axum::serve(listener, router(Arc::clone(&line), gate)).into_future();
    let served = tokio::spawn(served);

    let http = ::reqwest012::Client::builder().no_proxy().build().unwrap();
    let hung = Arc::clone(&line);
    send_all(KINDS.len(), move |client, turn| {
        let (http, line) = (http.clone(), Arc::clone(&hung));
        async move {
            let get = |path: &str, token: Option<&str>| {
                let get = http.get(format!("http://{address}{path}"));
                token.into_iter().fold(get, ::reqwest012::RequestBuilder::bearer_auth).send()
            };
            match turn {
                Turn::HangUp => line.hang_up(client, get(&format!("/hang/{client}"), VALID)).await,
                Turn::Send(kind) => {
                    let (path, token, status, _) = KINDS[kind];
                    let response = get(path, token).await.unwrap();
                    assert_eq!(response.status().as_u16(), status, "{path}");
                    response.bytes().await.unwrap();
                }
            }
        }
    })
    .await;
    line.all_hung_up().await;
    served.abort();

    assert_eq!(counted(&metrics), planned(&KINDS.map(|(_, _, _, outcome)| outcome)));
}

#[test]
fn route_is_at_zero_before_anybody_connects() {
    let layers: [fn(AttemptLayer) -> Router; 3] = [
        |gate| Router::new().route("/orders", get(orders)).layer(gate),
        |gate| Router::new().route("/orders", get(orders)).route_layer(gate),
        // axum applies this one with the first connection.
        |gate| Router::new().route("/orders", get(orders).route_layer(gate)),
    ];
    for layered in layers {
        let metrics = handle();
        let _router = layered(AttemptLayer::new(OP).metrics(&metrics));
        let zero = [("operation", OP), ("failure_reason", "invalid_credentials")];
        assert_eq!(metrics.snapshot().value("auth_operation_failures_total", &zero), Some(0.0));
    }
}
