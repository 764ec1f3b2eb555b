//! The authentication of a password vault on Rocket, in the shape that such servers have:
//!
//! - one error struct that a macro makes; its reason is a text, and every handler says `err!("…")`,
//! - a store whose look-ups end in `.ok()`: an outage and somebody unknown are both `None`,
//! - tokens whose errors become texts before they return, and guards that answer with another text,
//! - a second factor that is asked for by an error,
//! - a check of the administrator's token that returns a `bool`.
//!
//! The store is a fake that can be down; its errors are those of diesel.

pub mod admin;
#[macro_use]
pub mod error;
pub mod accounts;
pub mod auth;
pub mod db;
pub mod identity;

use auth_metrics::{AuthMetrics, Outcome, Reason, ReasonSet, reasons};
use auth_metrics_rocket::{AttemptRoutes, ContextFairing, Scrape, in_context};
use rocket::{Build, Rocket, routes};

/// The server; the handle is installed by then.
pub fn server(metrics: &AuthMetrics, pool: db::DbPool) -> Rocket<Build> {
    // Its guard answers 503 without a connection; anywhere else that is a server which sheds load.
    let form = AttemptRoutes::new("login_form")
        .statuses(|status| match status.code {
            503 => Outcome::Failure(Reason::DependencyUnavailable),
            _ => reasons::rocket05::outcome(&status),
        })
        .among(reasons::rocket05::REASONS.union(ReasonSet::of(&[Reason::DependencyUnavailable])));
    rocket::build()
        .manage(pool)
        .attach(ContextFairing::new())
        .mount("/identity", form.meter(routes![identity::login]))
        .mount(
            "/api",
            in_context(routes![
                accounts::register,
                accounts::post_password,
                accounts::profile,
                accounts::refresh
            ]),
        )
        .mount("/admin", routes![admin::post_admin_login])
        .mount("/metrics", Scrape::new(metrics))
}
