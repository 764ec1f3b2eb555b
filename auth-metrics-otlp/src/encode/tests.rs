//! What requests have in them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use auth_metrics::events::TraceContext;
use auth_metrics::{AuthMetrics, Clock, Exposure, Outcome, Reason};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Text;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{Metric, exemplar};
use prost::Message;

use super::{Encoder, Times};
use crate::names::Names;
use crate::series::Table;
use crate::setup::Temporality;

const CUMULATIVE: i32 = 2;
const DELTA: i32 = 1;

fn request(metrics: &AuthMetrics, temporality: Temporality, names: Names) -> ExportMetricsServiceRequest {
    let resource = vec![("service.name".to_owned(), "gateway".to_owned())];
    let encoder = Encoder { temporality, names, resource };
    let mut table = Table::new(1_000);
    table.read(&metrics.snapshot(), 2_000, true);
    let made = encoder.encode(&mut table, Times { accepted: 1_000, now: 2_000 });
    // What is sent can be read, and is the same then.
    let bytes = made.request.encode_to_vec();
    assert_eq!(ExportMetricsServiceRequest::decode(&bytes[..]).unwrap(), made.request);
    made.request
}

fn metric(request: &ExportMetricsServiceRequest, name: &str) -> Metric {
    let all = &request.resource_metrics[0].scope_metrics[0].metrics;
    let mut found = all.iter().filter(|metric| metric.name == name);
    let metric = found.next().unwrap_or_else(|| panic!("there is no {name}")).clone();
    assert!(found.next().is_none(), "{name} stands twice");
    metric
}

fn still() -> auth_metrics::AuthMetricsBuilder {
    AuthMetrics::builder().service_id("gateway").clock(Clock::from_fn(|| Duration::ZERO))
}

#[test]
fn counter_is_a_monotonic_sum_of_integers() {
    let metrics = still().build().unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    for (temporality, wire) in [(Temporality::Cumulative, CUMULATIVE), (Temporality::Delta, DELTA)] {
        let metric = metric(&request(&metrics, temporality, Names::Scrape), "auth_operations_total");
        assert_eq!(metric.description, "Attempts that ended, by outcome.");
        let Some(Data::Sum(sum)) = metric.data else { panic!() };
        assert!(sum.is_monotonic);
        assert_eq!(sum.aggregation_temporality, wire);
        assert_eq!(sum.data_points.len(), 5);
        let text = |text: &str| Some(Text::StringValue(text.to_owned()));
        let success = sum.data_points.iter().find(|point| {
            point.attributes.iter().any(|each| each.value.clone().unwrap().value == text("success"))
        });
        let success = success.unwrap();
        let names: Vec<_> = success.attributes.iter().map(|each| each.key.as_str()).collect();
        assert_eq!(names, ["service_id", "operation", "outcome"]);
        assert_eq!(success.value, Some(Value::AsInt(1)));
        assert_eq!((success.start_time_unix_nano, success.time_unix_nano), (1_000, 2_000));
    }
}

#[test]
fn histogram_has_the_counts_of_each_bucket_alone() {
    let metrics = still().buckets([0.5, 1.0]).exposure(Exposure::Full).build().unwrap();
    for millis in [100, 700, 800, 5_000] {
        metrics.record_auth_latency("gateway", "login", Duration::from_millis(millis));
    }
    for (temporality, wire) in [(Temporality::Cumulative, CUMULATIVE), (Temporality::Delta, DELTA)] {
        let metric = metric(&request(&metrics, temporality, Names::Scrape), "service_auth_latency_seconds");
        assert_eq!(metric.unit, "s");
        let Some(Data::Histogram(histogram)) = metric.data else { panic!() };
        assert_eq!(histogram.aggregation_temporality, wire);
        let point = &histogram.data_points[0];
        assert_eq!(point.explicit_bounds, [0.5, 1.0]);
        assert_eq!(point.bucket_counts, [1, 2, 1]);
        let shown = metrics.snapshot();
        let sum = shown
            .histogram("service_auth_latency_seconds", &[("service_id", "gateway"), ("operation", "login")])
            .unwrap()
            .sum();
        assert_eq!((point.count, point.sum), (4, Some(sum)));
        assert_eq!((point.start_time_unix_nano, point.time_unix_nano), (1_000, 2_000));
    }
}

#[test]
fn level_is_a_gauge_of_doubles_without_a_start() {
    let metrics = still().build().unwrap();
    metrics.update_rate_limit_usage("gateway", [("per_minute", 42.0)]);
    let metric = metric(&request(&metrics, Temporality::Delta, Names::Scrape), "rate_limit_current");
    let Some(Data::Gauge(gauge)) = metric.data else { panic!() };
    assert_eq!(gauge.data_points[0].value, Some(Value::AsDouble(42.0)));
    assert_eq!((gauge.data_points[0].start_time_unix_nano, gauge.data_points[0].time_unix_nano), (0, 2_000));
}

