//! Requests to a service behind an `AttemptLayer`: each is one attempt, however it ends.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use auth_metrics::testing::Scope;
use auth_metrics::tower::AttemptLayer;
use auth_metrics::{
    AuthMetrics, Clock, Exposure, FailureReason, OperationKind, Outcome, Reason, ReasonSet, custom_reason,
    events, reasons,
};
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::count;

/// What a service does with a request.
#[derive(Clone, Copy, Debug)]
enum Plan {
    Status(u16),
    Note(u16, Reason),
    Fail,
    Hang,
    PanicInCall,
    PanicInFuture,
}

#[derive(Debug, FailureReason)]
enum GateError {
    TokenExpired,
}

/// Somebody else's service, which can't be annotated.
#[derive(Clone)]
struct Theirs;

type Answer = Result<Response<String>, GateError>;

impl Service<Request<Plan>> for Theirs {
    type Response = Response<String>;
    type Error = GateError;
    type Future = Pin<Box<dyn Future<Output = Answer>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), GateError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Plan>) -> Self::Future {
        let plan = request.into_body();
        if matches!(plan, Plan::PanicInCall) {
            resume_unwind(Box::new("as planned"));
        }
        Box::pin(async move { answer(plan).await })
    }
}

async fn answer(plan: Plan) -> Answer {
    let with = |status| Response::builder().status(status).body("body".to_owned()).unwrap();
    events::note(|about| about.subject("user-001"));
    match plan {
        Plan::Status(status) => Ok(with(status)),
        Plan::Note(status, reason) => {
            let mut response = with(status);
            response.extensions_mut().insert(reason);
            Ok(response)
        }
        Plan::Fail => Err(GateError::TokenExpired),
        Plan::Hang => std::future::pending().await,
        Plan::PanicInCall | Plan::PanicInFuture => resume_unwind(Box::new("as planned")),
    }
}

/// Polls once.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

