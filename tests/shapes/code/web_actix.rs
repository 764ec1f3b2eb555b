//! Handlers and extractors of actix-web, whose futures are not `Send`.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, Responder, ResponseError, get, post, web};
use auth_metrics::{FailureReason, Outcome, Reason};
use futures_util::future::LocalBoxFuture;

use super::super::auth_metered;
use crate::fixture::pause;

#[derive(Debug, FailureReason)]
pub(crate) enum WebError {
    #[reason(missing_credentials)]
    TokenMissing,
    #[reason(invalid_credentials)]
    Wrong,
}

impl std::fmt::Display for WebError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{self:?}")
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        StatusCode::UNAUTHORIZED
    }
}

fn header(request: &HttpRequest) -> Option<String> {
    Some(request.headers().get("authorization")?.to_str().ok()?.to_owned())
}

/// Read at once.
pub(crate) struct Key(pub(crate) String);

impl FromRequest for Key {
    type Error = WebError;
    type Future = Ready<Result<Self, Self::Error>>;

    #[auth_metered(op = "actix_key", future)]
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(key) = header(request) else {
            return ready(Err(WebError::TokenMissing));
        };
        ready(Ok(Self(key)))
    }
}

/// Read later, with the framework's own error.
pub(crate) struct User(pub(crate) String);

impl FromRequest for User {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    #[auth_metered(op = "actix_user", future, classify = by_error)]
    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let key = header(request);
        Box::pin(async move {
            pause().await;
            Ok(Self(key.ok_or(WebError::TokenMissing)?))
        })
    }
}

fn by_error<T>(result: &Result<T, Error>) -> Outcome {
    Outcome::from_result(result, |error| match error.as_error::<WebError>() {
        Some(known) => known.failure_reason(),
        None => Reason::InternalError,
    })
}

/// Read later, locally.
pub(crate) struct Session(pub(crate) usize);

impl FromRequest for Session {
    type Error = WebError;
    type Future = LocalBoxFuture<'static, Result<Self, WebError>>;

    #[auth_metered(op = "actix_session")]
    fn from_request(
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> LocalBoxFuture<'static, Result<Self, WebError>> {
        let user = User::from_request(request, payload);
        Box::pin(async move { user.await.map(|user| Self(user.0.len())).map_err(|_| WebError::Wrong) })
    }
}

#[post("/login")]
#[auth_metered(op = "actix_login")]
pub(crate) async fn login(secret: web::Data<String>, body: String) -> Result<HttpResponse, WebError> {
    let held = std::rc::Rc::new(body);
    pause().await;
    if **secret == *held { Ok(HttpResponse::Ok().body("welcome")) } else { Err(WebError::Wrong) }
}

#[auth_metered(op = "actix_me")]
#[get("/me")]
pub(crate) async fn me(Key(key): Key, user: User, session: Session) -> Result<impl Responder, WebError> {
    if key == user.0 { Ok(format!("{key} {}", session.0)) } else { Err(WebError::Wrong) }
}

#[auth_metered(op = "actix_routed", classify = by_error)]
pub(crate) async fn routed(request: HttpRequest) -> actix_web::Result<impl Responder> {
    let key = header(&request).ok_or(WebError::TokenMissing)?;
    Ok(HttpResponse::Ok().body(key))
}

pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config.service(login).service(me).route("/routed", web::get().to(routed));
}
