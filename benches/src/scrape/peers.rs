//! The grid in every peer that can write it.

use lasso::{Rodeo, RodeoReader};
use measured::metric::histogram::Thresholds;
use measured::text::BufferedTextEncoder;
use measured::{CounterVec, HistogramVec, LabelGroup, MetricGroup};
use metrics_exporter_prometheus::PrometheusBuilder;
use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::{Instrument, SdkMeterProvider, Stream};
use prometheus::{Registry, TextEncoder};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;

use super::Encoder;
use super::grid::{
    OPERATIONS, OUTCOMES, SERVICES, count, observations, operations, outcomes, pairs, services,
};
use crate::contenders::BOUNDS;
use crate::contenders::prometheus::Vecs;

pub fn all() -> Vec<Encoder> {
    vec![measured(), prometheus_client(), prometheus(), metrics_exporter(), opentelemetry()]
}

/// Every counter of the grid and what it has counted.
fn counters() -> impl Iterator<Item = ([&'static str; 3], u64)> {
    pairs().enumerate().flat_map(|(pair, (service, operation))| {
        let outcomes = outcomes().iter().enumerate();
        outcomes.map(move |(index, outcome)| ([service, operation, outcome.as_str()], count(pair, index)))
    })
}

/// Every histogram of the grid and each of its observations.
fn histograms() -> impl Iterator<Item = ([&'static str; 2], f64)> {
    let pairs = pairs().enumerate();
    pairs.flat_map(|(pair, (service, op))| observations(pair).map(move |seconds| ([service, op], seconds)))
}

fn written(registry: &Registry) -> Vec<u8> {
    TextEncoder::new().encode_to_string(&registry.gather()).unwrap().into_bytes()
}

/// Gathers a registry and writes it.
pub fn gathered(name: &'static str, registry: Registry) -> Encoder {
    Encoder::new(name, move || written(&registry))
}

fn prometheus() -> Encoder {
    let vecs = Vecs::new();
    counters().for_each(|(labels, count)| vecs.counters.with_label_values(&labels).inc_by(count));
    histograms().for_each(|(labels, seconds)| vecs.histograms.with_label_values(&labels).observe(seconds));
    gathered("prometheus 0.14", vecs.registry)
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    service: &'static str,
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    service: &'static str,
    operation: &'static str,
}

fn prometheus_client() -> Encoder {
    let counts = Family::<Outcome, Counter>::default();
    for ([service, operation, outcome], count) in counters() {
        counts.get_or_create(&Outcome { service, operation, outcome }).inc_by(count);
    }
    let latencies = Family::<Operation, Histogram, _>::new_with_constructor(|| Histogram::new(BOUNDS));
    for ([service, operation], seconds) in histograms() {
        latencies.get_or_create(&Operation { service, operation }).observe(seconds);
    }
    let mut registry = prometheus_client::registry::Registry::default();
    registry.register("auth", "Calls by outcome", counts);
    registry.register("auth_seconds", "Latency", latencies);
    Encoder::new("prometheus-client 0.25", move || {
        let mut out = String::new();
        prometheus_client::encoding::text::encode(&mut out, &registry).unwrap();
        out.into_bytes()
    })
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = EndSet)]
struct End<'a> {
    #[label(fixed_with = RodeoReader)]
    service: &'a str,
    #[label(fixed_with = RodeoReader)]
    operation: &'a str,
    #[label(fixed_with = RodeoReader)]
    outcome: &'a str,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = CallSet)]
struct Call<'a> {
    #[label(fixed_with = RodeoReader)]
    service: &'a str,
    #[label(fixed_with = RodeoReader)]
    operation: &'a str,
}

#[derive(MetricGroup)]
#[metric(new(ends: EndSet, calls: CallSet))]
struct Metrics {
    /// Calls by outcome.
    #[metric(label_set = ends)]
    auth_total: CounterVec<EndSet>,
    /// Latency.
    #[metric(label_set = calls, metadata = Thresholds::with_buckets(BOUNDS))]
    auth_seconds: HistogramVec<CallSet, { BOUNDS.len() }>,
}

fn measured() -> Encoder {
    const { assert!(SERVICES * OPERATIONS * OUTCOMES == 6000) };
    let names = |names: &'static [String]| names.iter().map(String::as_str).collect::<Rodeo>().into_reader();
    let ends =
        EndSet { service: names(services()), operation: names(operations()), outcome: names(outcomes()) };
    let calls = CallSet { service: names(services()), operation: names(operations()) };
    let metrics = Metrics::new(ends, calls);
    for ([service, operation, outcome], count) in counters() {
        metrics.auth_total.inc_by(End { service, operation, outcome }, count);
    }
    for ([service, operation], seconds) in histograms() {
        metrics.auth_seconds.observe(Call { service, operation }, seconds);
    }
    Encoder::new("measured 0.0.25", move || {
        let mut encoder = BufferedTextEncoder::new();
        metrics.collect_group_into(&mut encoder).unwrap();
        encoder.finish().into()
    })
}

fn metrics_exporter() -> Encoder {
    let recorder = PrometheusBuilder::new().set_buckets(&BOUNDS).unwrap().build_recorder();
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        for ([service, operation, outcome], count) in counters() {
            metrics::counter!("auth_total", "service" => service, "operation" => operation, "outcome" => outcome)
                .increment(count);
        }
        for ([service, operation], seconds) in histograms() {
            metrics::histogram!("auth_seconds", "service" => service, "operation" => operation)
                .record(seconds);
        }
    });
    Encoder::new("metrics-exporter-prometheus 0.18", move || handle.render().into_bytes())
}

fn opentelemetry() -> Encoder {
    let registry = Registry::new();
    let exporter = opentelemetry_prometheus::exporter().with_registry(registry.clone()).build().unwrap();
    // The SDK folds what is over 2,000 series of an instrument, unless it is told otherwise.
    let all = |_: &Instrument| {
        Stream::builder().with_cardinality_limit(SERVICES * OPERATIONS * OUTCOMES + 1).build().ok()
    };
    let provider = SdkMeterProvider::builder().with_reader(exporter).with_view(all).build();
    let meter = provider.meter("benches");
    let counter = meter.u64_counter("auth").build();
    let histogram = meter.f64_histogram("auth_seconds").with_boundaries(BOUNDS.to_vec()).build();
    let pair =
        |service, operation| [KeyValue::new("service", service), KeyValue::new("operation", operation)];
    for ([service, operation, outcome], count) in counters() {
        let [service, operation] = pair(service, operation);
        counter.add(count, &[service, operation, KeyValue::new("outcome", outcome)]);
    }
    for ([service, operation], seconds) in histograms() {
        histogram.record(seconds, &pair(service, operation));
    }
    Encoder::new("opentelemetry-prometheus 0.33", move || {
        let _alive = &provider;
        written(&registry)
    })
}
