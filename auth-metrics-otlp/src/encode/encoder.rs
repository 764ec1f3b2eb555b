//! `Encoder`: puts points into metrics, and metrics into a request.

use auth_metrics::FamilyType;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, Metric, ResourceMetrics, ScopeMetrics, Sum,
};
use opentelemetry_proto::tonic::resource::v1::Resource;

use super::points::{Points, Times, attribute};
use crate::names::{Described, Names};
use crate::series::Table;
use crate::setup::Temporality;

/// What every request of a push has in common.
pub(crate) struct Encoder {
    pub(crate) temporality: Temporality,
    pub(crate) names: Names,
    pub(crate) resource: Vec<(String, String)>,
}

/// A request, and how many points it has.
pub(crate) struct Encoded {
    pub(crate) request: ExportMetricsServiceRequest,
    pub(crate) points: u64,
}

impl Encoder {
    /// Makes a request of what the table has. Of deltas, it has what is owed from now on, until [`Table::settle`] or [`Table::withdraw`].
    pub(crate) fn encode(&self, table: &mut Table, times: Times) -> Encoded {
        let (mut metrics, mut count) = (Vec::new(), 0);
        for (family, full_name, series) in table.families() {
            let described = self.names.metric(family, full_name);
            let (names, temporality) = (self.names, self.temporality);
            let mut points = Points { family, names, temporality, times, is_up_down: described.is_up_down };
            let data = match family.family_type {
                FamilyType::Histogram => {
                    let data_points: Vec<_> = series.filter_map(|series| points.histogram(series)).collect();
                    count += data_points.len();
                    let aggregation_temporality = wire(temporality);
                    is_any(&data_points)
                        .then_some(Data::Histogram(Histogram { data_points, aggregation_temporality }))
                }
                family_type => {
                    let data_points: Vec<_> = series.filter_map(|series| points.number(series)).collect();
                    count += data_points.len();
                    let is_monotonic = family_type == FamilyType::Counter;
                    // What goes up and down is a level, whatever the counters are.
                    let temporality = if is_monotonic { temporality } else { Temporality::Cumulative };
                    let sum = |data_points| {
                        let aggregation_temporality = wire(temporality);
                        Data::Sum(Sum { data_points, aggregation_temporality, is_monotonic })
                    };
                    let is_sum = is_monotonic || described.is_up_down;
                    is_any(&data_points)
                        .then(|| if is_sum { sum(data_points) } else { Data::Gauge(Gauge { data_points }) })
                }
            };
            metrics.extend(data.map(|data| metric(described, family.help, data)));
        }
        Encoded { request: self.wrap(metrics), points: count as u64 }
    }

    fn wrap(&self, metrics: Vec<Metric>) -> ExportMetricsServiceRequest {
        let scope = InstrumentationScope {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..InstrumentationScope::default()
        };
        let attributes = self.resource.iter().map(|(name, value)| attribute(name, value)).collect();
        let resource = Resource { attributes, ..Resource::default() };
        let scope_metrics = ScopeMetrics { scope: Some(scope), metrics, schema_url: String::new() };
        let resource_metrics = ResourceMetrics {
            resource: Some(resource),
            scope_metrics: vec![scope_metrics],
            schema_url: String::new(),
        };
        ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }
    }
}

fn is_any<T>(points: &[T]) -> bool {
    !points.is_empty()
}

fn metric(described: Described, help: &str, data: Data) -> Metric {
    Metric {
        name: described.name,
        description: help.to_owned(),
        unit: described.unit.to_owned(),
        metadata: Vec::new(),
        data: Some(data),
    }
}

fn wire(temporality: Temporality) -> i32 {
    match temporality {
        Temporality::Cumulative => AggregationTemporality::Cumulative as i32,
        Temporality::Delta => AggregationTemporality::Delta as i32,
    }
}
