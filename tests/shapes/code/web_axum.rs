//! Handlers, extractors and middleware of axum, on a router.

use std::sync::Arc;

use auth_metrics::{FailureReason, Outcome, Reason};
use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, debug_handler};

use super::super::auth_metered;
use crate::fixture::pause;

#[derive(Debug, FailureReason)]
pub(crate) enum ApiError {
    #[reason(missing_credentials)]
    TokenMissing,
    InvalidCredentials,
    PermissionDenied,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::TokenMissing | Self::InvalidCredentials => StatusCode::UNAUTHORIZED,
            Self::PermissionDenied => StatusCode::FORBIDDEN,
        };
        (status, format!("{self:?}")).into_response()
    }
}

pub(crate) struct App {
    pub(crate) secret: String,
}

pub(crate) type Shared = Arc<App>;

/// The user behind a request.
#[derive(Clone, Debug)]
pub(crate) struct CurrentUser(String);

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

impl<S> FromRequestParts<S> for CurrentUser
where
    Shared: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    #[auth_metered(op = "axum_extract", kind = token, device = parts.uri.host(), resource = parts.uri)]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let app = Shared::from_ref(state);
        pause().await;
        match bearer(&parts.headers) {
            None => Err(ApiError::TokenMissing),
            Some(token) if token == app.secret => Ok(Self("admin".to_owned())),
            Some(_) => Err(ApiError::InvalidCredentials),
        }
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for CurrentUser
where
    Shared: FromRef<S>,
{
    type Rejection = ApiError;

    #[auth_metered(op = "axum_extract_optional", kind = token, none_is = success)]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, ApiError> {
        if bearer(&parts.headers).is_none() {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

#[debug_handler(state = Shared)]
#[auth_metered(op = "axum_login", subject = password)]
pub(crate) async fn login(
    State(app): State<Shared>,
    Json(password): Json<String>,
) -> Result<String, ApiError> {
    pause().await;
    if password == app.secret { Ok("welcome".to_owned()) } else { Err(ApiError::InvalidCredentials) }
}

#[auth_metered(op = "axum_me", subject = name)]
#[debug_handler(state = Shared)]
pub(crate) async fn me(_: State<Shared>, CurrentUser(name): CurrentUser) -> Result<Json<String>, ApiError> {
    Ok(Json(name))
}

#[auth_metered(op = "axum_optional", classify = by_response)]
pub(crate) async fn optional(user: Option<CurrentUser>) -> impl IntoResponse + use<> {
    match user {
        Some(CurrentUser(name)) => (StatusCode::OK, name),
        None => (StatusCode::UNAUTHORIZED, "who?".to_owned()),
    }
}

fn by_response<R>(_: &R) -> Outcome {
    Outcome::Success
}

#[auth_metered(op = "axum_authorize", kind = authorization, resource = request.uri(), session = bearer(&headers), classify = by_status)]
pub(crate) async fn authorize(
    State(app): State<Shared>,
    headers: HeaderMap,
    mut request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let token = bearer(&headers).ok_or(StatusCode::UNAUTHORIZED)?;
    if token != app.secret {
        return Err(StatusCode::FORBIDDEN);
    }
    request.extensions_mut().insert(CurrentUser(token.to_owned()));
    Ok(next.run(request).await)
}

fn by_status(result: &Result<Response, StatusCode>) -> Outcome {
    Outcome::from_result(result, |status| match *status {
        StatusCode::UNAUTHORIZED => Reason::MissingCredentials,
        StatusCode::FORBIDDEN => Reason::PermissionDenied,
        _ => Reason::InternalError,
    })
}

#[auth_metered(op = "axum_through", classify = by_response)]
pub(crate) async fn through(request: Request, next: Next) -> Response {
    next.run(request).await
}

#[auth_metered(op = "axum_refuse")]
pub(crate) async fn refuse() -> Result<(), ApiError> {
    Err(ApiError::PermissionDenied)
}

pub(crate) fn router(app: Shared) -> Router {
    Router::new()
        .route("/admin", get(|| async { "admin" }))
        .route_layer(from_fn_with_state(Arc::clone(&app), authorize))
        .route("/login", post(login))
        .route("/me", get(me))
        .route("/optional", get(optional))
        .route("/refuse", get(refuse))
        .layer(from_fn(through))
        .with_state(app)
}
