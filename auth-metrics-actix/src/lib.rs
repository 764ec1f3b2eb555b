//! [`auth_metrics`] for actix-web 4.
//!
//! - [`AttemptMiddleware`] makes an attempt of each request of a route: whatever its extractors, guards and handler answer is counted,
//!   timed and explained.
//! - [`ContextMiddleware`] gives every attempt inside of a request the client's address, the request's id and its trace.
//! - [`scrape_route`] answers `/metrics`, as text or `OpenMetrics`.
//!
//! ```
//! use actix_web::{App, HttpResponse, web};
//! use auth_metrics::AuthMetrics;
//! use auth_metrics_actix::{AttemptMiddleware, ContextMiddleware, scrape_route};
//!
//! # fn main() -> Result<(), auth_metrics::Error> {
//! let metrics = AuthMetrics::builder().service_id("shop").build()?;
//! metrics.install()?;
//! let app = move || {
//!     let login = web::post().to(HttpResponse::Ok).wrap(AttemptMiddleware::new("login"));
//!     App::new()
//!         .route("/login", login)
//!         .route("/metrics", scrape_route(&metrics))
//!         .wrap(ContextMiddleware::new()) // last, so that it is around everything
//! };
//! // HttpServer::new(app).bind("127.0.0.1:8080")?.run().await?
//! # let _ = app();
//! # Ok(()) }
//! ```
//!
//! The [guide](guide::actix) has a whole service: a form, an extractor for sessions, and statuses as reasons.

mod attempts;
mod context;
// In the documentation only; the code of its pages is tested in `tests/docs`.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
mod scrape;

pub use attempts::{AttemptMiddleware, AttemptService};
pub use context::{ContextMiddleware, ContextService};
pub use scrape::{scrape, scrape_route};
