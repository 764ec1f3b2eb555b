//! The authentication of a package registry on axum 0.8, in the shape that such servers have:
//!
//! - every error is a `Box<dyn AppError>`, a trait of its own: no `std` error, and any `std` error can become one,
//! - an error knows the response that it makes; functions such as `forbidden(…)` make the errors,
//! - a check of a request is a builder, and tries a session before a token,
//! - tokens of a build service are exchanged for tokens of the registry,
//! - its own registry of the prometheus crate.
//!
//! The store is a fake that can be down; its errors are those of diesel.

pub mod auth;
pub mod errors;
pub mod routes;
pub mod trusted;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use auth_metrics_adoption_stage::Dependency;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post, put};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use prometheus::{Registry, TextEncoder};

#[derive(Clone, Default)]
pub struct App {
    pub database: Dependency,
    pub registry: Registry,
    tokens: Arc<Mutex<HashMap<String, ApiToken>>>,
}

#[derive(Clone, Debug)]
pub struct ApiToken {
    pub user: String,
    pub expired: bool,
    pub scopes: Vec<&'static str>,
    pub locked: bool,
}

impl App {
    pub fn put(&self, token: &str, entry: ApiToken) {
        self.tokens.lock().unwrap().insert(token.to_owned(), entry);
    }

    /// Those that have expired are in no result, as the query says.
    async fn find_by_api_token(&self, token: &str) -> Result<ApiToken, DieselError> {
        let lost = || {
            let text = Box::new("server closed the connection".to_owned());
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, text)
        };
        self.database.call(lost).await?;
        let found = self.tokens.lock().unwrap().get(token).filter(|token| !token.expired).cloned();
        found.ok_or(DieselError::NotFound)
    }
}

pub fn router(app: App) -> Router {
    Router::new()
        .route("/api/v1/me", get(routes::me))
        .route("/api/v1/crates/new", put(routes::publish))
        .route("/api/v1/trusted_publishing/tokens", post(trusted::exchange))
        .route("/api/private/metrics", get(metrics))
        .with_state(app)
}

async fn metrics(State(app): State<App>) -> errors::AppResult<String> {
    Ok(TextEncoder::new().encode_to_string(&app.registry.gather())?)
}