#[test]
fn what_is_in_flight_is_an_up_down_counter_by_convention() {
    let metrics = still().build().unwrap();
    let _in_flight = metrics.attempt("login");
    let metric =
        metric(&request(&metrics, Temporality::Delta, Names::OpenTelemetry), "auth.operation.active");
    let Some(Data::Sum(sum)) = metric.data else { panic!() };
    assert!(!sum.is_monotonic);
    assert_eq!(sum.aggregation_temporality, CUMULATIVE, "a level can't be added up over time");
    assert_eq!(sum.data_points[0].value, Some(Value::AsInt(1)));
}

#[test]
fn exemplars_have_trace_span_value_and_time() {
    let trace = TraceContext::new([0xab; 16], [0xcd; 8], true);
    let builder = still().exposure(Exposure::Full).trace_context(move || trace);
    let metrics = builder.build().unwrap();
    let nanos = || u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos()).unwrap();
    let before = nanos() / 1_000_000 * 1_000_000;
    metrics.attempt("login").finish(Outcome::Failure(Reason::InvalidCredentials));
    let request = request(&metrics, Temporality::Cumulative, Names::Scrape);
    let Some(Data::Histogram(histogram)) = metric(&request, "service_auth_latency_seconds").data else {
        panic!()
    };
    let Some(Data::Sum(sum)) = metric(&request, "auth_operation_failures_total").data else { panic!() };
    let of_buckets = histogram.data_points.iter().flat_map(|point| &point.exemplars);
    let exemplars: Vec<_> =
        of_buckets.chain(sum.data_points.iter().flat_map(|point| &point.exemplars)).collect();
    assert_eq!(exemplars.len(), 2);
    for exemplar in &exemplars {
        assert_eq!((&exemplar.trace_id[..], &exemplar.span_id[..]), (&[0xab; 16][..], &[0xcd; 8][..]));
        assert!(before <= exemplar.time_unix_nano && exemplar.time_unix_nano <= nanos());
    }
    assert_eq!(exemplars[0].value, Some(exemplar::Value::AsDouble(0.0)));
    assert_eq!(exemplars[1].value, Some(exemplar::Value::AsDouble(1.0)));
}

#[test]
fn exemplars_of_before_the_last_accepted_push_are_left_out() {
    let trace = TraceContext::new([0xab; 16], [0xcd; 8], true);
    let metrics = still().trace_context(move || trace).build().unwrap();
    metrics.attempt("login").finish(Outcome::Failure(Reason::InvalidCredentials));
    let encoder =
        Encoder { temporality: Temporality::Cumulative, names: Names::Scrape, resource: Vec::new() };
    let mut table = Table::new(0);
    table.read(&metrics.snapshot(), u64::MAX - 1, true);
    let made = encoder.encode(&mut table, Times { accepted: u64::MAX - 2, now: u64::MAX - 1 });
    let Some(Data::Sum(sum)) = metric(&made.request, "auth_operation_failures_total").data else { panic!() };
    assert!(sum.data_points.iter().all(|point| point.exemplars.is_empty()));
}

#[test]
fn exposure_hides_what_a_scrape_hides() {
    let metrics = still().exposure(Exposure::Strict).build().unwrap();
    metrics.attempt("login").finish(Outcome::Failure(Reason::AccountLocked));
    let text = format!("{:?}", request(&metrics, Temporality::Delta, Names::OpenTelemetry));
    let info =
        metric(&request(&metrics, Temporality::Delta, Names::OpenTelemetry), "auth.operation.failures");
    assert!(!format!("{info:?}").contains("account_locked") && text.contains("invalid_credentials"));
}

#[test]
fn request_says_whose_it_is_and_who_made_it() {
    let metrics = still().const_labels([("region", "eu")]).namespace("acme").build().unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    let request = request(&metrics, Temporality::Delta, Names::OpenTelemetry);
    let of = &request.resource_metrics[0];
    assert_eq!(of.resource.as_ref().unwrap().attributes[0].key, "service.name");
    let scope = of.scope_metrics[0].scope.as_ref().unwrap();
    assert_eq!(
        (scope.name.as_str(), scope.version.as_str()),
        ("auth-metrics-otlp", env!("CARGO_PKG_VERSION"))
    );
    let Some(Data::Sum(sum)) = metric(&request, "acme.auth.operation.started").data else { panic!() };
    assert_eq!(sum.data_points[0].attributes[0].key, "region");
}

#[test]
fn numbers_are_integers_where_they_are_exact() {
    use super::points::{whole, whole_level};
    assert_eq!(whole(i64::MAX as u64), Value::AsInt(i64::MAX));
    assert_eq!(whole(1 << 63), Value::AsDouble(2_f64.powi(63)));
    assert_eq!(whole_level(-3.0), Value::AsInt(-3));
    for level in [0.5, f64::INFINITY, -0.0, 1e300] {
        assert_eq!(whole_level(level), Value::AsDouble(level));
    }
}
