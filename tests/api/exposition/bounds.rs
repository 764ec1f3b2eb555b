//! The number of series is known before the first request: what does not fit becomes `other`, is counted, and is not lost.

use auth_metrics::{AuthMetrics, Outcome, Reason};

use crate::fixture::{builder, handle};
use auth_metrics_tests_scrape::Scrape;

fn overflow(scrape: &Scrape, label: &str) -> Option<f64> {
    scrape.value("auth_label_overflow_total", &[("label", label)])
}

fn succeeded(metrics: &AuthMetrics, service: &str) -> Option<f64> {
    Scrape::of(metrics).value("service_auth_successful_total", &[("service_id", service)])
}

#[test]
fn ten_thousand_services_fold_into_other_and_nothing_is_lost() {
    let metrics = handle();
    for number in 0..10_000 {
        metrics.record_successful_auth(&format!("service-{number}"));
    }
    let scrape = Scrape::of(&metrics);
    // 256 names, one of them the handle's own, and `other`.
    assert_eq!(scrape.family("service_auth_successful_total").samples.len(), 257);
    assert_eq!(scrape.sum("service_auth_successful_total", &[]), Some(10_000.0));
    let labels = [("service_id", "other")];
    assert_eq!(scrape.value("service_auth_successful_total", &labels), Some(10_000.0 - 255.0));
    assert_eq!(overflow(&scrape, "service_id"), Some(10_000.0 - 255.0));
}

#[test]
fn attempts_of_folded_services_are_conserved_under_other() {
    let metrics = builder().max_services(3).build().unwrap();
    for number in 0..100 {
        metrics.attempt_for(&format!("service-{number}"), "login").finish(Outcome::Success);
        metrics
            .attempt_for(&format!("service-{number}"), "login")
            .finish(Outcome::Failure(Reason::RateLimited));
    }
    let scrape = Scrape::of(&metrics);
    let other = [("service_id", "other"), ("operation", "login")];
    assert_eq!(scrape.value("auth_operations_started_total", &other), Some(196.0));
    assert_eq!(scrape.sum("auth_operations_total", &other), Some(196.0));
    assert_eq!(scrape.value("service_auth_latency_seconds_count", &other), Some(196.0));
    assert_eq!(overflow(&scrape, "service_id"), Some(196.0));
}

#[test]
fn number_of_series_does_not_grow_once_every_table_is_full() {
    let metrics = builder().max_services(4).build().unwrap();
    let fill = |from: usize, to: usize| {
        for number in from..to {
            let name = format!("name_{number}");
            metrics
                .attempt_for(&name, &name)
                .finish(Outcome::Failure(Reason::ALL[number % Reason::ALL.len()]));
            metrics.record_auth_latency(&name, &name, std::time::Duration::ZERO);
            metrics.update_rate_limit_usage(&name, [(&name, 1.0)]);
            metrics.attempt_for("other", &name).finish(Outcome::Success);
            metrics.attempt_for("name_0", &name).finish(Outcome::Success);
            metrics.update_rate_limit_usage("name_0", [(&name, 1.0)]);
        }
    };
    fill(0, 1_000);
    let before = Scrape::of(&metrics).samples().count();
    fill(1_000, 2_000);
    assert_eq!(Scrape::of(&metrics).samples().count(), before);
}

#[test]
fn service_ids_that_are_none_fold_into_other() {
    let too_long = "x".repeat(129);
    let umlauts = "ü".repeat(65);
    let odd = ["", &too_long, &umlauts, "a\nb", "a\0", "\t", "\u{7f}", "\u{85}", "\r\n"];
    let metrics = handle();
    for service in odd {
        metrics.record_successful_auth(service);
    }
    let scrape = Scrape::of(&metrics);
    assert_eq!(scrape.family("service_auth_successful_total").samples.len(), 2);
    assert_eq!(scrape.value("service_auth_successful_total", &[("service_id", "other")]), Some(9.0));
    assert_eq!(overflow(&scrape, "service_id"), Some(9.0));
}

#[test]
fn service_id_of_128_bytes_is_kept() {
    let metrics = handle();
    for longest in ["x".repeat(128), "ü".repeat(64)] {
        metrics.record_successful_auth(&longest);
        assert_eq!(succeeded(&metrics, &longest), Some(1.0));
    }
    assert_eq!(overflow(&Scrape::of(&metrics), "service_id"), Some(0.0));
}

