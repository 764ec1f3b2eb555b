//! The web front end: an error of its own around that of the domain, and handlers that turn it into a response themselves.

use std::future::{Ready, ready};

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::ErrorUnauthorized;
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use auth_metrics::events::Context;
use auth_metrics::{AuthMetrics, FailureReason, OperationKind, auth_metered};
use auth_metrics_actix::{AttemptMiddleware, scrape_route};
use serde::Deserialize;

use crate::access::AccessControlledBackendHandler;
use crate::domain::{BindRequest, DomainError, LoginHandler, OpaqueHandler, Protocol, UserHandler};
use crate::opaque::{login, registration};
use crate::tokens::{Tokens, ValidationResults};

#[derive(Debug, thiserror::Error, FailureReason)]
pub enum TcpError {
    #[error("`{0}`")]
    #[reason(transparent)]
    DomainError(#[from] DomainError),
    #[error("Bad request: `{0}`")]
    #[reason(malformed_request)]
    BadRequest(String),
    #[error("Unauthorized: `{0}`")]
    #[reason(token_expired)]
    UnauthorizedError(String),
    #[error("Forbidden: `{0}`")]
    #[reason(permission_denied)]
    ForbiddenError(String),
}

pub type TcpResult<T> = Result<T, TcpError>;

fn error_to_http_response(error: &TcpError) -> HttpResponse {
    let status = match error {
        TcpError::DomainError(
            DomainError::AuthenticationError(_) | DomainError::AuthenticationProtocolError(_),
        )
        | TcpError::UnauthorizedError(_) => StatusCode::UNAUTHORIZED,
        TcpError::DomainError(DomainError::EntityNotFound(_)) => StatusCode::NOT_FOUND,
        TcpError::DomainError(_) => StatusCode::INTERNAL_SERVER_ERROR,
        TcpError::BadRequest(_) => StatusCode::BAD_REQUEST,
        TcpError::ForbiddenError(_) => StatusCode::FORBIDDEN,
    };
    HttpResponse::build(status).body(error.to_string())
}

pub struct AppState<Backend> {
    pub backend: AccessControlledBackendHandler<Backend>,
    pub tokens: Tokens,
}

/// Says by which protocol, to all attempts inside of it.
async fn over_http<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> actix_web::Result<ServiceResponse<B>> {
    Context::new().source(&Protocol::Http).scope(next.call(request)).await
}

#[derive(Deserialize)]
struct ClientSimpleLoginRequest {
    username: String,
    password: String,
}

async fn simple_login<Backend: LoginHandler + UserHandler>(
    state: &AppState<Backend>,
    request: ClientSimpleLoginRequest,
) -> TcpResult<HttpResponse> {
    let backend = state.backend.unsafe_get_handler();
    backend.bind(BindRequest { name: request.username.clone(), password: request.password }).await?;
    let is_admin = backend.is_admin(&request.username).await?;
    Ok(HttpResponse::Ok().body(state.tokens.create_jwt(&request.username, is_admin, 60)))
}

async fn simple_login_handler<Backend: LoginHandler + UserHandler>(
    state: web::Data<AppState<Backend>>,
    request: web::Json<ClientSimpleLoginRequest>,
) -> HttpResponse {
    let answer = simple_login(&state, request.into_inner()).await;
    answer.unwrap_or_else(|error| error_to_http_response(&error))
}

async fn opaque_login_start<Backend: OpaqueHandler>(
    state: web::Data<AppState<Backend>>,
    request: web::Json<login::ClientLoginStartRequest>,
) -> HttpResponse {
    match state.backend.unsafe_get_handler().login_start(request.into_inner()).await {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(error) => error_to_http_response(&error.into()),
    }
}

async fn opaque_login_finish<Backend: OpaqueHandler>(
    state: web::Data<AppState<Backend>>,
    request: web::Json<login::ClientLoginFinishRequest>,
) -> HttpResponse {
    match state.backend.unsafe_get_handler().login_finish(request.into_inner()).await {
        Ok(user) => HttpResponse::Ok().body(state.tokens.create_jwt(&user, false, 60)),
        Err(error) => error_to_http_response(&error.into()),
    }
}

#[auth_metered(op = "refresh", kind = session)]
async fn get_refresh<Backend: UserHandler>(
    state: &AppState<Backend>,
    user: Option<&str>,
) -> TcpResult<String> {
    let user = user.ok_or_else(|| TcpError::BadRequest("no refresh token".to_owned()))?;
    let is_admin = state.backend.unsafe_get_handler().is_admin(user).await?;
    Ok(state.tokens.create_jwt(user, is_admin, 60))
}

async fn get_refresh_handler<Backend: UserHandler>(
    state: web::Data<AppState<Backend>>,
    request: HttpRequest,
) -> HttpResponse {
    let cookie = request.cookie("refresh_token");
    let token = cookie.as_ref().map(actix_web::cookie::Cookie::value);
    match get_refresh(&state, token).await {
        Ok(token) => HttpResponse::Ok().body(token),
        Err(error) => error_to_http_response(&error),
    }
}

/// The extractor of another crate: it knows of no metrics, and refuses requests before a handler runs.
struct BearerAuth(String);

impl FromRequest for BearerAuth {
    type Error = actix_web::Error;
    type Future = Ready<Result<BearerAuth, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get("authorization").and_then(|header| header.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix("Bearer "));
        ready(token.map(|token| BearerAuth(token.to_owned())).ok_or_else(|| ErrorUnauthorized("no token")))
    }
}

