//! The authentication of an identity provider on axum 0.8, in the shape that such servers have:
//!
//! - a login with a wrong password is `Ok`, status 200, and the form again,
//! - a login in steps returns a state; a denial is one of them, and so is "go on",
//! - the store is behind traits, and its error is erased: a box in a struct that is transparent,
//! - the token endpoint has an error of many variants, and hashes of passwords are checked on other threads, by `anyhow`,
//! - metrics are pushed.
//!
//! The store is a fake that can be down; its errors are those of sqlx.

pub mod login;
pub mod passwords;
pub mod pg;
pub mod steps;
pub mod storage;
pub mod token;

use auth_metrics::tower::AttemptLayer;
use axum::Router;
use axum::routing::post;

use passwords::PasswordManager;
use pg::PgRepository;
use steps::IdmServer;

#[derive(Clone)]
pub struct AppState {
    pub repo: PgRepository,
    pub passwords: PasswordManager,
    pub idm: IdmServer,
}

/// The routes; the handle is installed by then. The layer sees the forms that axum refuses.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/login", post(login::post).layer(AttemptLayer::new("login_page")))
        .route("/register", post(login::register))
        .route("/password", post(login::change_password))
        .route("/oauth2/token", post(token::post))
        .route("/v1/auth", post(steps::post))
        .with_state(state)
}
