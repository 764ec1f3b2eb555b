//! The authentication of a forum, and of a search engine, on actix-web, in the shape that such servers have:
//!
//! - one error for the whole program: a type among a hundred, and `anyhow` for whatever it was made from,
//! - a middleware that swallows every failure: who has a bad token is a visitor, until a handler asks for somebody,
//! - an extractor that finds what the middleware left, or refuses,
//! - an extractor with a policy as a type, whose checks return an `Option` or an enum of their own,
//! - the default registry of the prometheus crate.
//!
//! The store is a fake that can be down; its errors are those of diesel.

pub mod api;
pub mod claims;
pub mod error;
pub mod search;
pub mod session;
pub mod store;

use actix_web::{HttpResponse, web};
use auth_metrics::TEXT_CONTENT_TYPE;
use auth_metrics_actix::AttemptMiddleware;
use prometheus::{Encoder as _, TextEncoder};

use crate::error::LemmyError;

/// The routes; the handle is installed and registered by then.
pub fn configure(config: &mut web::ServiceConfig, context: &store::LemmyContext) {
    // A body that actix-web refuses never reaches the handler.
    let login = AttemptMiddleware::new("login_route").errors::<LemmyError>();
    config
        .app_data(web::Data::new(context.clone()))
        .service(web::resource("/account/login").wrap(login).route(web::post().to(api::login)))
        .service(
            web::scope("/api")
                .wrap(session::SessionMiddleware::new(context.clone()))
                .route("/site", web::get().to(api::site))
                .route("/account", web::get().to(api::account))
                .route("/account/register", web::post().to(api::register))
                .route("/account/password", web::post().to(api::change_password)),
        )
        .route("/indexes", web::get().to(search::list_indexes))
        .route("/metrics", web::get().to(metrics));
}

async fn metrics() -> HttpResponse {
    let mut text = Vec::new();
    match TextEncoder::new().encode(&prometheus::gather(), &mut text) {
        Ok(()) => HttpResponse::Ok().content_type(TEXT_CONTENT_TYPE).body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
