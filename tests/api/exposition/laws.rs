//! The laws of the contract as a scrape shows them: conservation, agreement, exact series, born at zero.

use std::collections::BTreeMap;

use auth_metrics::prometheus::{Registry, TextEncoder};
use auth_metrics::{OperationKind, Outcome, Reason};

use crate::fixture::{LoginError, builder, busy, handle};
use auth_metrics_tests_scrape::{Labels, Scrape};

const OUTCOMES: [&str; 5] = ["success", "rejected", "error", "interim", "cancelled"];

/// The labels and values of a sample's name.
fn series(scrape: &Scrape, name: &str) -> BTreeMap<Labels, f64> {
    let samples = scrape.samples().filter(|sample| sample.name == name);
    samples.map(|sample| (sample.labels.clone(), sample.value)).collect()
}

/// The same, summed over all labels but service and operation.
pub(crate) fn by_operation(scrape: &Scrape, name: &str) -> BTreeMap<(String, String), f64> {
    let mut sums = BTreeMap::new();
    for (labels, value) in series(scrape, name) {
        *sums.entry((labels["service_id"].clone(), labels["operation"].clone())).or_insert(0.0) += value;
    }
    sums
}

/// What started is all outcomes and what is in flight, of every operation of every service; nothing is negative.
#[track_caller]
pub(crate) fn assert_conserved(scrape: &Scrape) {
    let mut accounted = by_operation(scrape, "auth_operations_in_flight");
    assert!(accounted.values().all(|in_flight| *in_flight >= 0.0), "{accounted:?}");
    for (operation, ended) in by_operation(scrape, "auth_operations_total") {
        *accounted.get_mut(&operation).unwrap() += ended;
    }
    assert_eq!(by_operation(scrape, "auth_operations_started_total"), accounted);
}

#[test]
fn started_is_all_outcomes_and_what_is_in_flight() {
    let metrics = handle();
    let in_flight = busy(&metrics);
    assert_conserved(&Scrape::of(&metrics));
    let labels = [("service_id", "gateway"), ("operation", "login")];
    let level = || Scrape::of(&metrics).value("auth_operations_in_flight", &labels);
    assert_eq!(level(), Some(1.0));
    drop(in_flight);
    assert_eq!(level(), Some(0.0));
    assert_conserved(&Scrape::of(&metrics));
}

#[test]
fn every_operation_shows_all_five_outcomes() {
    let metrics = handle();
    metrics.attempt("login").finish(Outcome::Success);
    let scrape = Scrape::of(&metrics);
    let outcomes = scrape.family("auth_operations_total").samples.iter();
    let outcomes: Vec<&str> = outcomes.filter_map(|sample| sample.label("outcome")).collect();
    assert!(outcomes.chunks(5).all(|operation| operation == OUTCOMES), "{outcomes:?}");
}

#[test]
fn failures_of_authentications_agree_with_the_family_of_the_python_module() {
    let metrics = handle();
    metrics.declare_as::<LoginError>("verify", OperationKind::Token);
    for op in ["login", "step_up", "verify"] {
        metrics.attempt(op).finish(Outcome::Failure(Reason::InvalidCredentials));
        metrics.attempt(op).finish(Outcome::Failure(Reason::RateLimited));
        metrics.attempt(op).finish(Outcome::Success);
    }
    let scrape = Scrape::of(&metrics);
    let mut summed: BTreeMap<Labels, f64> = BTreeMap::new();
    for (mut labels, value) in series(&scrape, "auth_operation_failures_total") {
        if labels.remove("operation").is_some_and(|op| op != "verify") {
            *summed.entry(labels).or_insert(0.0) += value;
        }
    }
    assert_eq!(series(&scrape, "service_auth_failed_total"), summed);
    let labels = [("service_id", "gateway"), ("failure_reason", "rate_limited")];
    assert_eq!(scrape.value("service_auth_failed_total", &labels), Some(2.0));
    assert_eq!(scrape.value("service_auth_successful_total", &[("service_id", "gateway")]), Some(2.0));
}

#[test]
fn every_end_of_an_attempt_is_timed_once() {
    let metrics = handle();
    drop(busy(&metrics));
    let scrape = Scrape::of(&metrics);
    let mut timed = by_operation(&scrape, "service_auth_latency_seconds_count");
    assert_eq!(timed.remove(&("orders".to_owned(), "by_hand".to_owned())), Some(1.0));
    assert_eq!(timed, by_operation(&scrape, "auth_operations_total"));
}

