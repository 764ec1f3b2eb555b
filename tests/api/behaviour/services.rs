//! Services named by the call, sources, and the gauge of active services.

use std::sync::Arc;

use auth_metrics::testing::Scope;
use auth_metrics::{AuthMethod, AuthMetrics, FailureReason, auth_metered};

use crate::count;

#[derive(Debug, FailureReason)]
enum RouteError {
    PermissionDenied,
}

struct Request {
    service: String,
}

#[auth_metered(op = "routed", service = request.service)]
async fn routed(request: Request, fail: bool) -> Result<String, RouteError> {
    if fail { Err(RouteError::PermissionDenied) } else { Ok(request.service) }
}

#[auth_metered(op = "sourced", service = service, source = method)]
fn sourced(service: &str, method: AuthMethod) -> Result<usize, RouteError> {
    Ok(service.len())
}

struct Gateway {
    metrics: AuthMetrics,
}

impl Gateway {
    #[auth_metered(op = "held", metrics = self.metrics)]
    async fn held(&self) -> Result<(), RouteError> {
        Err(RouteError::PermissionDenied)
    }

    #[auth_metered(op = "shared", metrics = Arc::clone(&self).metrics)]
    async fn shared(self: Arc<Self>) -> Result<(), RouteError> {
        Ok(())
    }
}

struct Tenant {
    metrics: Arc<AuthMetrics>,
    name: String,
}

impl Tenant {
    #[auth_metered(op = "made_up", metrics = self.metrics, service = format!("{}-2", self.name), source = method)]
    async fn made_up(&mut self, method: &AuthMethod) -> Result<&mut String, RouteError> {
        tokio::task::yield_now().await;
        Ok(&mut self.name)
    }
}

#[tokio::test]
async fn arguments_are_expressions_over_borrows_and_the_future_is_still_send() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let mut tenant = Tenant { metrics: Arc::new(metrics.clone()), name: "orders".to_owned() };
    assert_send(tenant.made_up(&AuthMethod::ApiKey)).await.unwrap().push('!');
    assert_eq!(tenant.name, "orders!");
    let labels = [("service_id", "orders-2"), ("source", "api_key"), ("outcome", "success")];
    assert_eq!(count(&metrics.snapshot(), "auth_source_operations_total", &labels), 1.0);
}

fn request(service: &str) -> Request {
    Request { service: service.to_owned() }
}

#[tokio::test]
async fn service_is_read_before_the_body_takes_the_argument() {
    let scope = Scope::new();
    assert_eq!(scope.metrics().scope(routed(request("orders"), false)).await.unwrap(), "orders");
    assert!(scope.metrics().scope(routed(request("billing"), true)).await.is_err());
    let snapshot = scope.snapshot();
    let ended = |service, outcome| {
        let labels = [("service_id", service), ("operation", "routed"), ("outcome", outcome)];
        count(&snapshot, "auth_operations_total", &labels)
    };
    assert_eq!([ended("orders", "success"), ended("orders", "rejected")], [1.0, 0.0]);
    assert_eq!([ended("billing", "success"), ended("billing", "rejected")], [0.0, 1.0]);
    assert_eq!(count(&snapshot, "service_auth_failed_total", &[("service_id", "billing")]), 1.0);
}

#[tokio::test]
async fn services_beyond_the_bound_are_counted_as_other() {
    let metrics = AuthMetrics::builder().service_id("gateway").max_services(3).build().unwrap();
    for service in ["a", "b", "c", "d", "a", ""] {
        metrics.scope(routed(request(service), false)).await.unwrap();
    }
    let snapshot = metrics.snapshot();
    let started = |service| {
        snapshot.value("auth_operations_started_total", &[("service_id", service), ("operation", "routed")])
    };
    assert_eq!([started("a"), started("b"), started("other")], [Some(2.0), Some(1.0), Some(3.0)]);
    assert_eq!([started("c"), started("d")], [None, None]);
    assert_eq!(count(&snapshot, "auth_label_overflow_total", &[("label", "service_id")]), 3.0);
}

#[auth_metered(op = "made_later", service = service)]
fn made_later(service: &str) -> impl Future<Output = Result<usize, RouteError>> + use<> {
    std::future::ready(Ok(service.len()))
}

