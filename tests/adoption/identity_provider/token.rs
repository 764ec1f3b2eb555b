//! The token endpoint: an error with a variant for everything that RFC 6749 and its successors know.

use auth_metrics::{FailureReason, auth_metered, reason_chain};
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::AppState;
use crate::storage::{RepositoryError, UserRepository as _};

#[derive(Debug, thiserror::Error, FailureReason)]
pub enum RouteError {
    #[error(transparent)]
    #[reason(with = internal)]
    Internal(Box<dyn std::error::Error + Send + Sync + 'static>),
    #[error("bad request")]
    #[reason(malformed_request)]
    BadRequest,
    #[error("pkce verification failed")]
    #[reason(token_binding_failed)]
    PkceVerification,
    #[error("client not found")]
    #[reason(client_rejected)]
    ClientNotFound,
    #[error("invalid client credentials")]
    #[reason(invalid_credentials)]
    InvalidClientCredentials,
    #[error("grant not found")]
    #[reason(token_malformed)]
    GrantNotFound,
    #[error("grant was used already")]
    #[reason(token_replayed)]
    GrantFulfilled,
    #[error("grant has expired")]
    #[reason(token_expired)]
    GrantExpired,
    #[error("device code grant is still pending")]
    #[reason(authorization_pending)]
    DeviceCodePending,
    #[error("device code grant was rejected")]
    #[reason(mfa_denied)]
    DeviceCodeRejected,
    #[error("unsupported grant type")]
    #[reason(malformed_request)]
    UnsupportedGrantType,
}

reason_chain! {
    fn internal(error: &Box<dyn std::error::Error + Send + Sync + 'static>) {
        RepositoryError,
        _ => internal_error,
    }
}

macro_rules! impl_from_error_for_route {
    ($error:ty) => {
        impl From<$error> for RouteError {
            fn from(error: $error) -> RouteError {
                RouteError::Internal(Box::new(error))
            }
        }
    };
}

impl_from_error_for_route!(RepositoryError);

impl IntoResponse for RouteError {
    fn into_response(self) -> Response {
        match self {
            RouteError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            RouteError::ClientNotFound | RouteError::InvalidClientCredentials => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        }
        .into_response()
    }
}

#[derive(Deserialize)]
pub struct AccessTokenRequest {
    grant_type: String,
    client_id: String,
    client_secret: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
    device_code: Option<String>,
}

#[auth_metered(op = "token", kind = token, subject = request.client_id)]
pub async fn post(
    State(state): State<AppState>,
    Form(request): Form<AccessTokenRequest>,
) -> Result<&'static str, RouteError> {
    if request.client_id != "app" {
        return Err(RouteError::ClientNotFound);
    }
    if request.client_secret.as_deref() != Some("secret") {
        return Err(RouteError::InvalidClientCredentials);
    }
    match request.grant_type.as_str() {
        "authorization_code" => authorization_code_grant(&state, request).await,
        "urn:ietf:params:oauth:grant-type:device_code" => match request.device_code.as_deref() {
            Some("approved") => Ok("access-token"),
            Some("refused") => Err(RouteError::DeviceCodeRejected),
            _ => Err(RouteError::DeviceCodePending),
        },
        _ => Err(RouteError::UnsupportedGrantType),
    }
}

async fn authorization_code_grant(
    state: &AppState,
    request: AccessTokenRequest,
) -> Result<&'static str, RouteError> {
    let code = request.code.ok_or(RouteError::BadRequest)?;
    let grant = state.repo.use_code(&code).await?.ok_or(RouteError::GrantNotFound)?;
    if grant.is_fulfilled {
        return Err(RouteError::GrantFulfilled);
    }
    if grant.is_expired {
        return Err(RouteError::GrantExpired);
    }
    if request.code_verifier.as_ref() != Some(&grant.verifier) {
        return Err(RouteError::PkceVerification);
    }
    Ok("access-token")
}
