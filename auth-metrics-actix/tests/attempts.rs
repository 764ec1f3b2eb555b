//! `AttemptMiddleware`: each request of a route is one attempt, however it ends.

use std::collections::BTreeMap;
use std::future::pending;
use std::panic::resume_unwind;
use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorForbidden, ErrorLocked};
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::test::{TestRequest, call_service, init_service, try_call_service};
use actix_web::{App, Error, HttpResponse, web};
use auth_metrics::events::{self, Event};
use auth_metrics::{OperationKind, Outcome, Reason, ReasonSet, auth_metered, reasons};
use auth_metrics_actix::AttemptMiddleware;
use serde::Deserialize;

use crate::{LoginError, OP, counted, handle, observed, run};

#[derive(Deserialize)]
struct Form {
    password: String,
}

async fn form(web::Form(Form { password }): web::Form<Form>) -> HttpResponse {
    events::note(|about| about.subject("user-001"));
    if password == "correct horse" {
        HttpResponse::Ok().finish()
    } else {
        HttpResponse::Unauthorized().finish()
    }
}

async fn status(code: web::Path<u16>) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(code.into_inner()).unwrap()).finish()
}

async fn login_error(locked: web::Path<bool>) -> Result<HttpResponse, LoginError> {
    Err(if locked.into_inner() { LoginError::AccountLocked } else { LoginError::Database })
}

async fn noted() -> HttpResponse {
    let mut response = HttpResponse::Ok().finish();
    response.extensions_mut().insert(Reason::MfaInvalid);
    response
}

async fn panics() -> HttpResponse {
    resume_unwind(Box::new("on purpose"))
}

async fn hangs() -> HttpResponse {
    pending().await
}

async fn forbid(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    Err(ErrorForbidden("text"))
}

async fn lock(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    Err(LoginError::AccountLocked.into())
}

fn routes(
    gate: &AttemptMiddleware,
) -> actix_web::Scope<
    impl actix_web::dev::ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    web::scope("")
        .route("/form", web::post().to(form))
        .route("/status/{code}", web::get().to(status))
        .route("/error/{locked}", web::get().to(login_error))
        .route("/noted", web::get().to(noted))
        .route("/panics", web::get().to(panics))
        .route("/hangs", web::get().to(hangs))
        .wrap(gate.clone())
}

/// Sends requests, one after another.
async fn send(gate: &AttemptMiddleware, requests: impl IntoIterator<Item = TestRequest>) -> Vec<u16> {
    let app = init_service(App::new().service(routes(gate))).await;
    let mut answers = Vec::new();
    for request in requests {
        answers.push(call_service(&app, request.to_request()).await.status().as_u16());
    }
    answers
}

fn get(uri: &str) -> TestRequest {
    TestRequest::get().uri(uri)
}

fn post(body: &'static str) -> TestRequest {
    let request = TestRequest::post().uri("/form").set_payload(body);
    request.insert_header(("content-type", "application/x-www-form-urlencoded"))
}

#[test]
fn each_status_counts_as_its_reason() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics);
    let codes = [200, 204, 302, 401, 403, 404, 422, 429, 500, 503];
    let answers = run(send(&gate, codes.map(|code| get(&format!("/status/{code}")))));
    assert_eq!(answers, codes);
    let expected = [
        ("success", 3),
        ("invalid_credentials", 1),
        ("permission_denied", 1),
        ("malformed_request", 2),
        ("rate_limited", 1),
        ("internal_error", 1),
        ("overloaded", 1),
    ];
    assert_eq!(counted(&metrics, OP), BTreeMap::from(expected));
}

#[test]
fn refusal_of_an_extractor_counts() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics);
    let forms = [post("password=correct+horse"), post("password=tr0ub4dor"), post("no=password")];
    let answers = run(send(&gate, forms));
    assert_eq!(answers, [200, 401, 400], "the last one never reached the handler");
    let expected = [("success", 1), ("invalid_credentials", 1), ("malformed_request", 1)];
    assert_eq!(counted(&metrics, OP), BTreeMap::from(expected));
}

#[test]
fn named_errors_count_by_their_own_reason() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics).errors::<LoginError>();
    let answers = run(send(&gate, [get("/error/true"), get("/error/false"), get("/status/401")]));
    assert_eq!(answers, [401, 500, 401]);
    let expected = [("account_locked", 1), ("dependency_unavailable", 1), ("invalid_credentials", 1)];
    assert_eq!(counted(&metrics, OP), BTreeMap::from(expected));
}

#[test]
fn other_errors_count_by_their_status() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics);
    run(send(&gate, [get("/error/true"), get("/error/false")]));
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("invalid_credentials", 1), ("internal_error", 1)]));
}

#[test]
fn a_reason_in_the_extensions_wins() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics);
    assert_eq!(run(send(&gate, [get("/noted")])), [200]);
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("mfa_invalid", 1)]));
}

#[test]
fn an_error_of_an_inner_middleware_counts() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics).errors::<LoginError>();
    run(async {
        let app = App::new()
            .service(web::scope("/a").wrap(from_fn(forbid)).wrap(gate.clone()))
            .service(web::scope("/b").wrap(from_fn(lock)).wrap(gate.clone()));
        let app = init_service(app).await;
        for uri in ["/a/1", "/b/1"] {
            assert!(try_call_service(&app, get(uri).to_request()).await.is_err());
        }
    });
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("permission_denied", 1), ("account_locked", 1)]));
}

#[test]
fn a_panic_counts_as_panicked() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics);
    run(async {
        let app = Rc::new(init_service(App::new().service(routes(&gate))).await);
        let task =
            actix_web::rt::spawn(
                async move { call_service(&*app, get("/panics").to_request()).await.status() },
            );
        assert!(task.await.unwrap_err().is_panic());
    });
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("panicked", 1)]));
}

