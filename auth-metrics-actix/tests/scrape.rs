//! `/metrics`: what is at zero in the first scrape, and in which format.

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpResponse, web};
use auth_metrics::{OPENMETRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE};
use auth_metrics_actix::{AttemptMiddleware, scrape_route};

use crate::{OP, handle, run};

/// The content type and the text of the first scrape.
fn scraped(accept: &str) -> (String, String) {
    let metrics = handle();
    run(async {
        let gate = AttemptMiddleware::new(OP).metrics(&metrics);
        let app = App::new()
            .service(web::resource("/login").wrap(gate).route(web::post().to(HttpResponse::Ok)))
            .route("/metrics", scrape_route(&metrics));
        let app = init_service(app).await;
        let request = TestRequest::get().uri("/metrics").insert_header((ACCEPT, accept)).to_request();
        let response = call_service(&app, request).await;
        let header = |name| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header(CACHE_CONTROL), "no-store");
        let content_type = header(CONTENT_TYPE);
        (content_type, String::from_utf8(read_body(response).await.to_vec()).unwrap())
    })
}

#[test]
fn the_format_goes_by_the_accept_header() {
    for (accept, expected) in [
        ("*/*", TEXT_CONTENT_TYPE),
        ("text/plain;version=0.0.4", TEXT_CONTENT_TYPE),
        ("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", OPENMETRICS_CONTENT_TYPE),
    ] {
        let (content_type, text) = scraped(accept);
        assert_eq!(content_type, expected, "{accept}");
        assert_eq!(text.ends_with("# EOF\n"), expected == OPENMETRICS_CONTENT_TYPE, "{accept}");
    }
}

#[test]
fn the_first_scrape_has_the_route_at_zero() {
    let (_, text) = scraped("*/*");
    let line = "auth_operation_failures_total{service_id=\"gateway\",operation=\"gate\",failure_reason=\"malformed_request\"} 0\n";
    assert!(text.contains(line), "{text}");
}
