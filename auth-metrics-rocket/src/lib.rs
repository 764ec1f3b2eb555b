//! [`auth_metrics`] for Rocket 0.5.
//!
//! - [`AttemptRoutes`] makes an attempt of each request of a route: whatever its guards and handler answer is counted, timed and
//!   explained.
//! - [`ContextFairing`] reads the client's address, the request's id and its trace. Attempts inside of routes that are mounted through
//!   [`in_context`] or [`AttemptRoutes`] have them.
//! - [`Scrape`] answers `/metrics`, as text or `OpenMetrics`.
//!
//! ```
//! use auth_metrics::AuthMetrics;
//! use auth_metrics_rocket::{AttemptRoutes, ContextFairing, Scrape, in_context};
//! use rocket::{get, post, routes};
//!
//! #[post("/login")]
//! fn login() {}
//!
//! #[get("/orders")]
//! fn orders() {}
//!
//! # fn main() -> Result<(), auth_metrics::Error> {
//! let metrics = AuthMetrics::builder().service_id("shop").build()?;
//! metrics.install()?; // before the routes, so that they are exported at zero
//! let server = rocket::build()
//!     .attach(ContextFairing::new())
//!     .mount("/", AttemptRoutes::new("login").meter(routes![login]))
//!     .mount("/", in_context(routes![orders])) // functions that they call are annotated
//!     .mount("/metrics", Scrape::new(&metrics));
//! // server.launch().await?
//! # let _ = server;
//! # Ok(()) }
//! ```
//!
//! Rocket's fairings see a request before it is routed, and a response, but never run a handler. So they can't carry anything into one,
//! and learn nothing of a handler that panics or is dropped. What runs handlers here are the routes themselves.
//!
//! The [guide](guide::rocket) has a whole service: a form, a guard for sessions, and statuses as reasons.

mod attempts;
mod context;
// In the documentation only; the code of its pages is tested in `tests/docs`.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
mod outcomes;
mod reason;
mod scrape;

pub use attempts::AttemptRoutes;
pub use context::{ContextFairing, RequestContext, in_context};
pub use outcomes::{guard_error, guard_status, response};
pub use reason::{WithReason, note_reason};
pub use scrape::Scrape;
