//! `Receiver`: adds up deltas as a server does, which knows a point again by its series and its times. A cumulative point stands for all
//! before it.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Metric, number_data_point};

/// The name of a metric and its attributes.
pub(super) type Key = String;

#[derive(Default)]
pub(super) struct Receiver {
    pub(super) counters: BTreeMap<Key, i128>,
    pub(super) histograms: BTreeMap<Key, Received>,
    taken: BTreeSet<(Key, u64, u64)>,
    /// The time of the latest point of each series.
    latest: BTreeMap<Key, u64>,
    /// What was rejected of counters, for the whole to be known.
    pub(super) rejected: BTreeMap<Key, i128>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Received {
    pub(super) bounds: Vec<f64>,
    pub(super) counts: Vec<u64>,
    pub(super) sum: f64,
}

pub(super) fn key(name: &str, attributes: &[KeyValue]) -> Key {
    let mut attributes: Vec<String> =
        attributes.iter().map(|attribute| format!("{}={:?}", attribute.key, text(attribute))).collect();
    attributes.sort();
    format!("{name}{{{}}}", attributes.join(","))
}

fn text(attribute: &KeyValue) -> &str {
    match attribute.value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text,
        other => panic!("no text: {other:?}"),
    }
}

pub(super) fn metrics(request: &ExportMetricsServiceRequest) -> impl Iterator<Item = &Metric> {
    request.resource_metrics.iter().flat_map(|each| &each.scope_metrics).flat_map(|each| &each.metrics)
}

impl Receiver {
    /// Takes a request but for the counters' first points; returns how many those are.
    pub(super) fn take(&mut self, request: &ExportMetricsServiceRequest, mut but: usize) -> u64 {
        let wanted = but;
        for metric in metrics(request) {
            match metric.data.as_ref().unwrap() {
                Data::Sum(sum) => {
                    for point in &sum.data_points {
                        let key = key(&metric.name, &point.attributes);
                        let Some(number_data_point::Value::AsInt(value)) = point.value else {
                            panic!("{point:?}")
                        };
                        if sum.aggregation_temporality == AggregationTemporality::Cumulative as i32 {
                            if but == 0 {
                                self.counters.insert(key, value.into());
                            }
                            but = but.saturating_sub(1);
                            continue;
                        }
                        if !self.is_new(&key, point.start_time_unix_nano, point.time_unix_nano) {
                            continue;
                        }
                        let into = if but > 0 { &mut self.rejected } else { &mut self.counters };
                        but = but.saturating_sub(1);
                        *into.entry(key).or_default() += i128::from(value);
                    }
                }
                Data::Histogram(histogram) => {
                    for point in &histogram.data_points {
                        let key = key(&metric.name, &point.attributes);
                        if histogram.aggregation_temporality == AggregationTemporality::Cumulative as i32 {
                            self.histograms.remove(&key);
                        } else if !self.is_new(&key, point.start_time_unix_nano, point.time_unix_nano) {
                            continue;
                        }
                        assert_eq!(point.count, point.bucket_counts.iter().sum::<u64>(), "{point:?}");
                        assert_eq!(point.bucket_counts.len(), point.explicit_bounds.len() + 1, "{point:?}");
                        let known = self.histograms.entry(key).or_insert_with(|| Received {
                            bounds: point.explicit_bounds.clone(),
                            counts: vec![0; point.bucket_counts.len()],
                            sum: 0.0,
                        });
                        assert_eq!(known.bounds, point.explicit_bounds);
                        for (known, count) in known.counts.iter_mut().zip(&point.bucket_counts) {
                            *known += count;
                        }
                        known.sum += point.sum.unwrap();
                    }
                }
                Data::Gauge(gauge) => {
                    assert!(gauge.data_points.iter().all(|point| point.start_time_unix_nano == 0));
                }
                other => panic!("{other:?}"),
            }
        }
        (wanted - but) as u64
    }

    /// Whether a point is not one that was taken before. It may not overlap with one either.
    fn is_new(&mut self, key: &str, start: u64, time: u64) -> bool {
        assert!(start < time, "{key}: an empty time");
        if !self.taken.insert((key.to_owned(), start, time)) {
            return false;
        }
        let latest = self.latest.insert(key.to_owned(), time);
        assert!(latest.is_none_or(|latest| latest <= start), "{key}: {start} is before {latest:?}");
        true
    }
}
