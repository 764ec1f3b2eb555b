//! The check of a request, as a builder.

use auth_metrics::{AuthMethod, auth_metered};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use diesel::result::Error as DieselError;

use crate::App;
use crate::errors::{
    AppResult, account_locked, insecurely_generated_or_unknown_token, missing_token, out_of_scope,
};

#[derive(Debug, Default)]
pub struct AuthCheck {
    scope: Option<&'static str>,
}

#[derive(Debug)]
pub struct Authentication {
    pub user: String,
}

impl AuthCheck {
    pub fn only_token(scope: &'static str) -> AuthCheck {
        AuthCheck { scope: Some(scope) }
    }

    /// The two below are steps of it: a request without a cookie is no failure, as long as there is a token.
    #[auth_metered(op = "authenticate")]
    pub async fn check(&self, parts: &Parts, app: &App) -> AppResult<Authentication> {
        if let Some(found) = by_cookie(parts) {
            return Ok(found);
        }
        let Some(found) = by_token(parts, app, self.scope).await? else { return Err(missing_token()) };
        Ok(found)
    }
}

#[auth_metered(op = "authenticate_cookie", source = AuthMethod::Session, none_is = success)]
fn by_cookie(parts: &Parts) -> Option<Authentication> {
    let cookie = parts.headers.get("cookie")?.to_str().ok()?;
    let user = cookie.strip_prefix("session=")?;
    Some(Authentication { user: user.to_owned() })
}

#[auth_metered(op = "authenticate_token", source = AuthMethod::ApiKey, none_is = success)]
async fn by_token(
    parts: &Parts,
    app: &App,
    scope: Option<&'static str>,
) -> AppResult<Option<Authentication>> {
    let Some(header) = parts.headers.get(AUTHORIZATION) else { return Ok(None) };
    let token = header.to_str().map_err(|_| insecurely_generated_or_unknown_token())?;
    let token = match app.find_by_api_token(token).await {
        Ok(token) => token,
        Err(DieselError::NotFound) => return Err(insecurely_generated_or_unknown_token()),
        Err(error) => return Err(error.into()),
    };
    if token.locked {
        return Err(account_locked());
    }
    if scope.is_some_and(|scope| !token.scopes.contains(&scope)) {
        return Err(out_of_scope());
    }
    Ok(Some(Authentication { user: token.user }))
}