fn started_later(metrics: &AuthMetrics, service: &str) -> Option<f64> {
    let labels = [("service_id", service), ("operation", "made_later")];
    metrics.snapshot().value("auth_operations_started_total", &labels)
}

#[tokio::test]
async fn future_counts_for_its_service_in_the_scope_that_polls_it() {
    let (first, second) = (Scope::new(), Scope::new());
    for scope in [&first, &second] {
        scope.metrics().scope(async { made_later("seen-before").await }).await.unwrap();
    }
    for service in ["seen-before", "new", "seen-before"] {
        let future = first.metrics().in_scope(|| made_later(service));
        second.metrics().scope(future).await.unwrap();
    }
    assert_eq!(
        [started_later(first.metrics(), "seen-before"), started_later(first.metrics(), "new")],
        [Some(1.0), None]
    );
    assert_eq!(
        [started_later(second.metrics(), "seen-before"), started_later(second.metrics(), "new")],
        [Some(3.0), Some(1.0)]
    );
}

#[tokio::test]
async fn future_that_is_never_polled_makes_no_place_for_its_service() {
    let scope = Scope::new();
    drop(scope.metrics().in_scope(|| made_later("orders")));
    let labels = [("service_id", "orders")];
    assert_eq!(scope.snapshot().value("service_auth_successful_total", &labels), None);
    assert_eq!(count(&scope.snapshot(), "auth_label_overflow_total", &[]), 0.0);
}

#[tokio::test]
async fn folded_future_is_counted_as_other_and_as_folded_when_it_is_polled() {
    let metrics = AuthMetrics::builder().service_id("gateway").max_services(1).build().unwrap();
    let folded = || count(&metrics.snapshot(), "auth_label_overflow_total", &[("label", "service_id")]);
    let future = metrics.in_scope(|| made_later("orders"));
    assert_eq!(folded(), 0.0);
    metrics.scope(future).await.unwrap();
    assert_eq!([folded(), started_later(&metrics, "other").unwrap()], [1.0, 1.0]);
    metrics.scope(metrics.in_scope(|| made_later("other"))).await.unwrap();
    assert_eq!([folded(), started_later(&metrics, "other").unwrap()], [1.0, 2.0]);
}

#[test]
fn source_is_counted_by_outcome() {
    let scope = Scope::new();
    scope.metrics().in_scope(|| sourced("orders", AuthMethod::Passkey)).unwrap();
    let labels = [("service_id", "orders"), ("source", "passkey"), ("outcome", "success")];
    assert_eq!(count(&scope.snapshot(), "auth_source_operations_total", &labels), 1.0);
}

#[test]
fn with_one_source_its_siblings_are_exported_at_zero() {
    let scope = Scope::new();
    scope.metrics().in_scope(|| sourced("orders", AuthMethod::Passkey)).unwrap();
    for outcome in ["success", "rejected", "error", "interim", "cancelled"] {
        let labels = [("service_id", "orders"), ("source", "password"), ("outcome", outcome)];
        assert_eq!(count(&scope.snapshot(), "auth_source_operations_total", &labels), 0.0);
    }
}

#[tokio::test]
async fn explicit_handle_wins_over_the_scope() {
    let metrics = AuthMetrics::builder().service_id("explicit").build().unwrap();
    let gateway = Arc::new(Gateway { metrics: metrics.clone() });
    let scope = Scope::new();
    assert!(scope.metrics().scope(gateway.held()).await.is_err());
    scope.metrics().scope(gateway.shared()).await.unwrap();
    let started = |snapshot: &auth_metrics::Snapshot, op| {
        count(snapshot, "auth_operations_started_total", &[("operation", op)])
    };
    assert_eq!([started(&metrics.snapshot(), "held"), started(&metrics.snapshot(), "shared")], [1.0, 1.0]);
    assert_eq!([started(&scope.snapshot(), "held"), started(&scope.snapshot(), "shared")], [0.0, 0.0]);
}

#[test]
fn active_services_fall_with_guards_and_deregistrations_and_never_below_zero() {
    let metrics = AuthMetrics::builder().build().unwrap();
    let active = || count(&metrics.snapshot(), "auth_active_services", &[]);
    let first = metrics.register_service("orders");
    let second = metrics.register_service("orders");
    metrics.record_service_registration("billing");
    assert_eq!(active(), 2.0);
    drop(first);
    assert_eq!(active(), 2.0);
    drop(second);
    assert_eq!(active(), 1.0);
    metrics.record_service_deregistration("billing");
    metrics.record_service_deregistration("billing");
    assert_eq!(active(), 0.0);
    let unmatched = [("kind", "unmatched_deregistration")];
    assert_eq!(count(&metrics.snapshot(), "auth_metrics_internal_errors_total", &unmatched), 1.0);
}

