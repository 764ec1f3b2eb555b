//! The login. Its form is Rocket's, and what is missing in it is an error with a text.

use auth_metrics::{AuthMethod, auth_metered};
use rocket::form::{Form, FromForm};
use rocket::post;
use rocket::serde::json::{Json, Value, json};

use crate::auth::encode_login;
use crate::db::{DbConn, User};
use crate::error::{Error, ErrorEvent, EventType, why};

pub type JsonResult = Result<Json<Value>, Error>;

#[derive(FromForm)]
pub struct ConnectData {
    grant_type: String,
    username: Option<String>,
    password: Option<String>,
    two_factor_token: Option<String>,
}

#[post("/connect/token", data = "<data>")]
pub async fn login(data: Form<ConnectData>, conn: DbConn) -> JsonResult {
    let data = data.into_inner();
    match data.grant_type.as_str() {
        "password" => password_login(data, &conn).await,
        _ => err!("Invalid type"),
    }
}

fn check_is_some<'v>(value: Option<&'v String>, message: &str) -> Result<&'v String, Error> {
    match value {
        Some(value) => Ok(value),
        None => err!(message),
    }
}

// An outage is `None` in there, so it is "incorrect" here; what failed inside decides.
#[auth_metered(op = "login", source = AuthMethod::Password, reason = why, subject = data.username.as_deref(), nested = decides)]
async fn password_login(data: ConnectData, conn: &DbConn) -> JsonResult {
    let username = check_is_some(data.username.as_ref(), "Missing username")?;
    let password = check_is_some(data.password.as_ref(), "Missing password")?;
    if username.starts_with("flood") {
        err_code!("Too many login requests", 429);
    }
    let Some(user) = User::find_to_log_in(username, conn).await.ok().flatten() else {
        err!("Username or password is incorrect. Try again", format!("Username: {username}."))
    };
    if !user.check_valid_password(password) {
        err!(
            "Username or password is incorrect. Try again",
            format!("Username: {username}."),
            ErrorEvent { event: EventType::UserFailedLogIn }
        )
    }
    if !user.enabled {
        err!("This user has been disabled", format!("Username: {username}."))
    }
    two_factor(&user, data.two_factor_token.as_deref())?;
    Ok(Json(json!({ "access_token": encode_login(&user.email, 3600, None) })))
}

fn two_factor(user: &User, token: Option<&str>) -> Result<(), Error> {
    match (&user.totp, token) {
        (None, _) => Ok(()),
        (Some(_), None) => {
            err_json!(
                json!({ "error": "invalid_grant", "TwoFactorProviders": ["0"] }),
                "2FA token not provided"
            )
        }
        (Some(right), Some(token)) if right == token => Ok(()),
        (Some(_), Some(_)) => err!(
            "Invalid TOTP code! Server time: 2026-01-01 00:00:00 UTC",
            String::new(),
            ErrorEvent { event: EventType::UserFailedLogIn2fa }
        ),
    }
}
