//! A scrape allocates no more for more series, and a call nothing once its service is known. A target of its own, since
//! counting takes the place of the allocator.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::{Pin, pin};
use std::sync::Once;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use auth_metrics::bridges::metrics024::{Bridge, Histograms};
use auth_metrics::tower::AttemptLayer;
use auth_metrics::{AuthMethod, AuthMetrics, Outcome, Reason, auth_metered};
use http::Response;
use metrics024::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tower_layer::Layer;
use tower_service::Service;

#[auth_metered(op = "sourced", metrics = metrics, service = service, source = AuthMethod::Passkey)]
fn sourced(metrics: &AuthMetrics, service: &str) -> Result<(), Infallible> {
    Ok(())
}

type Answer = std::pin::Pin<Box<dyn Future<Output = Result<(), Infallible>>>>;

fn unmetered() -> Answer {
    Box::pin(async { Ok(()) })
}

#[auth_metered(op = "in_place", future)]
fn in_place() -> Answer {
    Box::pin(async { Ok(()) })
}

#[auth_metered(op = "passed_on", future)]
fn passed_on() -> Answer {
    unmetered()
}

/// How often the second call allocates until its future is ready.
fn allocations_of(function: fn() -> Answer) -> u64 {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut call = || assert!(function().as_mut().poll(&mut context).is_ready());
    call();
    allocation_counter::measure(call).count_total
}

#[test]
fn a_boxed_future_that_is_made_in_place_is_boxed_once() {
    process();
    assert_eq!([allocations_of(unmetered), allocations_of(in_place), allocations_of(passed_on)], [1, 1, 2]);
}

/// A handle with this many services, each with this many operations, and with something in every family.
fn handle(services: usize, operations: usize) -> AuthMetrics {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    for service in 0..services {
        let service = format!("service-{service}");
        for op in 0..operations {
            let op = format!("operation_{op}");
            metrics.attempt_for(&service, &op).finish(Outcome::Success);
            metrics.attempt_for(&service, &op).finish(Outcome::Failure(Reason::Timeout)); // not a reason it had
            metrics.record_auth_latency(&service, &op, Duration::from_millis(3));
            metrics.update_rate_limit_usage(&service, [(op, 1.5)]);
        }
        metrics.record_failed_auth(&service, Reason::AccountLocked);
        metrics.record_rate_limit_exceeded(&service);
        assert!(sourced(&metrics, &service).is_ok());
    }
    metrics
}

/// How often the second scrape of a handle allocates, and how many lines it has.
fn scraped(metrics: &AuthMetrics, encode: fn(&AuthMetrics) -> String) -> (u64, usize) {
    let lines = encode(metrics).lines().count();
    let allocated = allocation_counter::measure(|| drop(encode(metrics)));
    (allocated.count_total, lines)
}

#[test]
fn scrape_allocates_nothing_for_a_series_or_a_service() {
    for encode in [AuthMetrics::encode_text, AuthMetrics::encode_openmetrics] {
        let (few, lines_of_few) = scraped(&handle(4, 4), encode);
        let (many, lines_of_many) = scraped(&handle(128, 15), encode);
        assert!(lines_of_many > 25 * lines_of_few, "{lines_of_few} lines and {lines_of_many} lines");
        // A handful of buffers double a few times more until everything is in them.
        assert!(many <= few + 40, "{few} allocations for {lines_of_few} lines, {many} for {lines_of_many}");
    }
}

type Done = Result<(), Infallible>;

#[auth_metered(op = "awaited", service = service)]
async fn awaited(service: &str) -> Done {
    Ok(())
}

#[auth_metered(op = "called", service = service)]
fn called(service: &str) -> Done {
    Ok(())
}

#[auth_metered(op = "future_made", service = service)]
fn future_made(service: &str) -> impl Future<Output = Done> + use<> {
    ready(Ok(()))
}

#[auth_metered(op = "explicit", service = service, metrics = metrics)]
fn explicit(metrics: &AuthMetrics, service: &str) -> impl Future<Output = Done> + use<> {
    ready(Ok(()))
}

#[auth_metered(op = "boxed", service = service)]
fn boxed(service: &str) -> Pin<Box<dyn Future<Output = Done> + Send>> {
    Box::pin(ready(Ok(())))
}

/// A function whose first call is measured, and another one.
#[auth_metered(op = "first_of_own", service = service)]
fn first_of_own(service: &str) -> Done {
    Ok(())
}

#[auth_metered(op = "first_of_another", service = service)]
fn first_of_another(service: &str) -> Done {
    Ok(())
}

