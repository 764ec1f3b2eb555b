//! Handlers: each checks its request itself.

use auth_metrics::auth_metered;
use axum::extract::State;
use axum::http::request::Parts;

use crate::App;
use crate::auth::AuthCheck;
use crate::errors::{AppResult, bad_request, out_of_scope};

pub async fn me(State(app): State<App>, parts: Parts) -> AppResult<String> {
    Ok(AuthCheck::default().check(&parts, &app).await?.user)
}

pub async fn publish(State(app): State<App>, parts: Parts) -> AppResult<&'static str> {
    let by = AuthCheck::only_token("publish").check(&parts, &app).await?;
    let name = parts.uri.query().ok_or_else(|| bad_request("there is no name"))?;
    may_publish(&by.user, name)?;
    Ok("published")
}

#[auth_metered(op = "may_publish", kind = authorization, subject = user, resource = name)]
fn may_publish(user: &str, name: &str) -> AppResult<()> {
    if name.starts_with(user) { Ok(()) } else { Err(out_of_scope()) }
}
