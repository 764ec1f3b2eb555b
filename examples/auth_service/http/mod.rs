//! The HTTP face: routes and handlers. It reads requests and calls the service; what a refusal looks like is decided in
//! `refusal` alone. `/metrics` is not here: it has a listener of its own, which the public does not reach.

mod client;
mod refusal;

use std::net::SocketAddr;
use std::sync::Arc;

use auth_metrics::ShadowDecision;
use auth_metrics::events::{ContextLayer, Forwarded};
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::accounts::{self, Accounts, Action, SignUpError};
use crate::login::{LoginError, LoginRequest};
use crate::risk::GateError;
use crate::second_factor;
use crate::service::Service;
use crate::tokens::Claims;
use client::Client;
use refusal::Refusal;

type Answer = Result<Response, Refusal>;
type App = State<Arc<Service>>;

const WELCOME: &str = "\
auth_service

POST /accounts               {\"id\", \"password\", \"second_factor\": bool}   the first account administrates
POST /login                  {\"id\", \"password\", \"proof\": the answer to a proof of work, if one was asked for}
POST /login/second-factor    {\"challenge\", \"code\"}
POST /login/partner          {\"code\"}
POST /refresh                {\"refresh_token\"}
POST /logout                 authorization: Bearer <access token>
GET  /me                     authorization: Bearer <access token>
POST /accounts/{id}/disable  authorization: Bearer <access token>
GET  /machine                x-api-key: <key>
GET  /.well-known/jwks.json  the public keys of the access tokens
";

#[derive(Deserialize)]
struct SignUp {
    id: String,
    password: String,
    #[serde(default)]
    second_factor: bool,
}

#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    id: String,
    #[serde(default)]
    password: String,
    proof: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    challenge: String,
    code: String,
}

#[derive(Deserialize)]
struct PartnerCode {
    code: String,
}

#[derive(Deserialize)]
struct Refresh {
    refresh_token: Option<String>,
}

/// All routes of the service. It must be served with the addresses of its clients. So many proxies of ours stand before it.
pub(crate) fn router(service: Arc<Service>, proxies: usize) -> Router {
    let forwarded = Forwarded::trusting(proxies);
    Router::new()
        .route("/", get(|| async { WELCOME }))
        .route("/accounts", post(sign_up))
        .route("/accounts/{id}/disable", post(disable))
        .route("/login", post(login))
        .route("/login/second-factor", post(answer_challenge))
        .route("/login/partner", post(partner_login))
        .route("/refresh", post(refresh))
        .route("/logout", post(logout))
        .route("/me", get(me))
        .route("/machine", get(machine))
        .route("/.well-known/jwks.json", get(keys))
        .with_state(service)
        .layer(Extension(forwarded.clone()))
        .layer(context(forwarded))
}

/// What each request brings: for the events and exemplars of all attempts inside of it. Without a proxy, the client's address is that of
/// the socket, whatever a header says.
fn context(forwarded: Forwarded) -> ContextLayer {
    ContextLayer::new()
        .socket(|found| found.get::<ConnectInfo<SocketAddr>>().map(|connected| connected.0))
        .peer(forwarded)
        .request_id("x-request-id")
        .traceparent()
}

/// A free name and a taken one get the same answer, secret included.
async fn sign_up(State(service): App, Json(body): Json<SignUp>) -> Answer {
    let secret = if body.second_factor { Some(accounts::totp_secret()?) } else { None };
    let shown = secret.as_deref().map(second_factor::to_text);
    match service.accounts.sign_up(&body.id, &body.password, secret).await {
        Ok(()) | Err(SignUpError::NameTaken) => {
            Ok((StatusCode::ACCEPTED, Json(json!({ "status": "accepted", "totp_secret": shown })))
                .into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn login(State(service): App, Client(client): Client, Json(body): Json<Login>) -> Answer {
    let Login { id, password, proof } = &body;
    let request = LoginRequest { name: id, password, client, proof: proof.as_deref() };
    match service.logins.sign_in(request).await {
        Ok(grant) => Ok(Json(grant).into_response()),
        Err(LoginError::SecondFactor { challenge }) => {
            Ok((StatusCode::ACCEPTED, Json(json!({ "challenge": challenge.0 }))).into_response())
        }
        Err(LoginError::Gate(
            GateError::ProofRequired { challenge } | GateError::ProofRefused { challenge },
        )) => Ok(refusal::with_challenge(&challenge)),
        Err(error) => Err(error.into()),
    }
}

async fn answer_challenge(State(service): App, Json(body): Json<Code>) -> Answer {
    Ok(Json(service.second_factors.answer(&body.challenge, &body.code).await?).into_response())
}

async fn partner_login(State(service): App, Json(body): Json<PartnerCode>) -> Answer {
    Ok(Json(service.partner_logins.login(&body.code).await?).into_response())
}

async fn refresh(State(service): App, Json(body): Json<Refresh>) -> Answer {
    Ok(Json(service.sessions.refresh(body.refresh_token.as_deref()).await?).into_response())
}

async fn logout(State(service): App, headers: HeaderMap) -> Answer {
    let claims = service.tokens.verify(bearer(&headers)).await?;
    service.sessions.logout(&claims).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn me(State(service): App, headers: HeaderMap) -> Answer {
    let claims = service.tokens.verify(bearer(&headers)).await?;
    permit(&service, &claims, Action::ReadOwnAccount).await?;
    Ok(Json(json!({ "id": claims.sub })).into_response())
}

async fn disable(State(service): App, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let claims = service.tokens.verify(bearer(&headers)).await?;
    permit(&service, &claims, Action::DisableAccount).await?;
    service.accounts.disable(&id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn machine(State(service): App, headers: HeaderMap) -> Answer {
    let key = headers.get("x-api-key").and_then(|key| key.to_str().ok());
    let name = service.machines.recognise(key)?.ok_or(Refusal::Unauthenticated)?;
    Ok(Json(json!({ "machine": name })).into_response())
}

async fn keys(State(service): App) -> Response {
    Json(service.signing.key_set()).into_response()
}

async fn permit(service: &Service, claims: &Claims, action: Action) -> Result<(), Refusal> {
    let role = service.accounts.role(&claims.sub).await?;
    let allowed = Accounts::may(claims, role, action);
    let observed = ShadowDecision::between(allowed, allowed && Accounts::four_eyes_would_allow(action));
    service.metrics.record_shadow_decision(service.metrics.service_id(), observed);
    if allowed { Ok(()) } else { Err(Refusal::Forbidden) }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