#[test]
fn a_dropped_request_counts_as_cancelled() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics);
    run(async {
        let app = init_service(App::new().service(routes(&gate))).await;
        let mut request = Box::pin(app.call(get("/hangs").to_request()));
        let waker = std::task::Waker::noop();
        assert!(request.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
        let snapshot = metrics.snapshot();
        assert_eq!(snapshot.value("auth_operations_in_flight", &[("operation", OP)]), Some(1.0));
        drop(request);
        drop(app.call(get("/status/200").to_request())); // never polled
    });
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("cancelled", 2)]));
}

#[test]
fn the_operation_is_at_zero_before_its_first_request() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).kind(OperationKind::Token).metrics(&metrics).errors::<LoginError>();
    run(send(&gate, []));
    let snapshot = metrics.snapshot();
    for reason in ["invalid_credentials", "malformed_request", "internal_error", "dependency_unavailable"] {
        let labels = [("operation", OP), ("failure_reason", reason)];
        assert_eq!(snapshot.value("auth_operation_failures_total", &labels), Some(0.0), "{reason}");
    }
    let other = [("operation", OP), ("failure_reason", "mfa_invalid")];
    assert_eq!(snapshot.value("auth_operation_failures_total", &other), None, "no status means it");
    assert_eq!(counted(&metrics, OP), BTreeMap::new());
}

#[test]
fn the_kind_feeds_its_family() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).kind(OperationKind::Token).metrics(&metrics).service_id("other");
    run(send(&gate, [get("/status/200")]));
    let labels = [("service_id", "other"), ("status", "success")];
    assert_eq!(metrics.snapshot().value("jwt_token_verifications_total", &labels), Some(1.0));
}

#[test]
fn statuses_can_mean_something_else() {
    let metrics = handle();
    let read = |status: StatusCode| match status.as_u16() {
        404 => Outcome::Success,
        302 => Outcome::Failure(Reason::MfaRequired),
        500 => resume_unwind(Box::new("on purpose")),
        code => reasons::http_status::outcome(&code),
    };
    let mfa = ReasonSet::of(&[Reason::MfaRequired]);
    let gate = AttemptMiddleware::new(OP).metrics(&metrics).statuses(read).among(mfa);
    let codes = [404, 302, 500, 403];
    let answers = run(send(&gate, codes.map(|code| get(&format!("/status/{code}")))));
    assert_eq!(answers, codes, "whatever the function does");
    let expected = [("success", 1), ("mfa_required", 1), ("unknown", 1), ("permission_denied", 1)];
    assert_eq!(counted(&metrics, OP), BTreeMap::from(expected));
    let unlisted = [("operation", OP), ("failure_reason", "rate_limited")];
    assert_eq!(metrics.snapshot().value("auth_operation_failures_total", &unlisted), None);
}

#[test]
fn a_note_in_the_handler_is_about_the_attempt() {
    let (metrics, events) = observed();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics);
    run(send(&gate, [post("password=correct+horse")]));
    assert_eq!(events(OP).iter().map(Event::subject).collect::<Vec<_>>(), [Some("user-001")]);
}

#[auth_metered(op = "annotated", metrics = metrics, classify = reasons::actix_web4::result)]
async fn annotated(metrics: &auth_metrics::AuthMetrics, code: u16) -> Result<HttpResponse, Error> {
    match code {
        423 => Err(ErrorLocked("text")),
        code => Ok(HttpResponse::build(StatusCode::from_u16(code).unwrap()).finish()),
    }
}

#[auth_metered(op = "annotated", metrics = metrics)]
async fn with_status(metrics: &auth_metrics::AuthMetrics) -> Result<HttpResponse, StatusCode> {
    Err(StatusCode::FORBIDDEN)
}

#[test]
fn annotated_functions_may_return_responses_errors_and_statuses() {
    let metrics = handle();
    run(async {
        for code in [200, 401, 423] {
            let _ = annotated(&metrics, code).await;
        }
        assert!(with_status(&metrics).await.is_err());
    });
    let expected =
        [("success", 1), ("invalid_credentials", 1), ("account_locked", 1), ("permission_denied", 1)];
    assert_eq!(counted(&metrics, "annotated"), BTreeMap::from(expected));
}

#[test]
fn a_mixed_crowd_is_counted_to_the_unit() {
    let metrics = handle();
    let gate = AttemptMiddleware::new(OP).metrics(&metrics).errors::<LoginError>();
    let mut planned = BTreeMap::<&str, u64>::new();
    run(async {
        let app = Rc::new(init_service(App::new().service(routes(&gate))).await);
        let kinds = [
            ("/status/200", "success"),
            ("/status/401", "invalid_credentials"),
            ("/error/true", "account_locked"),
            ("/noted", "mfa_invalid"),
            ("/panics", "panicked"),
            ("/hangs", "cancelled"),
        ];
        let mut state = 17_u64;
        let mut tasks = Vec::new();
        for _ in 0..1_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (uri, outcome) = kinds[(state >> 33) as usize % kinds.len()];
            *planned.entry(outcome).or_default() += 1;
            let app = Rc::clone(&app);
            tasks.push(actix_web::rt::spawn(async move {
                call_service(&*app, get(uri).to_request()).await.status()
            }));
        }
        // What can end has ended once a task that was spawned last was run.
        actix_web::rt::spawn(async {}).await.unwrap();
        for task in tasks {
            task.abort();
            let _ = task.await;
        }
    });
    assert_eq!(counted(&metrics, OP), planned);
}
