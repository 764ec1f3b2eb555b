//! `AttemptRoutes`: each request of a route is one attempt, however it ends.

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::panic::resume_unwind;
use std::pin::pin;
use std::task::{Context, Waker};

use auth_metrics::events::{self, Event};
use auth_metrics::{
    AuthMetrics, FailureReason, OperationKind, Outcome, Reason, ReasonSet, auth_metered, reasons,
};
use auth_metrics_rocket::{AttemptRoutes, WithReason, guard_error, guard_status, note_reason};
use rocket::form::{Form, FromForm};
use rocket::futures::future::join_all;
use rocket::http::{ContentType, Status};
use rocket::local::{asynchronous, blocking};
use rocket::request::{self, FromRequest, Request};
use rocket::response::Redirect;
use rocket::{Build, Rocket, Route, get, post, routes};

use crate::{OP, counted, handle, observed, quiet};

#[derive(FromForm)]
struct Login {
    password: String,
}

#[post("/form", data = "<form>")]
fn form(form: Form<Login>) -> Result<&'static str, Status> {
    events::note(|about| about.subject("user-001"));
    let Login { password } = form.into_inner();
    if password == "correct horse" { Ok("in") } else { Err(Status::Unauthorized) }
}

#[get("/status/<code>")]
fn status(code: u16) -> (Status, ()) {
    (Status::new(code), ())
}

#[get("/noted")]
fn noted() -> WithReason<Redirect> {
    WithReason::new(Reason::MfaInvalid, Redirect::to("/again"))
}

#[get("/panics")]
async fn panics() -> Status {
    rocket::tokio::task::yield_now().await;
    resume_unwind(Box::new("on purpose"))
}

#[get("/hangs")]
async fn hangs() -> Status {
    pending().await
}

/// Somebody's guard, which says why it refuses where it was asked to.
struct User;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for User {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<User, ()> {
        match request.headers().get_one("authorization") {
            Some("good") => request::Outcome::Success(User),
            Some("expired") => {
                note_reason(request, Reason::TokenExpired);
                request::Outcome::Error((Status::Unauthorized, ()))
            }
            Some(_) => request::Outcome::Error((Status::Forbidden, ())),
            None => request::Outcome::Forward(Status::Unauthorized),
        }
    }
}

#[get("/guarded")]
fn guarded(_user: User) {}

#[get("/guarded", rank = 2)]
fn anonymous() {}

fn all() -> Vec<Route> {
    routes![form, status, noted, panics, hangs, guarded]
}

fn server(gate: &AttemptRoutes) -> Rocket<Build> {
    quiet().mount("/", gate.meter(all())).mount("/", routes![anonymous])
}

fn client(gate: &AttemptRoutes) -> blocking::Client {
    blocking::Client::untracked(server(gate)).unwrap()
}

fn get(client: &blocking::Client, uri: &str) -> u16 {
    client.get(uri.to_owned()).dispatch().status().code
}

#[test]
fn each_status_counts_as_its_reason() {
    let metrics = handle();
    let client = client(&AttemptRoutes::new(OP).metrics(&metrics));
    let codes = [200, 204, 302, 401, 403, 404, 422, 429, 500, 503];
    for code in codes {
        assert_eq!(get(&client, &format!("/status/{code}")), code);
    }
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
fn a_form_that_is_refused_counts() {
    let metrics = handle();
    let client = client(&AttemptRoutes::new(OP).metrics(&metrics));
    let send = |body| client.post("/form").header(ContentType::Form).body(body).dispatch().status().code;
    assert_eq!(["password=correct+horse", "password=tr0ub4dor", "no=password"].map(send), [200, 401, 422]);
    let expected = [("success", 1), ("invalid_credentials", 1), ("malformed_request", 1)];
    assert_eq!(counted(&metrics, OP), BTreeMap::from(expected));
}

#[test]
fn a_guard_that_refuses_or_forwards_counts() {
    let metrics = handle();
    let client = client(&AttemptRoutes::new(OP).metrics(&metrics));
    let send = |token: &'static str| {
        let request = client.get("/guarded");
        let token = rocket::http::Header::new("authorization", token);
        request.header(token).dispatch().status().code
    };
    assert_eq!(["good", "expired", "other"].map(send), [200, 401, 403]);
    assert_eq!(get(&client, "/guarded"), 200, "the next route, which is not metered");
    let expected =
        [("success", 1), ("token_expired", 1), ("permission_denied", 1), ("invalid_credentials", 1)];
    assert_eq!(counted(&metrics, OP), BTreeMap::from(expected));
}

#[test]
fn a_reason_of_a_responder_wins() {
    let metrics = handle();
    let client = client(&AttemptRoutes::new(OP).metrics(&metrics));
    assert_eq!(get(&client, "/noted"), 303);
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("mfa_invalid", 1)]));
}

#[test]
fn a_panic_counts_as_panicked() {
    let metrics = handle();
    let client = client(&AttemptRoutes::new(OP).metrics(&metrics));
    assert_eq!(get(&client, "/panics"), 500);
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("panicked", 1)]));
}

#[rocket::async_test]
async fn a_dropped_request_counts_as_cancelled() {
    let metrics = handle();
    let server = server(&AttemptRoutes::new(OP).metrics(&metrics));
    let client = asynchronous::Client::untracked(server).await.unwrap();
    {
        let mut request = pin!(client.get("/hangs").dispatch());
        assert!(request.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let in_flight = metrics.snapshot().value("auth_operations_in_flight", &[("operation", OP)]);
        assert_eq!(in_flight, Some(1.0));
    }
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("cancelled", 1)]));
}

