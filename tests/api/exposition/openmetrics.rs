//! `OpenMetrics` shows what the text shows; the bounds of buckets have one spelling in both.

use std::time::Duration;

use auth_metrics::events::TraceContext;
use auth_metrics::group::{Group, Samples};
use auth_metrics::{AuthMetrics, Exposure, Family, OPENMETRICS_CONTENT_TYPE};
use auth_metrics_tests_scrape::{Scrape, assert_openmetrics, le};
use proptest::prelude::*;

use crate::fixture::{builder, busy, handle};

#[test]
fn both_formats_have_the_same_lines_of_samples_under_each_exposure() {
    for exposure in [Exposure::Strict, Exposure::Standard, Exposure::Full] {
        for namespace in [None, Some("acme_seconds"), Some("_total"), Some("x_bucket")] {
            let builder = builder().exposure(exposure).const_labels([("region", "eu \"\\\n\rü\u{2028}")]);
            let builder = namespace.into_iter().fold(builder, auth_metrics::AuthMetricsBuilder::namespace);
            let trace = TraceContext::new([1; 16], [2; 8], true);
            let metrics = builder.trace_context(move || trace).build().unwrap();
            assert_openmetrics(&metrics);
            let _in_flight = busy(&metrics);
            assert_openmetrics(&metrics);
            assert!(metrics.encode_openmetrics().contains(" # {trace_id="), "it has exemplars");
        }
    }
}

#[test]
fn content_type_is_that_of_1_0_0() {
    assert_eq!(OPENMETRICS_CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

static SIZE: Family = Family::gauge("session_cache_bytes", &[], "Size of the \"cache\".");
static SPENT: Family = Family::counter("session_cache_seconds_total", &[], "Time that is spent.");
static SECONDS: Family = Family::gauge("session_seconds_left", &[], "No unit at the end.");

struct SessionCache;

impl Group for SessionCache {
    fn families(&self) -> Vec<&'static Family> {
        vec![&SIZE, &SPENT, &SECONDS]
    }

    fn collect(&self, samples: &mut Samples) {
        samples.gauge(&SIZE, &[], 2.5);
        samples.counter(&SPENT, &[], 7);
        samples.gauge(&SECONDS, &[], -1.0);
    }
}

#[test]
fn families_of_a_group_have_their_unit_and_an_escaped_help() {
    let metrics = handle();
    metrics.group(|| SessionCache).unwrap();
    let expected = "\
        # HELP session_cache_bytes Size of the \\\"cache\\\".\n\
        # TYPE session_cache_bytes gauge\n\
        # UNIT session_cache_bytes bytes\n\
        session_cache_bytes 2.5\n\
        # HELP session_cache_seconds Time that is spent.\n\
        # TYPE session_cache_seconds counter\n\
        # UNIT session_cache_seconds seconds\n\
        session_cache_seconds_total 7\n\
        # HELP session_seconds_left No unit at the end.\n\
        # TYPE session_seconds_left gauge\n\
        session_seconds_left -1\n";
    let text = metrics.encode_openmetrics();
    assert!(text.contains(expected), "{text}");
    assert_eq!(text.matches("# EOF").count(), 1);
    assert_openmetrics(&metrics);
}

/// As Prometheus 3 stores them.
const SPELLED: [(f64, &str); 17] = [
    (1e-9, "1e-09"),
    (0.000_012_34, "1.234e-05"),
    (0.000_099_999, "9.9999e-05"),
    (0.000_1, "0.0001"),
    (0.001_25, "0.00125"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1.0, "1.0"),
    (2.5, "2.5"),
    (60.0, "60.0"),
    (86_400.0, "86400.0"),
    (999_999.0, "999999.0"),
    (999_999.5, "999999.5"),
    (1e6, "1e+06"),
    (1_234_567.0, "1.234567e+06"),
    (31_536_000.0, "3.1536e+07"),
    (399_999_999.5, "3.999999995e+08"),
    (1e8, "1e+08"),
];

#[test]
fn bounds_are_spelled_as_prometheus_3_stores_them() {
    for (bound, spelled) in SPELLED {
        assert_eq!(le(bound), spelled);
        assert_eq!(spelled_by_the_text(&[bound]), [spelled, "+Inf"]);
    }
}

fn spelled_by_the_text(bounds: &[f64]) -> Vec<String> {
    let metrics = builder().buckets(bounds.iter().copied()).build().unwrap();
    metrics.record_auth_latency("gateway", "login", Duration::ZERO);
    bounds_of(&metrics, "login")
}

fn bounds_of(metrics: &AuthMetrics, operation: &str) -> Vec<String> {
    let scrape = Scrape::of(metrics);
    let samples = scrape.family("service_auth_latency_seconds").samples.iter();
    let samples = samples.filter(|sample| sample.label("operation") == Some(operation));
    samples.filter_map(|sample| sample.label("le").map(str::to_owned)).collect()
}

#[test]
fn snapshot_finds_a_bucket_by_any_spelling_of_its_bound() {
    let metrics = builder().buckets([0.000_01, 1.0]).build().unwrap();
    metrics.record_auth_latency("gateway", "login", Duration::from_millis(500));
    let snapshot = metrics.snapshot();
    let at_most =
        |le| snapshot.value("service_auth_latency_seconds_bucket", &[("operation", "login"), ("le", le)]);
    assert_eq!(["1", "1.0", "1e0", "+Inf"].map(at_most), [Some(1.0); 4]);
    assert_eq!(["0.00001", "1e-05", "1.0e-5"].map(at_most), [Some(0.0); 3]);
    assert_eq!(["2", "one", "", "NaN"].map(at_most), [None; 4]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bound_is_spelled_as_go_spells_it(
        any in prop_oneof![1e-9..1e-3_f64, 1e-3..1e7_f64, 1e-9..9e8_f64],
        whole in 1..100_000_000_u64,
        nanos in 1..1_000_000_000_000_000_u64,
        power in -9..=8_i32,
    ) {
        for bound in [any, whole as f64, nanos as f64 / 1e9, 10_f64.powi(power).max(1e-9)] {
            let spelled = spelled_by_the_text(&[bound]);
            prop_assert_eq!(&spelled, &[le(bound), "+Inf".to_owned()]);
            prop_assert_eq!(spelled[0].parse(), Ok(bound));
        }
    }
}
