//! Routed and called by their frameworks.

use std::sync::Arc;

use actix_web::test as actix;
use auth_metrics::testing::Scope;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use tower::{Layer, ServiceExt};

use super::{assert_counted, assert_same, both};
use crate::fixture::block_on;

type Answer = (u16, String);

async fn ask(router: axum::Router, path: &str, token: &str, body: &'static str) -> Answer {
    let method = if body.is_empty() { "GET" } else { "POST" };
    let request = Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
    let request = if token.is_empty() { request } else { request.header(AUTHORIZATION, token) };
    let answer = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 1000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

const AXUM: [(&str, &str, &str, u16); 12] = [
    ("/login", "", "\"secret\"", 200),
    ("/login", "", "\"guess\"", 401),
    ("/me", "Bearer secret", "", 200),
    ("/me", "Bearer guess", "", 401),
    ("/me", "", "", 401),
    ("/optional", "Bearer secret", "", 200),
    ("/optional", "Bearer guess", "", 401),
    ("/optional", "", "", 401),
    ("/refuse", "", "", 403),
    ("/admin", "Bearer secret", "", 200),
    ("/admin", "Bearer guess", "", 403),
    ("/admin", "", "", 401),
];

#[tokio::test]
async fn axum_routes_answer_the_same() {
    let scope = Scope::new();
    for (path, token, body, status) in AXUM {
        let plain = {
            use crate::plain::code::web_axum::{App, router};
            ask(router(Arc::new(App { secret: "secret".to_owned() })), path, token, body).await
        };
        let metered = {
            use crate::metered::code::web_axum::{App, router};
            scope
                .metrics()
                .scope(ask(router(Arc::new(App { secret: "secret".to_owned() })), path, token, body))
                .await
        };
        assert_eq!(metered, plain, "{path} {token}");
        assert_eq!(plain.0, status, "{path} {token}");
    }
    assert_counted(&scope, "axum_login", 2, 1, &[("invalid_credentials", 1)]);
    assert_counted(&scope, "axum_extract", 5, 2, &[("invalid_credentials", 2), ("missing_credentials", 1)]);
    assert_counted(&scope, "axum_extract_optional", 3, 2, &[("invalid_credentials", 1)]);
    assert_counted(&scope, "axum_me", 1, 1, &[]);
    assert_counted(&scope, "axum_authorize", 3, 1, &[("permission_denied", 1), ("missing_credentials", 1)]);
    assert_counted(&scope, "axum_refuse", 1, 0, &[("permission_denied", 1)]);
    assert_counted(&scope, "axum_through", 12, 12, &[]);
}

macro_rules! actix_answers {
    ($code:path) => {{
        use $code as code;
        let secret = actix_web::web::Data::new("secret".to_owned());
        let app = actix_web::App::new().app_data(secret).configure(code::configure);
        let app = actix::init_service(app).await;
        let mut answers = Vec::new();
        for (path, token, body) in [
            ("/login", "", "secret"),
            ("/login", "", "guess"),
            ("/me", "key", ""),
            ("/me", "", ""),
            ("/routed", "key", ""),
            ("/routed", "", ""),
        ] {
            let request =
                if body.is_empty() { actix::TestRequest::get() } else { actix::TestRequest::post() };
            let request =
                if token.is_empty() { request } else { request.insert_header(("authorization", token)) };
            let request = request.uri(path).set_payload(body).to_request();
            let answer = actix::call_service(&app, request).await;
            let status = answer.status().as_u16();
            answers.push((status, actix::read_body(answer).await));
        }
        answers
    }};
}

#[actix_web::test]
async fn actix_routes_answer_the_same() {
    let scope = Scope::new();
    let plain = actix_answers!(crate::plain::code::web_actix);
    let metered = scope.metrics().scope(async { actix_answers!(crate::metered::code::web_actix) }).await;
    assert_eq!(metered, plain);
    let statuses: Vec<u16> = plain.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 401, 200, 401, 200, 401]);
    assert_counted(&scope, "actix_login", 2, 1, &[("invalid_credentials", 1)]);
    assert_counted(&scope, "actix_key", 2, 1, &[("missing_credentials", 1)]);
    assert_counted(&scope, "actix_me", 1, 1, &[]);
    assert_counted(&scope, "actix_routed", 2, 1, &[("missing_credentials", 1)]);
}

#[test]
fn tower_services_answer_the_same() {
    let scope = Scope::new();
    let (plain, metered) = both!(scope, code => {
        use code::web_tower::{Echo, GateLayer, gate_function};
        let gate = GateLayer.layer(Echo);
        let around = GateLayer.layer(tower::service_fn(gate_function));
        ["Bearer abc", "abc"].map(|header| {
            let (gate, around) = (gate.clone(), around.clone());
            (format!("{:?}", block_on(gate.oneshot(header.to_owned()))),
                format!("{:?}", block_on(around.oneshot(header.to_owned()))))
        })
    });
    assert_same(&plain, &metered);
    assert_counted(&scope, "gate", 4, 2, &[("missing_credentials", 2)]);
    assert_counted(&scope, "echo", 1, 1, &[]);
    assert_counted(&scope, "gate_function", 1, 1, &[]);
}

#[test]
fn a_body_of_any_lifetime_passes_a_metered_service() {
    let scope = Scope::new();
    let (plain, metered) = both!(scope, code => {
        use code::web_tower::{Answer, BodyGate};
        let gate = BodyGate(tower::service_fn(async |token: String| Ok(Answer(vec![token]))));
        let calls = ["Bearer abc", "abc"].map(|header| format!("{:?}", block_on(gate.clone().oneshot(header.to_owned()))));
        (calls, block_on(gate.read::<u8>("Bearer")), block_on(gate.read::<u8>("Bearer abc")))
    });
    assert_same(&plain, &metered);
    assert_counted(&scope, "body_gate", 2, 1, &[("missing_credentials", 1)]);
    assert_counted(&scope, "body_read", 2, 1, &[("unknown_subject", 1)]);
}

#[test]
fn grpc_services_answer_the_same() {
    let scope = Scope::new();
    let (plain, metered) = both!(scope, code => {
        use code::grpc::auth_server::Auth;
        let service = code::grpc::AuthService { subjects: [("t".to_owned(), "ada".to_owned())].into() };
        let check = |token: &str| tonic::Request::new(code::grpc::CheckRequest { token: token.to_owned() });
        let with_token = || {
            let mut request = tonic::Request::new(());
            request.metadata_mut().insert("authorization", "t".parse().unwrap());
            request
        };
        (
            block_on(service.check(check("t"))).map(|reply| reply.into_inner().subject),
            block_on(service.check(check("x"))).map(|_| ()).map_err(|status| status.code()),
            block_on(service.revoke(check("t"))).map(|_| ()).map_err(|status| status.code()),
            code::grpc::intercept(tonic::Request::new(())).map(|_| ()).map_err(|status| status.code()),
            code::grpc::intercept(with_token()).map(|request| request.extensions().get::<String>().cloned())
                .map_err(|status| status.code()),
        )
    });
    assert_same(&plain, &metered);
    assert_counted(&scope, "grpc_check", 2, 1, &[("invalid_credentials", 1)]);
    assert_counted(&scope, "grpc_revoke", 1, 0, &[("permission_denied", 1)]);
    assert_counted(&scope, "grpc_intercept", 2, 1, &[("invalid_credentials", 1)]);
}