async fn list_users<Backend: UserHandler>(
    state: web::Data<AppState<Backend>>,
    BearerAuth(token): BearerAuth,
) -> actix_web::Result<HttpResponse> {
    let by = state.tokens.check_if_token_is_valid(&token)?;
    Ok(match users(&state, &by).await {
        Ok(users) => HttpResponse::Ok().json(users),
        Err(error) => error_to_http_response(&error),
    })
}

async fn users<Backend: UserHandler>(
    state: &AppState<Backend>,
    by: &ValidationResults,
) -> TcpResult<Vec<String>> {
    let handler = state.backend.get_admin_handler(by);
    let handler = handler.ok_or_else(|| TcpError::ForbiddenError("admins only".to_owned()))?;
    Ok(handler.list_users().await?)
}

async fn create_user<Backend: UserHandler>(
    state: web::Data<AppState<Backend>>,
    BearerAuth(token): BearerAuth,
    name: web::Path<String>,
) -> actix_web::Result<HttpResponse> {
    let by = state.tokens.check_if_token_is_valid(&token)?;
    let Some(handler) = state.backend.get_admin_handler(&by) else {
        return Ok(HttpResponse::Forbidden().finish());
    };
    Ok(match handler.create_user(&name).await {
        Ok(()) => HttpResponse::Created().finish(),
        Err(error) => error_to_http_response(&error.into()),
    })
}

async fn set_password<Backend: OpaqueHandler + UserHandler>(
    state: web::Data<AppState<Backend>>,
    BearerAuth(token): BearerAuth,
    request: web::Json<registration::ClientRegistrationFinishRequest>,
) -> actix_web::Result<HttpResponse> {
    let by = state.tokens.check_if_token_is_valid(&token)?;
    if state.backend.get_user_restricted_handler(&by, &request.server_data).is_none() {
        return Ok(HttpResponse::Forbidden().finish());
    }
    Ok(match state.backend.unsafe_get_handler().registration_finish(request.into_inner()).await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(error) => error_to_http_response(&error.into()),
    })
}

/// The routes. Those whose extractors are somebody else's are metered as a whole.
pub fn configure<Backend: LoginHandler + OpaqueHandler + UserHandler + 'static>(
    config: &mut web::ServiceConfig,
    metrics: &AuthMetrics,
    state: &web::Data<AppState<Backend>>,
) {
    let form = AttemptMiddleware::new("http_login");
    let api = || AttemptMiddleware::new("api").kind(OperationKind::Token);
    config
        .app_data(state.clone())
        .service(
            web::resource("/auth/simple/login")
                .wrap(form)
                .wrap(from_fn(over_http))
                .route(web::post().to(simple_login_handler::<Backend>)),
        )
        .route("/auth/opaque/login/start", web::post().to(opaque_login_start::<Backend>))
        .route("/auth/opaque/login/finish", web::post().to(opaque_login_finish::<Backend>))
        .route("/auth/refresh", web::get().to(get_refresh_handler::<Backend>))
        .service(web::resource("/api/users").wrap(api()).route(web::get().to(list_users::<Backend>)))
        .service(web::resource("/api/users/{name}").wrap(api()).route(web::post().to(create_user::<Backend>)))
        .service(
            web::resource("/auth/opaque/register/finish")
                .wrap(api())
                .route(web::post().to(set_password::<Backend>)),
        )
        .route("/metrics", scrape_route(metrics));
}
