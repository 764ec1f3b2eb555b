//! Every mistake in the options is a typed error whose text says what to do; every option at its limit is taken.

use auth_metrics::{AuthMetrics, AuthMetricsBuilder, Error};

use crate::fixture::{builder, handle};
use auth_metrics_tests_scrape::Scrape;

fn refused(builder: &AuthMetricsBuilder) -> Error {
    builder.clone().build().err().unwrap_or_else(|| panic!("{builder:?} was built"))
}

#[test]
fn service_ids_that_are_none_are_refused() {
    for service in ["", "a\nb", "\u{85}", "orders\u{200b}", "\u{202e}sredro", &"x".repeat(129), "other"] {
        let error = refused(&AuthMetrics::builder().service_id(service));
        assert!(matches!(error, Error::InvalidServiceId), "{error:?}");
        let advice = "the service id must have 1 to 128 bytes, no control characters and no invisible ones such as \
                      zero-width spaces or bidirectional marks, and must not be `other`, which counts the ids that don't \
                      fit";
        assert_eq!(error.to_string(), advice);
    }
    assert!(AuthMetrics::builder().service_id("x".repeat(128)).build().is_ok());
}

#[test]
fn handle_without_a_service_id_is_the_unknown_service() {
    let metrics = AuthMetrics::builder().build().unwrap();
    assert_eq!(metrics.service_id(), "unknown_service");
    metrics.attempt("login").finish(auth_metrics::Outcome::Success);
    let labels = [("service_id", "unknown_service"), ("operation", "login")];
    assert_eq!(Scrape::of(&metrics).value("auth_operations_started_total", &labels), Some(1.0));
}

#[test]
fn numbers_of_services_that_can_not_be_kept_are_refused() {
    for services in [0, 65_537, usize::MAX / 2, usize::MAX] {
        let error = refused(&builder().max_services(services));
        assert!(matches!(error, Error::InvalidMaxServices), "{services}: {error:?}");
        assert_eq!(error.to_string(), "max_services must be between 1 (the handle's own service) and 65536");
    }
    for services in [1, 65_536] {
        assert!(builder().max_services(services).build().is_ok(), "{services}");
    }
}

#[test]
fn buckets_that_do_not_rise_or_are_no_times_are_refused() {
    let odd: [&[f64]; 9] = [
        &[],
        &[0.0, 1.0],
        &[-1.0, 1.0],
        &[1.0, 1.0],
        &[2.0, 1.0],
        &[1.0, f64::NAN],
        &[1.0, f64::INFINITY],
        &[1e-10],
        &[1.0, 1.000_000_000_1],
    ];
    for buckets in odd {
        let error = refused(&builder().buckets(buckets.iter().copied()));
        assert!(matches!(error, Error::InvalidBuckets), "{buckets:?}: {error:?}");
        let advice = "the buckets must be 1 to 250 finite, positive bounds in seconds that rise by at least a nanosecond";
        assert_eq!(error.to_string(), advice);
    }
    assert!(builder().buckets([1.0]).build().is_ok());
    assert!(builder().buckets([1e-9, 2e-9]).build().is_ok());
}

#[test]
fn namespaces_that_can_not_start_a_name_are_refused() {
    for namespace in ["", "9lives", "a-b", "a b", "ü", "a:b"] {
        let error = refused(&builder().namespace(namespace));
        assert!(matches!(&error, Error::InvalidNamespace(named) if named == namespace), "{error:?}");
        let text = error.to_string();
        assert!(text.contains(&format!("{namespace:?}")) && text.contains("letters, digits and _"), "{text}");
    }
    assert!(builder().namespace("_A9").build().is_ok());
}

#[test]
fn constant_labels_that_are_none_or_ours_are_refused() {
    let ours = [
        "service_id",
        "failure_reason",
        "status",
        "operation",
        "limit_type",
        "outcome",
        "class",
        "fault",
        "source",
        "label",
        "kind",
        "version",
        "le",
        "credential_kind",
        "credential",
        "event",
        "result",
        "key_state",
    ];
    for label in ["", "9", "a-b", "a:b", "ü", "__name__", "__x"].into_iter().chain(ours) {
        let error = refused(&builder().const_labels([("region", "eu"), (label, "x")]));
        assert!(matches!(&error, Error::InvalidConstLabel(named) if named == label), "{error:?}");
        let text = error.to_string();
        assert!(
            text.contains(&format!("{label:?}")) && text.contains("not be a label of this library"),
            "{text}"
        );
    }
    assert!(builder().const_labels([("_region", "eu")]).build().is_ok());
}

#[test]
fn constant_label_that_stands_twice_is_refused() {
    let error = refused(&builder().const_labels([("region", "eu"), ("zone", "a"), ("region", "us")]));
    assert!(matches!(&error, Error::InvalidConstLabel(named) if named == "region"), "{error:?}");
    assert!(error.to_string().contains("must be given once"), "{error}");
}

#[test]
fn second_handle_can_not_become_the_processes() {
    let first = handle();
    first.install().unwrap();
    first.clone().install().unwrap();
    let error = handle().install().unwrap_err();
    assert!(matches!(error, Error::AlreadyInstalled), "{error:?}");
    assert!(error.to_string().contains("install yours before the first recording"), "{error}");
    assert_eq!(AuthMetrics::current().service_id(), "gateway");
}

#[test]
fn errors_can_be_boxed_and_sent() {
    fn boxed(error: Error) -> Box<dyn std::error::Error + Send + Sync> {
        error.into()
    }
    assert!(boxed(refused(&builder().max_services(0))).source().is_none());
}

#[test]
fn no_constant_label_shuts_out_the_families_of_credentials() {
    for label in auth_metrics_credentials::families::FAMILIES.iter().flat_map(|family| family.labels) {
        let error = refused(&builder().const_labels([(*label, "x")]));
        assert!(matches!(&error, Error::InvalidConstLabel(named) if named == label), "{error:?}");
    }
}
