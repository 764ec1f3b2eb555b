//! OpenTelemetry: instruments bound to their attributes once, and attributes in every call.

use std::time::Instant;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundCounter, BoundHistogram, Counter, Histogram, MeterProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::Registry;

use super::prometheus::{count, label, text};
use super::{BOUNDS, Contender, Counted, Login, LoginError, OPERATION, SERVICE, body, drive};

struct Instruments {
    registry: Registry,
    counter: Counter<u64>,
    histogram: Histogram<f64>,
    _provider: SdkMeterProvider,
}

impl Instruments {
    fn new() -> Instruments {
        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter().with_registry(registry.clone()).build().unwrap();
        let provider = SdkMeterProvider::builder().with_reader(exporter).build();
        let meter = provider.meter("benches");
        Instruments {
            registry,
            counter: meter.u64_counter("auth").build(),
            histogram: meter.f64_histogram("auth_seconds").with_boundaries(BOUNDS.to_vec()).build(),
            _provider: provider,
        }
    }
}

fn outcome(label: &'static str) -> [KeyValue; 3] {
    let [service, operation] = call();
    [service, operation, KeyValue::new("outcome", label)]
}

fn call() -> [KeyValue; 2] {
    [KeyValue::new("service", SERVICE), KeyValue::new("operation", OPERATION)]
}

pub struct Bound {
    instruments: Instruments,
    outcomes: [BoundCounter<u64>; 4],
    latency: BoundHistogram<f64>,
}

impl Bound {
    pub fn new() -> Bound {
        let instruments = Instruments::new();
        let bind = |label| instruments.counter.bind(&outcome(label));
        let errors = [LoginError::WrongPassword, LoginError::RateLimited, LoginError::Database];
        let [wrong, limited, database] = errors.map(|error| bind(error.label()));
        let outcomes = [bind("success"), wrong, limited, database];
        let latency = instruments.histogram.bind(&call());
        Bound { instruments, outcomes, latency }
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        self.latency.record(start.elapsed().as_secs_f64());
        self.outcomes[super::floor::outcome(&login)].add(1);
        login
    }
}

impl Contender for Bound {
    fn name(&self) -> &'static str {
        "opentelemetry 0.33, bound"
    }

    fn note(&self) -> &'static str {
        "experimental feature of the SDK"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        Some(count(&text(&self.instruments.registry)))
    }
}

pub struct WithAttributes(Instruments);

impl WithAttributes {
    pub fn new() -> WithAttributes {
        WithAttributes(Instruments::new())
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        self.0.histogram.record(start.elapsed().as_secs_f64(), &call());
        self.0.counter.add(1, &outcome(label(&login)));
        login
    }
}

impl Contender for WithAttributes {
    fn name(&self) -> &'static str {
        "opentelemetry 0.33, attributes"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        Some(count(&text(&self.0.registry)))
    }
}