/// Sends one request, and returns what the operation `gate` had counted then: its outcomes by their labels or reasons.
#[track_caller]
fn sent<L>(layer: &L, metrics: &AuthMetrics, plan: Plan) -> Vec<(&'static str, u64)>
where
    L: Layer<Theirs>,
    L::Service: Service<Request<Plan>>,
{
    let mut service = layer.layer(Theirs);
    let sent = AssertUnwindSafe(|| {
        let mut future = pin!(service.call(Request::new(plan)));
        drop(poll(future.as_mut()));
    });
    drop(catch_unwind(sent));
    gate(metrics)
}

#[track_caller]
fn gate(metrics: &AuthMetrics) -> Vec<(&'static str, u64)> {
    let snapshot = metrics.snapshot();
    let gate = snapshot.operations().find(|operation| operation.name() == "gate").expect("it is exported");
    let failures =
        gate.reasons().filter(|(_, count)| *count > 0).map(|(reason, count)| (reason.label(), count));
    let success = Some(("success", gate.succeeded())).filter(|(_, count)| *count > 0);
    let counted: Vec<_> = success.into_iter().chain(failures).collect();
    let ended: u64 = counted.iter().map(|(_, count)| count).sum();
    assert_eq!((gate.started(), gate.in_flight()), (ended, 0), "the law");
    counted
}

#[test]
fn every_request_is_one_attempt_with_the_outcome_of_its_answer() {
    custom_reason! { const BLOCKED = "gate_blocked", fault = client; }
    for (plan, expected) in [
        (Plan::Status(200), "success"),
        (Plan::Status(302), "success"),
        (Plan::Status(401), "invalid_credentials"),
        (Plan::Status(403), "permission_denied"),
        (Plan::Status(429), "rate_limited"),
        (Plan::Status(500), "internal_error"),
        (Plan::Note(401, Reason::TokenExpired), "token_expired"),
        (Plan::Note(200, Reason::SessionInvalid), "session_invalid"),
        (Plan::Note(401, BLOCKED), "gate_blocked"),
        (Plan::Fail, "internal_error"),
        (Plan::Hang, "cancelled"),
        (Plan::PanicInCall, "panicked"),
        (Plan::PanicInFuture, "panicked"),
    ] {
        let metrics = handle();
        let layer = AttemptLayer::new("gate").metrics(&metrics);
        assert_eq!(sent(&layer, &metrics, plan), [(expected, 1)], "{plan:?}");
    }
}

#[test]
fn errors_are_read_by_their_own_reasons_or_by_a_function() {
    let metrics = handle();
    let own = AttemptLayer::new("gate").metrics(&metrics).errors::<GateError>();
    assert_eq!(sent(&own, &metrics, Plan::Fail), [("token_expired", 1)]);
    let read = AttemptLayer::new("gate").metrics(&metrics).reason(|_: &GateError| Reason::Timeout);
    assert_eq!(sent(&read, &metrics, Plan::Fail), [("token_expired", 1), ("timeout", 1)]);
}

#[test]
fn function_of_ones_own_decides_alone() {
    let metrics = handle();
    let outcome = |response: &Response<String>| match response.status().as_u16() {
        404 => Outcome::Success,
        _ => reasons::http1::response(response),
    };
    let layer = AttemptLayer::new("gate").metrics(&metrics).classify(outcome);
    sent(&layer, &metrics, Plan::Status(404));
    sent(&layer, &metrics, Plan::Note(404, Reason::TokenExpired));
    assert_eq!(sent(&layer, &metrics, Plan::Status(403)), [("success", 2), ("permission_denied", 1)]);
}

#[test]
fn function_that_panics_leaves_the_response_and_an_unknown_failure() {
    let metrics = handle();
    let outcome = |_: &Response<String>| resume_unwind(Box::new("as planned"));
    let layer = AttemptLayer::new("gate").metrics(&metrics).classify(outcome);
    let mut service = layer.layer(Theirs);
    let answered = poll(pin!(service.call(Request::new(Plan::Status(200)))));
    assert!(matches!(answered, Poll::Ready(Ok(response)) if response.body() == "body"));
    assert_eq!(gate(&metrics), [("unknown", 1)]);
    let kind = [("kind", "reason_panicked")];
    assert_eq!(count(&metrics.snapshot(), "auth_metrics_internal_errors_total", &kind), 1.0);
}

#[test]
fn note_in_a_handler_is_about_the_request() {
    let scope = Scope::new();
    let mut service = AttemptLayer::new("gate").layer(Theirs);
    for plan in [Plan::Status(401), Plan::Hang, Plan::PanicInFuture] {
        let future = AssertUnwindSafe(|| {
            let future = scope.metrics().scope(service.call(Request::new(plan)));
            drop(poll(pin!(future)));
        });
        drop(catch_unwind(future));
    }
    events::note(|_| panic!("the request is left"));
    let events = scope.events();
    let seen: Vec<_> = events.iter().map(|event| (event.reason(), event.subject())).collect();
    let by = |reason| (Some(reason), Some("user-001"));
    assert_eq!(seen, [by(Reason::InvalidCredentials), by(Reason::Cancelled), by(Reason::Panicked)]);
}

#[test]
fn request_is_in_flight_from_the_first_poll_until_it_is_dropped() {
    let metrics = handle();
    let mut service = AttemptLayer::new("gate").metrics(&metrics).layer(Theirs);
    let in_flight = || count(&metrics.snapshot(), "auth_operations_in_flight", &[("operation", "gate")]);
    let mut future = Box::pin(service.call(Request::new(Plan::Hang)));
    assert_eq!(in_flight(), 0.0);
    for _ in 0..3 {
        assert!(poll(future.as_mut()).is_pending());
        assert_eq!(in_flight(), 1.0);
    }
    drop(future);
    assert_eq!(gate(&metrics), [("cancelled", 1)]);
}

#[test]
fn request_whose_future_is_never_polled_is_cancelled() {
    let metrics = handle();
    let mut service = AttemptLayer::new("gate").metrics(&metrics).layer(Theirs);
    drop(service.call(Request::new(Plan::Status(200))));
    assert_eq!(gate(&metrics), [("cancelled", 1)]);
}

#[test]
fn future_that_is_dropped_while_something_else_unwinds_is_cancelled() {
    let metrics = handle();
    let mut service = AttemptLayer::new("gate").metrics(&metrics).layer(Theirs);
    let mut future = Box::pin(service.call(Request::new(Plan::Hang)));
    assert!(poll(future.as_mut()).is_pending());
    let unwound = AssertUnwindSafe(move || {
        let _future = future;
        resume_unwind(Box::new(()));
    });
    assert!(catch_unwind(unwound).is_err());
    assert_eq!(gate(&metrics), [("cancelled", 1)]);
}

#[test]
fn panic_counts_though_a_layer_outside_catches_it_and_drops_the_future_later() {
    let metrics = handle();
    let mut service = AttemptLayer::new("gate").metrics(&metrics).layer(Theirs);
    let mut future = Box::pin(service.call(Request::new(Plan::PanicInFuture)));
    assert!(catch_unwind(AssertUnwindSafe(|| poll(future.as_mut()))).is_err());
    assert_eq!(gate(&metrics), [("panicked", 1)]);
    drop(future);
    assert_eq!(gate(&metrics), [("panicked", 1)]);
}

/// A service that takes a second in `call`, and another one in its future.
#[derive(Clone, Default)]
struct Slow {
    seconds: Arc<AtomicU64>,
}

impl Service<()> for Slow {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<()>, Infallible>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        self.seconds.fetch_add(1, Ordering::Relaxed);
        let seconds = Arc::clone(&self.seconds);
        Box::pin(async move {
            seconds.fetch_add(1, Ordering::Relaxed);
            Ok(Response::new(()))
        })
    }
}

