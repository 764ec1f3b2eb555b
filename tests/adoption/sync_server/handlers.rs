//! The handlers, and the extractor of sessions.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use auth_metrics::{AuthMethod, auth_metered};
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use crate::AppState;
use crate::database::{Database, DbError, User};
use crate::reply::{ErrorResponse, ErrorResponseStatus, RespExt as _, why};

pub struct UserAuth(pub User);

#[auth_metered(source = AuthMethod::Session, reason = why)]
impl<DB: Database> FromRequestParts<AppState<DB>> for UserAuth {
    type Rejection = ErrorResponseStatus<'static>;

    #[op("check_session", kind = session)]
    async fn from_request_parts(parts: &mut Parts, state: &AppState<DB>) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(AUTHORIZATION).ok_or_else(|| {
            ErrorResponse::reply("missing authorization header").with_status(StatusCode::BAD_REQUEST)
        })?;
        let header = header.to_str().map_err(|_| {
            ErrorResponse::reply("invalid authorization header encoding").with_status(StatusCode::BAD_REQUEST)
        })?;
        let token = header.strip_prefix("Token ").ok_or_else(|| {
            ErrorResponse::reply("invalid authorization header encoding").with_status(StatusCode::BAD_REQUEST)
        })?;
        match state.database.get_session_user(token).await {
            Ok(user) => Ok(UserAuth(user)),
            Err(DbError::NotFound) => {
                Err(ErrorResponse::reply("session not found").with_status(StatusCode::FORBIDDEN))
            }
            Err(DbError::Other(_)) => Err(unavailable()),
        }
    }
}

fn unavailable() -> ErrorResponseStatus<'static> {
    ErrorResponse::reply("failed to query the store").with_status(StatusCode::INTERNAL_SERVER_ERROR)
}

#[derive(Deserialize)]
pub struct LoginRequest {
    username: String,
    password: String,
}

#[derive(Serialize)]
pub struct LoginResponse {
    session: String,
}

#[auth_metered(op = "login", source = AuthMethod::Password, reason = why, subject = login.username)]
pub async fn login<DB: Database>(
    state: State<AppState<DB>>,
    login: Json<LoginRequest>,
) -> Result<Json<LoginResponse>, ErrorResponseStatus<'static>> {
    let user = match state.database.get_user(&login.username).await {
        Ok(user) => user,
        Err(DbError::NotFound) => {
            return Err(ErrorResponse::reply("user not found").with_status(StatusCode::NOT_FOUND));
        }
        Err(DbError::Other(_)) => return Err(unavailable()),
    };
    if !verify_str(&user.password, &login.password) {
        return Err(ErrorResponse::reply("password is not correct").with_status(StatusCode::UNAUTHORIZED));
    }
    Ok(Json(LoginResponse { session: format!("session-of-{}", user.username) }))
}

#[auth_metered(op = "register", kind = registration, reason = why)]
pub async fn register<DB: Database>(
    state: State<AppState<DB>>,
    register: Json<LoginRequest>,
) -> Result<Json<LoginResponse>, ErrorResponseStatus<'static>> {
    if !state.open_registration {
        return Err(ErrorResponse::reply("this server is not open for registrations")
            .with_status(StatusCode::BAD_REQUEST));
    }
    if !register.username.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
        return Err(ErrorResponse::reply("Only alphanumeric and hyphens (-) are allowed in usernames")
            .with_status(StatusCode::BAD_REQUEST));
    }
    let user = User { username: register.username.clone(), password: hash_secret(&register.password) };
    if state.database.save_user(user).await.is_err() {
        return Err(ErrorResponse::reply("failed to register user").with_status(StatusCode::BAD_REQUEST));
    }
    Ok(Json(LoginResponse { session: format!("session-of-{}", register.username) }))
}

#[derive(Deserialize)]
pub struct ChangePasswordRequest {
    current_password: String,
    new_password: String,
}

#[auth_metered(op = "change_password", kind = credential_change, reason = why)]
pub async fn change_password<DB: Database>(
    state: State<AppState<DB>>,
    UserAuth(mut user): UserAuth,
    change: Json<ChangePasswordRequest>,
) -> Result<StatusCode, ErrorResponseStatus<'static>> {
    if !verify_str(&user.password, &change.current_password) {
        return Err(ErrorResponse::reply("password is not correct").with_status(StatusCode::UNAUTHORIZED));
    }
    user.password = hash_secret(&change.new_password);
    state.database.save_user(user).await.map_err(|_| unavailable())?;
    Ok(StatusCode::OK)
}

pub async fn count<DB: Database>(_state: State<AppState<DB>>, UserAuth(user): UserAuth) -> String {
    metrics::counter!("sync_requests_total").increment(1);
    user.username
}

/// With the least memory and time, so that a test does not wait for it.
fn hash_secret(password: &str) -> String {
    let params = Params::new(8, 1, 1, None).unwrap();
    let salt = SaltString::encode_b64(b"salt of a test").unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(password.as_bytes(), &salt).unwrap().to_string()
}

fn verify_str(hash: &str, password: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}
