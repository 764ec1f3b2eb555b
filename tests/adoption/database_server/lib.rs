//! The authentication of a database server on axum 0.7, in the shape that such servers have:
//!
//! - one error of token validation, with a variant that holds `anyhow`,
//! - validators that call each other: a full one, one with a cache, one for issuers, one for keys,
//! - an extractor of `async_trait` whose rejection is an enum of its own, and one whose token is optional,
//! - its own registry of the prometheus crate.
//!
//! The issuer of keys is a fake that can be down.

pub mod extract;
pub mod validators;

use auth_metrics::auth_metered;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use prometheus::{Encoder as _, IntCounter, Registry, TextEncoder};

use extract::{SpacetimeAuth, SpacetimeAuthRequired};
use validators::FullTokenValidator;

#[derive(Clone)]
pub struct NodeState {
    pub validator: FullTokenValidator,
    pub registry: Registry,
    pub requests: IntCounter,
}

/// The routes. The registry has the metrics of the server, and those of the handle beside them.
pub fn router(state: NodeState) -> Router {
    Router::new()
        .route("/v1/identity", post(create_identity))
        .route("/v1/database/:name", get(describe).delete(delete))
        .route("/metrics", get(metrics))
        .with_state(state)
}

/// Makes somebody who was not there before: no login, although it gives a token.
#[auth_metered(op = "create_identity", kind = registration)]
async fn create_identity(State(state): State<NodeState>) -> Result<String, extract::AuthorizationRejection> {
    state.requests.inc();
    Ok(state.validator.sign("identity-7", 60))
}

async fn describe(State(state): State<NodeState>, auth: SpacetimeAuth, Path(name): Path<String>) -> String {
    state.requests.inc();
    format!("{name} for {}", auth.identity.as_deref().unwrap_or("anybody"))
}

async fn delete(
    State(state): State<NodeState>,
    SpacetimeAuthRequired(auth): SpacetimeAuthRequired,
    Path(name): Path<String>,
) -> Result<StatusCode, StatusCode> {
    state.requests.inc();
    if may_delete(auth.identity.as_deref(), &name) { Ok(StatusCode::OK) } else { Err(StatusCode::FORBIDDEN) }
}

#[auth_metered(op = "may_delete", kind = authorization, false_is = permission_denied, subject = identity, resource = name)]
fn may_delete(identity: Option<&str>, name: &str) -> bool {
    identity.is_some_and(|identity| name.starts_with(identity))
}

async fn metrics(State(state): State<NodeState>) -> Result<String, StatusCode> {
    let mut text = Vec::new();
    let encoded = TextEncoder::new().encode(&state.registry.gather(), &mut text);
    encoded.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    String::from_utf8(text).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