#[test]
fn two_threads_that_bring_the_last_service_that_fits_are_both_counted_there() {
    for _ in 0..2_000 {
        let metrics = AuthMetrics::builder().service_id("gateway").max_services(2).build().unwrap();
        let barrier = std::sync::Barrier::new(2);
        std::thread::scope(|threads| {
            for _ in 0..2 {
                threads.spawn(|| {
                    barrier.wait();
                    metrics.record_successful_auth("orders");
                });
            }
        });
        let snapshot = metrics.snapshot();
        assert_eq!(count(&snapshot, "service_auth_successful_total", &[("service_id", "orders")]), 2.0);
        assert_eq!(count(&snapshot, "auth_label_overflow_total", &[]), 0.0);
    }
}

#[test]
fn folded_services_are_active_one_by_one() {
    let metrics = AuthMetrics::builder().service_id("gateway").max_services(2).build().unwrap();
    let registrations: Vec<_> = ["a", "b", "c"].map(|service| metrics.register_service(service)).into();
    assert_eq!(count(&metrics.snapshot(), "auth_active_services", &[]), 3.0);
    metrics.record_service_deregistration("c");
    assert_eq!(count(&metrics.snapshot(), "auth_active_services", &[]), 2.0);
    drop(registrations);
    assert_eq!(count(&metrics.snapshot(), "auth_active_services", &[]), 0.0);
}

#[test]
fn deregistration_of_a_service_that_never_was_adds_no_series() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.record_service_deregistration("typo");
    assert_eq!(metrics.snapshot().value("service_auth_successful_total", &[("service_id", "typo")]), None);
}

#[test]
fn latency_by_hand_does_not_decide_the_kind_of_an_operation() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.record_auth_latency("gateway", "late_kind", std::time::Duration::from_millis(1));
    metrics.declare_as::<RouteError>("late_kind", auth_metrics::OperationKind::Token);
    metrics.attempt("late_kind").finish(auth_metrics::Outcome::Success);
    let snapshot = metrics.snapshot();
    assert_eq!(count(&snapshot, "jwt_token_verifications_total", &[("status", "success")]), 1.0);
    assert_eq!(count(&snapshot, "service_auth_successful_total", &[]), 0.0);
}

#[test]
fn declaring_another_kind_than_the_known_one_is_a_fault() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let faults = || {
        let snapshot = metrics.snapshot();
        count(&snapshot, "auth_metrics_internal_errors_total", &[("kind", "kinds_differ")])
    };
    metrics.declare_as::<RouteError>("redeclared", auth_metrics::OperationKind::Token);
    metrics.declare_as::<RouteError>("redeclared", auth_metrics::OperationKind::Token);
    metrics.declare::<RouteError>("redeclared");
    assert_eq!(faults(), 0.0, "the kind agrees, or none is given");

    metrics.declare_as::<RouteError>("redeclared", auth_metrics::OperationKind::Authorization);
    assert_eq!(faults(), 1.0);
    metrics.attempt("by_hand").finish(auth_metrics::Outcome::Success);
    metrics.declare_as::<RouteError>("by_hand", auth_metrics::OperationKind::Token);
    assert_eq!(faults(), 2.0, "an attempt by hand has decided the kind");

    metrics.attempt("redeclared").finish(auth_metrics::Outcome::Success);
    let snapshot = metrics.snapshot();
    assert_eq!(count(&snapshot, "jwt_token_verifications_total", &[("status", "success")]), 1.0);
}

#[tokio::test]
async fn service_seen_in_one_operation_shows_the_others_that_it_may_take_part_in() {
    let scope = Scope::new();
    scope.metrics().scope(routed(request("orders"), false)).await.unwrap();
    let labels =
        [("service_id", "orders"), ("operation", "sourced"), ("failure_reason", "permission_denied")];
    assert_eq!(count(&scope.snapshot(), "auth_operation_failures_total", &labels), 0.0);
}