#[test]
fn the_operation_is_at_zero_before_its_first_request() {
    let metrics = handle();
    let routes = AttemptRoutes::new(OP).kind(OperationKind::Token).metrics(&metrics).meter(routes![status]);
    assert_eq!(routes.len(), 1);
    let snapshot = metrics.snapshot();
    for reason in ["invalid_credentials", "malformed_request", "internal_error"] {
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
    let gate = AttemptRoutes::new(OP).kind(OperationKind::Token).metrics(&metrics).service_id("other");
    get(&client(&gate), "/status/200");
    let labels = [("service_id", "other"), ("status", "success")];
    assert_eq!(metrics.snapshot().value("jwt_token_verifications_total", &labels), Some(1.0));
}

#[test]
fn statuses_can_mean_something_else() {
    let metrics = handle();
    let read = |status: Status| match status.code {
        404 => Outcome::Success,
        302 => Outcome::Failure(Reason::MfaRequired),
        500 => resume_unwind(Box::new("on purpose")),
        code => reasons::http_status::outcome(&code),
    };
    let mfa = ReasonSet::of(&[Reason::MfaRequired]);
    let client = client(&AttemptRoutes::new(OP).metrics(&metrics).statuses(read).among(mfa));
    for code in [404, 302, 500, 403] {
        assert_eq!(get(&client, &format!("/status/{code}")), code, "whatever the function does");
    }
    let expected = [("success", 1), ("mfa_required", 1), ("unknown", 1), ("permission_denied", 1)];
    assert_eq!(counted(&metrics, OP), BTreeMap::from(expected));
    let unlisted = [("operation", OP), ("failure_reason", "rate_limited")];
    assert_eq!(metrics.snapshot().value("auth_operation_failures_total", &unlisted), None);
}

#[test]
fn a_note_in_the_handler_is_about_the_attempt() {
    let (metrics, events) = observed();
    let client = client(&AttemptRoutes::new(OP).metrics(&metrics));
    client.post("/form").header(ContentType::Form).body("password=correct+horse").dispatch();
    assert_eq!(events(OP).iter().map(Event::subject).collect::<Vec<_>>(), [Some("user-001")]);
}

#[derive(FailureReason)]
enum SessionError {
    TokenRevoked,
}

#[auth_metered(op = "by_status", metrics = metrics, classify = guard_status)]
fn by_status(metrics: &AuthMetrics, outcome: request::Outcome<(), ()>) -> request::Outcome<(), ()> {
    outcome
}

#[auth_metered(op = "by_error", metrics = metrics, classify = guard_error)]
fn by_error(
    metrics: &AuthMetrics,
    outcome: request::Outcome<(), SessionError>,
) -> request::Outcome<(), SessionError> {
    outcome
}

#[auth_metered(op = "with_status", metrics = metrics)]
fn with_status(metrics: &AuthMetrics, status: Status) -> Result<(), Status> {
    Err(status)
}

#[test]
fn annotated_functions_may_return_statuses_and_outcomes() {
    use rocket::outcome::Outcome::{Error, Forward, Success};

    let metrics = handle();
    let _ = by_status(&metrics, Success(()));
    let _ = by_status(&metrics, Error((Status::Forbidden, ())));
    let _ = by_status(&metrics, Forward(Status::Unauthorized));
    let expected = [("success", 1), ("permission_denied", 1), ("invalid_credentials", 1)];
    assert_eq!(counted(&metrics, "by_status"), BTreeMap::from(expected));

    let _ = by_error(&metrics, Success(()));
    let _ = by_error(&metrics, Error((Status::Unauthorized, SessionError::TokenRevoked)));
    let _ = by_error(&metrics, Forward(Status::NotFound));
    let expected = [("success", 1), ("token_revoked", 1), ("malformed_request", 1)];
    assert_eq!(counted(&metrics, "by_error"), BTreeMap::from(expected));

    assert!(with_status(&metrics, Status::Locked).is_err());
    assert_eq!(counted(&metrics, "with_status"), BTreeMap::from([("account_locked", 1)]));
}

#[rocket::async_test]
async fn a_mixed_crowd_is_counted_to_the_unit() {
    let metrics = handle();
    let server = server(&AttemptRoutes::new(OP).metrics(&metrics));
    let client = asynchronous::Client::untracked(server).await.unwrap();
    let kinds = [
        ("/status/200", "success"),
        ("/status/401", "invalid_credentials"),
        ("/noted", "mfa_invalid"),
        ("/panics", "panicked"),
        ("/hangs", "cancelled"),
        ("/guarded", "invalid_credentials"),
    ];
    let mut planned = BTreeMap::<&str, u64>::new();
    let mut state = 17_u64;
    let (mut hanging, mut running) = (Vec::new(), Vec::new());
    for _ in 0..500 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (uri, outcome) = kinds[usize::try_from(state >> 33).unwrap() % kinds.len()];
        *planned.entry(outcome).or_default() += 1;
        let mut request = Box::pin(client.get(uri).dispatch());
        if request.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            let kept = if outcome == "cancelled" { &mut hanging } else { &mut running };
            kept.push(request);
        }
    }
    drop(hanging);
    join_all(running).await;
    assert_eq!(counted(&metrics, OP), planned);
}
