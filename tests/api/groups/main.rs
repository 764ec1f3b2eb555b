//! Groups of families: what a handle refuses, what it survives, and what every reader shows of them.

mod attaching;
mod failures;
mod merged;
mod proptests;
mod refusals;
mod typed;

use std::collections::BTreeMap;

use auth_metrics::group::{Group, Samples};
use auth_metrics::prometheus::Registry;
use auth_metrics::prometheus::proto::MetricType;
use auth_metrics::{AuthMetrics, Family};
use auth_metrics_tests_scrape::{Labels, Sample, Scrape, assert_openmetrics, le};

/// A group that a test makes up; a handle takes one of each number.
struct Told<const N: usize = 0> {
    families: Vec<&'static Family>,
    collect: Box<dyn Fn(&mut Samples) + Send + Sync>,
}

impl<const N: usize> Group for Told<N> {
    fn families(&self) -> Vec<&'static Family> {
        self.families.clone()
    }

    fn collect(&self, samples: &mut Samples) {
        (self.collect)(samples);
    }
}

fn told<const N: usize>(
    families: &[&'static Family],
    collect: impl Fn(&mut Samples) + Send + Sync + 'static,
) -> Told<N> {
    Told { families: families.to_vec(), collect: Box::new(collect) }
}

fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

/// How often a group failed, as the next reading shows it.
fn group_failed(scrape: &Scrape) -> f64 {
    scrape.value("auth_metrics_internal_errors_total", &[("kind", "group_failed")]).unwrap()
}

/// Samples by name and labels: the bits of their values, since what an exposure adds up may be no number.
type Read = BTreeMap<(String, Labels), u64>;

/// Every sample but the library's own errors, which reading may count.
fn samples(scrape: &Scrape) -> Read {
    let mut samples = Read::new();
    for Sample { name, labels, value } in scrape.samples() {
        put(&mut samples, name.clone(), labels.clone(), *value);
    }
    samples
}

/// What a registry of its own gathers from a handle.
fn gathered(metrics: &AuthMetrics) -> Read {
    let registry = Registry::new();
    metrics.register(&registry).unwrap();
    let mut samples = Read::new();
    for family in registry.gather() {
        for metric in family.get_metric() {
            let labels = metric.get_label().iter();
            let labels: Labels =
                labels.map(|pair| (pair.name().to_owned(), pair.value().to_owned())).collect();
            let mut put = |ending: &str, bound: Option<f64>, value| {
                let bound = bound.map(|bound| ("le".to_owned(), le(bound)));
                let labels = labels.clone().into_iter().chain(bound).collect();
                put(&mut samples, format!("{}{ending}", family.name()), labels, value);
            };
            match family.get_field_type() {
                MetricType::COUNTER => put("", None, metric.get_counter().get_value()),
                MetricType::GAUGE => put("", None, metric.get_gauge().get_value()),
                MetricType::HISTOGRAM => {
                    let histogram = metric.get_histogram();
                    for bucket in histogram.get_bucket() {
                        put("_bucket", Some(bucket.upper_bound()), bucket.cumulative_count() as f64);
                    }
                    // The registry leaves the unbounded bucket to the encoder.
                    let count = histogram.get_sample_count() as f64;
                    put("_bucket", Some(f64::INFINITY), count);
                    put("_count", None, count);
                    put("_sum", None, histogram.get_sample_sum());
                }
                other => panic!("{other:?}"),
            }
        }
    }
    samples
}

fn put(samples: &mut Read, name: String, labels: Labels, value: f64) {
    let value = if value.is_nan() { f64::NAN } else { value };
    if name != "auth_metrics_internal_errors_total" {
        assert!(samples.insert((name, labels), value.to_bits()).is_none(), "a series stands twice");
    }
}

/// The text is strict; `OpenMetrics` has the same and the registry gathers it.
#[track_caller]
fn assert_agreed(metrics: &AuthMetrics) -> Scrape {
    let scrape = Scrape::of(metrics);
    assert_eq!(gathered(metrics), samples(&scrape));
    assert_openmetrics(metrics);
    scrape
}
