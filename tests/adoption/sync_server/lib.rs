//! The authentication of a sync server on axum 0.8, in the shape that such servers have:
//!
//! - handlers return a status and a text; what it was made from is gone,
//! - the store is a trait whose error holds `eyre`,
//! - an extractor with that reply as its rejection,
//! - metrics by the facade `metrics` and its exporter, whose text is served.
//!
//! The store is a fake that can be down.

pub mod database;
pub mod handlers;
pub mod reply;

use auth_metrics::{AuthMetrics, TEXT_CONTENT_TYPE};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, patch, post};
use metrics_exporter_prometheus::PrometheusHandle;

use database::Database;

#[derive(Clone)]
pub struct AppState<DB> {
    pub database: DB,
    pub open_registration: bool,
}

pub fn router<DB: Database>(state: AppState<DB>, exporter: PrometheusHandle, auth: AuthMetrics) -> Router {
    metrics::describe_counter!("sync_requests_total", "Requests of clients that are logged in.");
    let scrape = async move || {
        let mut text = exporter.render();
        // A clash of names leaves the text as it is.
        let _ = auth.append_text(&mut text);
        ([(CONTENT_TYPE, TEXT_CONTENT_TYPE)], text).into_response()
    };
    Router::new()
        .route("/login", post(handlers::login::<DB>))
        .route("/register", post(handlers::register::<DB>))
        .route("/account/password", patch(handlers::change_password::<DB>))
        .route("/sync/count", get(handlers::count::<DB>))
        .with_state(state)
        .route("/metrics", get(scrape))
}