fn finished<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(returned) => returned,
        Poll::Pending => unreachable!("nothing in here waits"),
    }
}

/// Makes the process's handle: for as many services as there can be.
fn process() -> AuthMetrics {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let metrics = AuthMetrics::builder().service_id("gateway").max_services(65_536).build().unwrap();
        metrics.install().unwrap();
    });
    AuthMetrics::current()
}

/// How often a thousand calls allocate, after as many that made what there is to make.
fn allocated(call: impl Fn()) -> u64 {
    let calls = || (0..1_000).for_each(|_| call());
    calls();
    allocation_counter::measure(calls).count_total
}

/// A recorder that keeps nothing, and has a place of its own.
struct Forgetful(#[expect(dead_code, reason = "it has a size")] u8);

impl Recorder for Forgetful {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[test]
fn refresh_of_a_bridge_allocates_nothing_for_a_series_that_is_known() {
    for histograms in [Histograms::Series, Histograms::Observations] {
        let metrics = handle(128, 15);
        let bridge = Bridge::new(&metrics).histograms(histograms);
        let recorder = Forgetful(0);
        let refresh = || metrics024::with_local_recorder(&recorder, || bridge.refresh());
        refresh();
        let read = allocation_counter::measure(|| drop(metrics.snapshot())).count_total;
        let told = allocation_counter::measure(refresh).count_total;
        assert!(told <= read + 2, "{read} allocations of a snapshot, {told} with what is told of it");
    }
}

/// Service ids of every length: of the handle's own to the longest that is none.
fn ids() -> [String; 4] {
    ["gateway".to_owned(), "orders".to_owned(), "long-".repeat(25), "too-long-".repeat(40)]
}

#[test]
fn call_that_names_its_service_allocates_nothing() {
    let metrics = process();
    for id in ids() {
        assert_eq!(allocated(|| assert!(called(&id).is_ok())), 0, "a plain function, {id}");
        assert_eq!(allocated(|| assert!(finished(awaited(&id)).is_ok())), 0, "an async fn, {id}");
        assert_eq!(
            allocated(|| assert!(finished(future_made(&id)).is_ok())),
            0,
            "a future is returned, {id}"
        );
        assert_eq!(allocated(|| assert!(finished(explicit(&metrics, &id)).is_ok())), 0, "a handle, {id}");
        assert_eq!(allocated(|| assert!(finished(boxed(&id)).is_ok())), 2_000, "a box in a box, {id}");
    }
}

#[test]
fn call_in_a_scope_or_with_another_handle_allocates_nothing_for_its_service() {
    process();
    let other = AuthMetrics::builder().service_id("other-one").max_services(3).build().unwrap();
    // Not one of `testing`, which keeps every event.
    let scope = AuthMetrics::builder().service_id("unknown_service").build().unwrap();
    for id in ids() {
        assert_eq!(allocated(|| assert!(finished(explicit(&other, &id)).is_ok())), 0, "{id}");
        let scoped = || scope.in_scope(|| assert!(finished(future_made(&id)).is_ok()));
        assert_eq!(allocated(scoped), 0, "{id}");
    }
    let folded = other.snapshot().value("auth_label_overflow_total", &[("label", "service_id")]);
    assert_eq!(folded, Some(4_000.0), "what is too long, and what does not fit, is counted each time");
}

/// A service that answers without an allocation.
#[derive(Clone)]
struct Answers;

impl Service<()> for Answers {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        ready(Ok(Response::new(())))
    }
}

#[test]
fn request_behind_an_attempt_layer_allocates_nothing() {
    let metrics = process();
    for layer in [AttemptLayer::new("gate"), AttemptLayer::new("explicit_gate").metrics(&metrics)] {
        let service = layer.layer(Answers);
        // A router clones its services for each request.
        assert_eq!(allocated(|| assert!(finished(service.clone().call(())).is_ok())), 0, "{layer:?}");
        assert_eq!(allocated(|| drop(layer.layer(Answers))), 0, "{layer:?}");
    }
}

#[test]
fn first_call_of_a_function_costs_the_same_for_any_number_of_services() {
    process();
    let own = allocation_counter::measure(|| assert!(first_of_own("gateway").is_ok()));
    assert!(own.bytes_total < 8 * 1024, "{} bytes", own.bytes_total);
    assert!(called("orders").is_ok());
    let another = allocation_counter::measure(|| assert!(first_of_another("orders").is_ok()));
    assert!(another.bytes_total < 8 * 1024, "{} bytes", another.bytes_total);
}
