//! prometheus-client: handles resolved once, and looked up in their family on every call.

use std::time::Instant;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::prometheus::{count, label};
use super::{BOUNDS, Contender, Counted, Login, LoginError, OPERATION, SERVICE, body, drive};

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

const LOGIN: Operation = Operation { service: SERVICE, operation: OPERATION };

struct Families {
    registry: Registry,
    counters: Family<Outcome, Counter>,
    histograms: Family<Operation, Histogram, fn() -> Histogram>,
}

impl Families {
    fn new() -> Families {
        let counters = Family::default();
        let histograms = Family::new_with_constructor((|| Histogram::new(BOUNDS)) as fn() -> Histogram);
        let mut registry = Registry::default();
        registry.register("auth", "Calls by outcome", counters.clone());
        registry.register("auth_seconds", "Latency", histograms.clone());
        Families { registry, counters, histograms }
    }

    fn counted(&self) -> Counted {
        let mut text = String::new();
        encode(&mut text, &self.registry).unwrap();
        count(&text)
    }
}

fn outcome(label: &'static str) -> Outcome {
    Outcome { service: SERVICE, operation: OPERATION, outcome: label }
}

pub struct Cached {
    families: Families,
    outcomes: [Counter; 4],
    latency: Histogram,
}

impl Cached {
    pub fn new() -> Cached {
        let families = Families::new();
        let counter = |label| families.counters.get_or_create(&outcome(label)).clone();
        let errors = [LoginError::WrongPassword, LoginError::RateLimited, LoginError::Database];
        let [wrong, limited, database] = errors.map(|error| counter(error.label()));
        let outcomes = [counter("success"), wrong, limited, database];
        let latency = families.histograms.get_or_create(&LOGIN).clone();
        Cached { families, outcomes, latency }
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        self.latency.observe(start.elapsed().as_secs_f64());
        self.outcomes[super::floor::outcome(&login)].inc();
        login
    }
}

impl Contender for Cached {
    fn name(&self) -> &'static str {
        "prometheus-client 0.25, cached"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        Some(self.families.counted())
    }
}

pub struct LookedUp(Families);

impl LookedUp {
    pub fn new() -> LookedUp {
        LookedUp(Families::new())
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        self.0.histograms.get_or_create(&LOGIN).observe(start.elapsed().as_secs_f64());
        self.0.counters.get_or_create(&outcome(label(&login))).inc();
        login
    }
}

impl Contender for LookedUp {
    fn name(&self) -> &'static str {
        "prometheus-client 0.25, family"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        Some(self.0.counted())
    }
}
