//! The pages: what goes wrong in a form is shown in the form, with status 200.

use auth_metrics::{AuthMethod, FailureReason, Outcome, Reason, auth_metered};
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::AppState;
use crate::storage::{RepositoryError, User, UserRepository as _};

/// What is wrong with a form as a whole.
#[derive(Clone, Copy, Debug, FailureReason)]
pub enum FormError {
    InvalidCredentials,
    #[reason(rate_limited)]
    RateLimitExceeded,
    #[reason(account_locked)]
    Locked,
    #[reason(malformed_request)]
    Fields,
}

/// What no form can show.
#[derive(Debug, thiserror::Error, FailureReason)]
pub enum InternalError {
    #[error(transparent)]
    #[reason(transparent)]
    Repository(#[from] RepositoryError),
    #[error("the form was sent by somebody else")]
    #[reason(csrf_rejected)]
    Csrf,
    #[error(transparent)]
    #[reason(internal_error)]
    Other(#[from] anyhow::Error),
}

impl IntoResponse for InternalError {
    fn into_response(self) -> Response {
        let status = match self {
            InternalError::Csrf => StatusCode::BAD_REQUEST,
            InternalError::Repository(_) | InternalError::Other(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(self.failure_reason());
        response
    }
}

/// The form again. The layer around the route and the function below both read the reason in it.
fn render(error: FormError) -> Response {
    let mut page = Html(format!("<form><p>{error:?}</p></form>")).into_response();
    page.extensions_mut().insert(error.failure_reason());
    page
}

fn by_page(page: &Response) -> Outcome {
    page.extensions().get::<Reason>().map_or(Outcome::Success, |reason| Outcome::Failure(*reason))
}

#[derive(Deserialize)]
pub struct LoginForm {
    csrf: String,
    username: String,
    password: String,
}

pub async fn post(
    State(state): State<AppState>,
    Form(form): Form<LoginForm>,
) -> Result<Response, InternalError> {
    log_in(&state, form).await
}

#[auth_metered(
    op = "login",
    source = AuthMethod::Password,
    subject = form.username,
    verdict = by_page,
    among(invalid_credentials, rate_limited, account_locked, malformed_request),
    nested = decides, // a hash that can't be read is no wrong password, although the form says so
)]
async fn log_in(state: &AppState, form: LoginForm) -> Result<Response, InternalError> {
    if form.csrf != "token" {
        return Err(InternalError::Csrf);
    }
    if form.username.is_empty() {
        return Ok(render(FormError::Fields));
    }
    if form.username.starts_with("flood") {
        return Ok(render(FormError::RateLimitExceeded));
    }
    let Some(user) = state.repo.find_by_username(&form.username).await? else {
        return Ok(render(FormError::InvalidCredentials));
    };
    if state.passwords.verify_login(user.hash, form.password).await.is_err() {
        return Ok(render(FormError::InvalidCredentials));
    }
    if user.locked {
        return Ok(render(FormError::Locked));
    }
    Ok(Redirect::to("/").into_response())
}

#[derive(Deserialize)]
pub struct RegisterForm {
    username: String,
    password: String,
}

#[auth_metered(op = "register", kind = registration, verdict = by_page, among(invalid_credentials, malformed_request))]
pub async fn register(
    State(state): State<AppState>,
    Form(form): Form<RegisterForm>,
) -> Result<Response, InternalError> {
    if form.password.len() < 4 {
        return Ok(render(FormError::Fields));
    }
    let hash = state.passwords.hash(&form.password)?;
    state.repo.add(User { name: form.username, hash, locked: false }).await?;
    Ok(Redirect::to("/login").into_response())
}

#[derive(Deserialize)]
pub struct ChangeForm {
    username: String,
    current: String,
    new: String,
}

#[auth_metered(op = "change_password", kind = credential_change, verdict = by_page, among(invalid_credentials))]
pub async fn change_password(
    State(state): State<AppState>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, InternalError> {
    let Some(user) = state.repo.find_by_username(&form.username).await? else {
        return Ok(render(FormError::InvalidCredentials));
    };
    if state.passwords.verify(user.hash, form.current).await.is_err() {
        return Ok(render(FormError::InvalidCredentials));
    }
    let hash = state.passwords.hash(&form.new)?;
    state.repo.add(User { name: form.username, hash, locked: false }).await?;
    Ok(Redirect::to("/").into_response())
}
