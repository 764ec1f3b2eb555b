//! A wrapped route counts requests of its own method, and a refusal by an extractor is one of them.

use std::collections::BTreeMap;

use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, web};
use auth_metrics_actix::AttemptMiddleware;

use crate::{OP, counted, handle, run};

async fn form(_: web::Form<BTreeMap<String, u8>>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[test]
fn a_wrapped_route_counts_its_own_method_alone() {
    let metrics = handle();
    run(async {
        let gate = AttemptMiddleware::new(OP).metrics(&metrics);
        let resource = web::resource("/form").route(web::post().to(form).wrap(gate));
        let app = init_service(App::new().service(resource)).await;
        let post = |body: &'static str| {
            let request = TestRequest::post().uri("/form").set_payload(body);
            request.insert_header(("content-type", "application/x-www-form-urlencoded"))
        };
        let mut answers = Vec::new();
        for request in [TestRequest::get().uri("/form"), post("pin=7"), post("pin=none")] {
            answers.push(call_service(&app, request.to_request()).await.status().as_u16());
        }
        assert_eq!(answers, [405, 200, 400]);
    });
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("success", 1), ("malformed_request", 1)]));
}