#[test]
fn duration_includes_the_call() {
    let slow = Slow::default();
    let seconds = Arc::clone(&slow.seconds);
    let clock = Clock::from_fn(move || Duration::from_secs(seconds.load(Ordering::Relaxed)));
    let builder = AuthMetrics::builder().service_id("gateway").clock(clock);
    let metrics = builder.exposure(Exposure::Full).build().unwrap();
    let mut service = AttemptLayer::new("gate").metrics(&metrics).layer(slow);
    assert!(poll(pin!(service.call(()))).is_ready());
    let sum = count(&metrics.snapshot(), "service_auth_latency_seconds_sum", &[("operation", "gate")]);
    assert_eq!(sum, 2.0);
}

#[test]
fn operation_is_at_zero_with_its_reasons_as_soon_as_the_layer_is_applied_or_cloned() {
    let zero = |metrics: &AuthMetrics, reason: &str| {
        let labels = [("operation", "gate"), ("failure_reason", reason)];
        metrics.snapshot().value("auth_operation_failures_total", &labels)
    };
    let applied = handle();
    let layer = AttemptLayer::new("gate").metrics(&applied);
    assert_eq!(zero(&applied, "invalid_credentials"), None);
    drop(layer.layer(Theirs));
    for reason in reasons::http1::REASONS.iter() {
        assert_eq!(zero(&applied, reason.label()), Some(0.0), "{reason:?}");
    }
    assert_eq!(zero(&applied, "token_expired"), None);

    let cloned = handle();
    drop(layer.metrics(&cloned).errors::<GateError>().clone());
    assert_eq!(["rate_limited", "token_expired"].map(|reason| zero(&cloned, reason)), [Some(0.0); 2]);

    let listed = handle();
    let layer = AttemptLayer::new("gate").metrics(&listed);
    let layer = layer.among(ReasonSet::of(&[Reason::InvalidCredentials])).errors::<GateError>();
    assert_eq!(sent(&layer, &listed, Plan::Status(429)), [("rate_limited", 1)]);
    let listed = ["invalid_credentials", "token_expired"].map(|reason| zero(&listed, reason));
    assert_eq!(listed, [Some(0.0), None]);
}

#[test]
fn kind_and_service_are_those_that_the_layer_names() {
    let metrics = handle();
    let layer = AttemptLayer::new("gate").metrics(&metrics);
    let layer = layer.kind(OperationKind::Token).service_id("orders");
    sent(&layer, &metrics, Plan::Status(403));
    let status = [("service_id", "orders"), ("status", "failed_permission_denied")];
    assert_eq!(count(&metrics.snapshot(), "jwt_token_verifications_total", &status), 1.0);

    drop(layer.kind(OperationKind::Authorization).layer(Theirs));
    let differ = [("kind", "kinds_differ")];
    assert_eq!(count(&metrics.snapshot(), "auth_metrics_internal_errors_total", &differ), 1.0);
}

#[test]
fn layer_that_names_no_handle_counts_in_the_scope_that_polls() {
    let layer = AttemptLayer::new("gate");
    let (one, other) = (Scope::new(), Scope::new());
    let mut service = layer.layer(Theirs);
    for (scope, plan, expected) in
        [(&one, Plan::Status(200), "success"), (&other, Plan::Status(401), "invalid_credentials")]
    {
        let future = scope.metrics().scope(service.call(Request::new(plan)));
        assert!(poll(pin!(future)).is_ready());
        assert_eq!(gate(scope.metrics()), [(expected, 1)]);
    }
    let dropped = one.metrics().scope(service.call(Request::new(Plan::Status(200))));
    drop(dropped);
    assert_eq!(gate(one.metrics()), [("success", 1), ("cancelled", 1)]);
}

/// A service that gets ready when its flag is set.
struct Reluctant(bool);

impl Service<()> for Reluctant {
    type Response = u8;
    type Error = Infallible;
    type Future = std::future::Ready<Result<u8, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    fn call(&mut self, (): ()) -> Self::Future {
        std::future::ready(Ok(7))
    }
}

#[tokio::test]
async fn service_of_any_response_is_metered_once_it_is_ready() {
    let metrics = handle();
    let outcome = |answer: &u8| {
        if *answer == 7 { Outcome::Success } else { Outcome::Failure(Reason::Unknown) }
    };
    let layer = AttemptLayer::new("gate").metrics(&metrics).classify(outcome);
    let mut service = layer.layer(Reluctant(false));
    let mut pending = 0;
    poll_fn(|context| {
        let ready = service.poll_ready(context);
        pending += u32::from(ready.is_pending());
        context.waker().wake_by_ref();
        ready
    })
    .await
    .unwrap();
    assert_eq!(pending, 1);
    assert_eq!(gate(&metrics), []);
    assert_eq!(service.call(()).await, Ok(7));
    assert_eq!(gate(&metrics), [("success", 1)]);
}
