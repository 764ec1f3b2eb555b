//! `/metrics`: what is at zero in the first scrape, and in which format.

use auth_metrics::{AuthMetrics, OPENMETRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE};
use auth_metrics_rocket::{AttemptRoutes, Scrape};
use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use rocket::{State, get, post, routes};

use crate::{OP, handle, quiet};

#[post("/login")]
fn login() {}

#[get("/by_hand")]
fn by_hand(metrics: &State<AuthMetrics>) -> Scrape {
    Scrape::new(metrics)
}

fn client() -> Client {
    let metrics = handle();
    let server = quiet()
        .mount("/", AttemptRoutes::new(OP).metrics(&metrics).meter(routes![login]))
        .mount("/metrics", Scrape::new(&metrics))
        .mount("/", routes![by_hand])
        .manage(metrics);
    Client::untracked(server).unwrap()
}

#[test]
fn the_format_goes_by_the_accept_header() {
    let client = client();
    for uri in ["/metrics", "/by_hand"] {
        for (accept, expected) in [
            ("*/*", TEXT_CONTENT_TYPE),
            ("text/plain;version=0.0.4", TEXT_CONTENT_TYPE),
            ("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", OPENMETRICS_CONTENT_TYPE),
        ] {
            let response = client.get(uri).header(Header::new("accept", accept)).dispatch();
            assert_eq!(response.status(), Status::Ok);
            assert_eq!(response.headers().get_one("content-type"), Some(expected), "{accept}");
            assert_eq!(response.headers().get_one("cache-control"), Some("no-store"));
            let text = response.into_string().unwrap();
            assert_eq!(text.ends_with("# EOF\n"), expected == OPENMETRICS_CONTENT_TYPE, "{accept}");
        }
    }
}

#[test]
fn the_first_scrape_has_the_route_at_zero() {
    let text = client().get("/metrics").dispatch().into_string().unwrap();
    let line = "auth_operation_failures_total{service_id=\"gateway\",operation=\"gate\",failure_reason=\"malformed_request\"} 0\n";
    assert!(text.contains(line), "{text}");
}
