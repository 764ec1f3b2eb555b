//! A collector on loopback: it takes what is pushed, and shows the last of it as a scrape.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use auth_metrics_tests_scrape::{Family, Labels, Sample, Scrape};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{Metric, NumberDataPoint};
use prost::Message as _;

pub(crate) struct Collector {
    pub(crate) endpoint: String,
    taken: Arc<Mutex<Option<ExportMetricsServiceRequest>>>,
}

impl Collector {
    pub(crate) fn start() -> Collector {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let taken = Arc::<Mutex<_>>::default();
        let shared = Arc::clone(&taken);
        thread::spawn(move || {
            for stream in listener.incoming() {
                serve(&stream.unwrap(), &shared);
            }
        });
        Collector { endpoint, taken }
    }

    /// What the last request said; all since the start, since it is cumulative.
    pub(crate) fn scrape(&self) -> Scrape {
        let taken = self.taken.lock().unwrap();
        let resources = &taken.as_ref().expect("something was pushed").resource_metrics;
        let scopes = resources.iter().flat_map(|resource| &resource.scope_metrics);
        Scrape { families: scopes.flat_map(|scope| &scope.metrics).map(family).collect() }
    }
}

fn serve(stream: &TcpStream, taken: &Mutex<Option<ExportMetricsServiceRequest>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0;
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line != "\r\n" {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        if length == 0 {
            return;
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        *taken.lock().unwrap() = Some(ExportMetricsServiceRequest::decode(&*body).unwrap());
        let mut stream = stream;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
    }
}

fn family(metric: &Metric) -> Family {
    let name = &metric.name;
    let (kind, samples) = match metric.data.as_ref().unwrap() {
        Data::Sum(sum) => ("counter", sum.data_points.iter().map(|point| number(name, point)).collect()),
        Data::Gauge(gauge) => ("gauge", gauge.data_points.iter().map(|point| number(name, point)).collect()),
        Data::Histogram(histogram) => {
            let count = |count: u64| f64::from(u32::try_from(count).unwrap());
            let points = histogram.data_points.iter();
            (
                "histogram",
                points
                    .map(|point| sample(&format!("{name}_count"), &point.attributes, count(point.count)))
                    .collect(),
            )
        }
        _ => panic!("{name} is of no type that is pushed"),
    };
    Family { name: name.clone(), help: metric.description.clone(), kind: kind.to_owned(), samples }
}

fn number(name: &str, point: &NumberDataPoint) -> Sample {
    let value = match point.value.unwrap() {
        Number::AsDouble(value) => value,
        Number::AsInt(value) => f64::from(i32::try_from(value).unwrap()),
    };
    sample(name, &point.attributes, value)
}

fn sample(name: &str, attributes: &[KeyValue], value: f64) -> Sample {
    let text = |value: &Option<AnyValue>| match value.as_ref().and_then(|value| value.value.clone()) {
        Some(Value::StringValue(text)) => text,
        other => panic!("{other:?} is no label"),
    };
    let labels: Labels = attributes.iter().map(|label| (label.key.clone(), text(&label.value))).collect();
    Sample { name: name.to_owned(), labels, value }
}
