//! The answer of `/metrics`. Knows no formats.

use std::io::Cursor;

use auth_metrics::AuthMetrics;
use rocket::http::Method;
use rocket::response::{self, Responder};
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Response, Route};

/// Answers a scrape in the format that the request's `Accept` header asks for: mount it, or return it from a handler of your own.
///
/// Scrapers that name `OpenMetrics` get it unless they prefer the text, so Prometheus does. All others get the text format 0.0.4.
///
/// A scrape reveals how many logins fail. Before strangers can reach the route, check who asks:
///
/// ```
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_rocket::Scrape;
/// use rocket::{State, get, routes};
/// # use rocket::request::{FromRequest, Outcome, Request};
///
/// # struct Scraper;
/// # #[rocket::async_trait]
/// # impl<'r> FromRequest<'r> for Scraper {
/// #     type Error = ();
/// #     async fn from_request(_: &'r Request<'_>) -> Outcome<Scraper, ()> { Outcome::Success(Scraper) }
/// # }
/// #[get("/metrics")]
/// fn scrape(_scraper: Scraper, metrics: &State<AuthMetrics>) -> Scrape { // `Scraper` is a guard of yours
///     Scrape::new(metrics)
/// }
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("shop").build()?;
/// let checked = rocket::build().manage(metrics.clone()).mount("/", routes![scrape]);
/// let open = rocket::build().mount("/metrics", Scrape::new(&metrics)); // for private networks
/// # let _ = (checked, open);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Scrape(AuthMetrics);

impl Scrape {
    /// Makes an answer with all that this handle exports.
    pub fn new(metrics: &AuthMetrics) -> Scrape {
        Scrape(metrics.clone())
    }
}

impl<'r> Responder<'r, 'static> for Scrape {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let (text, content_type) = self.0.encode_accepted(request.headers().get("accept").map(str::as_bytes));
        Response::build()
            .raw_header("content-type", content_type)
            .raw_header("cache-control", "no-store")
            .sized_body(text.len(), Cursor::new(text))
            .ok()
    }
}

#[rocket::async_trait]
impl Handler for Scrape {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        Outcome::from(request, self.clone())
    }
}

/// A `GET` route at the place where it is mounted.
impl From<Scrape> for Vec<Route> {
    fn from(scrape: Scrape) -> Vec<Route> {
        let mut route = Route::new(Method::Get, "/", scrape);
        route.name = Some("metrics".into());
        vec![route]
    }
}
