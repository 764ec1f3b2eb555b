//! The handlers.

use actix_web::web::{Data, Json};
use auth_metrics::{AuthMethod, auth_metered};
use serde::Deserialize;

use crate::claims::Claims;
use crate::error::{LemmyErrorExt as _, LemmyErrorType, LemmyResult};
use crate::store::{LemmyContext, LocalUserView};

#[derive(Deserialize)]
pub struct Login {
    username_or_email: String,
    password: String,
    totp_2fa_token: Option<String>,
}

#[auth_metered(op = "login", source = AuthMethod::Password, subject = data.username_or_email)]
pub async fn login(data: Json<Login>, context: Data<LemmyContext>) -> LemmyResult<String> {
    if data.username_or_email.starts_with("flood") {
        Err(LemmyErrorType::RateLimitError)?;
    }
    let found = context.find_by_name(&data.username_or_email).await;
    let user = found.with_lemmy_type(LemmyErrorType::IncorrectLogin)?;
    let valid = bcrypt::verify(&data.password, &user.password_encrypted)
        .with_lemmy_type(LemmyErrorType::IncorrectLogin)?;
    if !valid {
        Err(LemmyErrorType::IncorrectLogin)?;
    }
    if user.banned {
        Err(LemmyErrorType::SiteBan)?;
    }
    if !user.email_verified {
        Err(LemmyErrorType::EmailNotVerified)?;
    }
    check_totp(&user, data.totp_2fa_token.as_deref())?;
    Claims::generate(&user.name, 60, None)
}

fn check_totp(user: &LocalUserView, token: Option<&str>) -> LemmyResult<()> {
    let Some(right) = &user.totp else { return Ok(()) };
    let token = token.ok_or(LemmyErrorType::MissingTotpToken)?;
    if token != right {
        Err(LemmyErrorType::IncorrectTotpToken)?;
    }
    Ok(())
}

pub async fn site(user: Option<LocalUserView>) -> String {
    user.map_or_else(|| "visitor".to_owned(), |user| user.name)
}

pub async fn account(user: LocalUserView) -> String {
    user.name
}

#[derive(Deserialize)]
pub struct Register {
    username: String,
    password: String,
}

#[auth_metered(op = "register", kind = registration)]
pub async fn register(data: Json<Register>, context: Data<LemmyContext>) -> LemmyResult<String> {
    match context.find_by_name(&data.username).await {
        Ok(_) => Err(LemmyErrorType::UsernameAlreadyTaken)?,
        Err(diesel::result::Error::NotFound) => {}
        Err(error) => Err(error)?,
    }
    context.put(&data.username, &data.password);
    Claims::generate(&data.username, 60, None)
}

#[derive(Deserialize)]
pub struct ChangePassword {
    old_password: String,
    new_password: String,
}

#[auth_metered(op = "change_password", kind = credential_change)]
pub async fn change_password(
    data: Json<ChangePassword>,
    context: Data<LemmyContext>,
    user: LocalUserView,
) -> LemmyResult<&'static str> {
    if data.new_password.len() < 4 {
        Err(LemmyErrorType::InvalidPassword)?;
    }
    if !bcrypt::verify(&data.old_password, &user.password_encrypted)? {
        Err(LemmyErrorType::IncorrectLogin)?;
    }
    context.put(&user.name, &data.new_password);
    Ok("changed")
}
