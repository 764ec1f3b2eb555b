//! The `/metrics` route. Knows no formats.

use std::future::ready;

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Route, web};
use auth_metrics::AuthMetrics;

/// Returns a `GET` route that answers scrapes.
///
/// A scrape reveals how many logins fail. Before strangers can reach the route, check who asks: write a handler of your own with
/// [`scrape`], or put the route behind a middleware.
///
/// ```
/// use actix_web::App;
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_actix::scrape_route;
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("shop").build()?;
/// let app = App::new().route("/metrics", scrape_route(&metrics));
/// # let _ = app;
/// # Ok(()) }
/// ```
pub fn scrape_route(metrics: &AuthMetrics) -> Route {
    let metrics = metrics.clone();
    web::get().to(move |request: HttpRequest| ready(scrape(&metrics, request.headers())))
}

/// Answers a scrape in a handler of your own, in the format that the request's `Accept` header asks for.
///
/// Scrapers that name `OpenMetrics` get it unless they prefer the text, so Prometheus does. All others get the text format 0.0.4.
///
/// ```
/// use actix_web::{HttpRequest, HttpResponse, web};
/// use auth_metrics::AuthMetrics;
///
/// async fn metrics(request: HttpRequest, metrics: web::Data<AuthMetrics>) -> HttpResponse {
///     match request.headers().get("authorization") {
///         Some(token) if token == "Bearer of-the-scraper" => auth_metrics_actix::scrape(&metrics, request.headers()),
///         _ => HttpResponse::Unauthorized().finish(),
///     }
/// }
/// # let _ = web::get().to(metrics);
/// ```
pub fn scrape(metrics: &AuthMetrics, headers: &HeaderMap) -> HttpResponse {
    let (text, content_type) = metrics.encode_accepted(headers.get_all(ACCEPT).map(HeaderValue::as_bytes));
    HttpResponse::Ok().content_type(content_type).insert_header((CACHE_CONTROL, "no-store")).body(text)
}