#[test]
fn what_is_recorded_by_hand_enters_the_families_of_the_python_module_only() {
    let metrics = handle();
    metrics.record_successful_auth("orders");
    metrics.record_failed_auth("orders", Reason::AccountLocked);
    metrics.record_failed_token_verification("orders", Reason::TokenExpired);
    metrics.record_auth_latency("orders", "by_hand", std::time::Duration::ZERO);
    let scrape = Scrape::of(&metrics);
    let labels = [("service_id", "orders"), ("failure_reason", "account_locked")];
    assert_eq!(scrape.value("service_auth_failed_total", &labels), Some(1.0));
    let attempted = |sample: &&auth_metrics_tests_scrape::Sample| {
        sample.name.starts_with("auth_operation") && sample.label("service_id") == Some("orders")
    };
    assert_eq!(scrape.samples().find(attempted), None);
}

#[test]
fn tokens_feed_their_own_family_and_authorisations_none_of_the_python_modules() {
    let metrics = handle();
    metrics.declare_as::<LoginError>("verify", OperationKind::Token);
    metrics.declare_as::<LoginError>("authorise", OperationKind::Authorization);
    for (op, reason) in [("verify", Reason::TokenExpired), ("authorise", Reason::PermissionDenied)] {
        metrics.attempt(op).finish(Outcome::Success);
        metrics.attempt(op).finish(Outcome::Failure(reason));
    }
    let scrape = Scrape::of(&metrics);
    let status = |status| {
        scrape.value("jwt_token_verifications_total", &[("service_id", "gateway"), ("status", status)])
    };
    assert_eq!([status("success"), status("failed_token_expired")], [Some(1.0), Some(1.0)]);
    assert_eq!([status("failed_invalid_credentials"), status("failed_permission_denied")], [Some(0.0), None]);
    assert_eq!(scrape.sum("service_auth_successful_total", &[]), Some(0.0));
    assert_eq!(scrape.sum("service_auth_failed_total", &[]), Some(0.0));
    assert_eq!(scrape.sum("auth_operation_failures_total", &[("operation", "authorise")]), Some(1.0));
}

#[test]
fn label_values_that_read_the_same_in_a_row_are_two_series() {
    let metrics = handle();
    let registry = Registry::new();
    metrics.register(&registry).unwrap();
    metrics.attempt_for("user", "slogin").finish(Outcome::Success);
    for _ in 0..4 {
        metrics.attempt_for("users", "login").finish(Outcome::Success);
    }
    let gathered = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    for scrape in [Scrape::of(&metrics), Scrape::read(&gathered)] {
        let started = |service, op| {
            scrape.value("auth_operations_started_total", &[("service_id", service), ("operation", op)])
        };
        assert_eq!([started("user", "slogin"), started("users", "login")], [Some(1.0), Some(4.0)]);
    }
}

#[test]
fn declared_operation_is_in_the_first_scrape_at_zero_with_every_reason() {
    let metrics = builder().exposure(auth_metrics::Exposure::Full).build().unwrap();
    metrics.declare::<LoginError>("login");
    let scrape = Scrape::of(&metrics);
    let login = [("service_id", "gateway"), ("operation", "login")];
    assert_eq!(scrape.value("auth_operations_started_total", &login), Some(0.0));
    assert_eq!(scrape.value("auth_operations_in_flight", &login), Some(0.0));
    assert_eq!(scrape.value("service_auth_latency_seconds_count", &login), Some(0.0));
    assert_eq!(scrape.sum("auth_operations_total", &login), Some(0.0));
    for reason in
        ["invalid_credentials", "unknown_subject", "dependency_unavailable", "cancelled", "panicked"]
    {
        let labels = [("service_id", "gateway"), ("operation", "login"), ("failure_reason", reason)];
        assert_eq!(scrape.value("auth_operation_failures_total", &labels), Some(0.0), "{reason}");
        let labels = [("service_id", "gateway"), ("failure_reason", reason)];
        assert_eq!(scrape.value("service_auth_failed_total", &labels), Some(0.0), "{reason}");
    }
    let reasons = scrape.family("auth_operation_failures_total").samples.iter();
    assert_eq!(reasons.filter(|sample| sample.label("operation") == Some("login")).count(), 5);
}
