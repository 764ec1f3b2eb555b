//! A login in steps. Each returns a state; a denial is one of them, with a text.

use auth_metrics::{FailureReason, Outcome, ReasonSet, Verdict, auth_metered, reason_chain};
use auth_metrics_adoption_stage::Dependency;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::AppState;

const BAD_PASSWORD_MSG: &str = "incorrect password";
const BAD_TOTP_MSG: &str = "incorrect totp";
const ACCOUNT_EXPIRED: &str = "account expired";

#[derive(Clone, Debug, Serialize, Verdict)]
pub enum AuthState {
    #[reason(challenge_issued)]
    Choose(Vec<String>),
    #[reason(mfa_required)]
    Continue(Vec<String>),
    #[reason(with = why)]
    Denied(String),
    Success(String),
}

reason_chain! {
    fn why(text: &str) {
        match text {
            // The constants above: a chain takes their texts, and not their names.
            "incorrect password" => invalid_credentials,
            "incorrect totp" => mfa_invalid,
            "account expired" => account_disabled,
        }
    }
}

/// What is returned is the state with the session that it belongs to.
#[derive(Debug, Serialize)]
pub struct AuthResult {
    pub sessionid: u64,
    pub state: AuthState,
}

impl Verdict for AuthResult {
    const REASONS: ReasonSet = AuthState::REASONS;

    fn verdict(&self) -> Outcome {
        self.state.verdict()
    }
}

#[derive(Debug, thiserror::Error, FailureReason)]
pub enum OperationError {
    #[error("the session is not there")]
    #[reason(session_invalid)]
    InvalidSessionState,
    #[error("the backend")]
    #[reason(dependency_unavailable)]
    Backend,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthStep {
    Init(String),
    Begin(String),
    Password(String),
    Totp(String),
}

#[derive(Deserialize)]
pub struct AuthEvent {
    sessionid: u64,
    step: AuthStep,
}

#[derive(Clone, Default)]
pub struct IdmServer {
    pub backend: Dependency,
}

impl IdmServer {
    #[auth_metered(op = "auth_step", verdict)]
    pub async fn auth(&self, event: AuthEvent) -> Result<AuthResult, OperationError> {
        self.backend.call(|| OperationError::Backend).await?;
        let state = match event.step {
            AuthStep::Init(name) if name == "retired" => AuthState::Denied(ACCOUNT_EXPIRED.to_owned()),
            AuthStep::Init(_) => AuthState::Choose(vec!["passwordmfa".to_owned()]),
            _ if event.sessionid == 0 => return Err(OperationError::InvalidSessionState),
            AuthStep::Begin(_) => AuthState::Continue(vec!["totp".to_owned()]),
            AuthStep::Totp(code) if code == "314159" => AuthState::Continue(vec!["password".to_owned()]),
            AuthStep::Totp(_) => AuthState::Denied(BAD_TOTP_MSG.to_owned()),
            AuthStep::Password(password) if password == "correct horse" => {
                AuthState::Success("token".to_owned())
            }
            AuthStep::Password(_) => AuthState::Denied(BAD_PASSWORD_MSG.to_owned()),
        };
        Ok(AuthResult { sessionid: 7, state })
    }
}

pub async fn post(
    State(state): State<AppState>,
    Json(event): Json<AuthEvent>,
) -> Result<Json<AuthResult>, StatusCode> {
    match state.idm.auth(event).await {
        Ok(result) => Ok(Json(result)),
        Err(OperationError::InvalidSessionState) => Err(StatusCode::UNAUTHORIZED),
        Err(OperationError::Backend) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