#[test]
fn service_ids_are_told_apart_to_the_byte() {
    let metrics = handle();
    for service in ["orders", "Orders", "orders ", " orders", "order", "orders\u{2028}"] {
        metrics.record_successful_auth(service);
        assert_eq!(succeeded(&metrics, service), Some(1.0), "{service:?}");
    }
}

#[test]
fn service_that_calls_itself_other_is_no_overflow() {
    let metrics = handle();
    metrics.record_successful_auth("other");
    assert_eq!(succeeded(&metrics, "other"), Some(1.0));
    assert_eq!(overflow(&Scrape::of(&metrics), "service_id"), Some(0.0));
}

#[test]
fn handle_of_one_service_keeps_its_own_and_folds_every_other() {
    let metrics = builder().max_services(1).build().unwrap();
    for service in ["gateway", "orders", "billing"] {
        metrics.record_successful_auth(service);
    }
    assert_eq!([succeeded(&metrics, "gateway"), succeeded(&metrics, "other")], [Some(1.0), Some(2.0)]);
}

#[test]
fn registered_services_beyond_the_bound_are_active_one_by_one() {
    let metrics = builder().max_services(2).build().unwrap();
    let guards: Vec<_> =
        (0..10).map(|number| metrics.register_service(&format!("service-{number}"))).collect();
    let active = || Scrape::of(&metrics).value("auth_active_services", &[]);
    assert_eq!(active(), Some(10.0));
    drop(guards);
    assert_eq!(active(), Some(0.0));
    assert_eq!(overflow(&Scrape::of(&metrics), "service_id"), Some(9.0));
}

#[test]
fn limit_types_are_bounded_and_the_rest_is_other() {
    let metrics = handle();
    let limits: Vec<(String, f64)> =
        (0..40_u8).map(|number| (format!("limit_{number}"), f64::from(number))).collect();
    metrics.update_rate_limit_usage("orders", limits);
    metrics.update_rate_limit_usage("orders", [("Per Minute", 7.0)]);
    let scrape = Scrape::of(&metrics);
    assert_eq!(scrape.family("rate_limit_current").samples.len(), 17);
    let value =
        |limit| scrape.value("rate_limit_current", &[("service_id", "orders"), ("limit_type", limit)]);
    assert_eq!([value("limit_15"), value("limit_16"), value("other")], [Some(15.0), None, Some(7.0)]);
    assert_eq!(overflow(&scrape, "limit_type"), Some(25.0));
}

#[test]
fn operations_by_hand_are_bounded_and_the_rest_is_other() {
    let metrics = handle();
    for number in 0..2_000 {
        metrics.attempt(&format!("op_{number}")).finish(Outcome::Success);
    }
    let scrape = Scrape::of(&metrics);
    let started = &scrape.family("auth_operations_started_total").samples;
    assert_eq!(scrape.sum("auth_operations_started_total", &[]), Some(2_000.0));
    assert!(started.len() < 300, "{} operations", started.len());
    let folded =
        scrape.value("auth_operations_started_total", &[("service_id", "gateway"), ("operation", "other")]);
    assert!(folded.is_some_and(|folded| folded > 1_700.0), "{folded:?}");
    assert_eq!(overflow(&scrape, "operation"), folded);
}

#[test]
fn operations_that_are_no_names_are_other() {
    let metrics = handle();
    let too_long = "x".repeat(65);
    for op in ["", "Login", "log in", "1st", "_login", "login-2", "größe", &too_long, "a\"b"] {
        metrics.attempt(op).finish(Outcome::Success);
        metrics.record_auth_latency("gateway", op, std::time::Duration::ZERO);
    }
    let scrape = Scrape::of(&metrics);
    let other = [("service_id", "gateway"), ("operation", "other")];
    assert_eq!(scrape.value("auth_operations_started_total", &other), Some(9.0));
    assert_eq!(scrape.value("service_auth_latency_seconds_count", &other), Some(18.0));
    assert_eq!(overflow(&scrape, "operation"), Some(18.0));
}
