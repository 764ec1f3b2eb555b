//! The `metrics` facade with its Prometheus exporter.

use std::time::Instant;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::prometheus::{count, label};
use super::{BOUNDS, Contender, Counted, Login, OPERATION, SERVICE, body, drive};

pub struct Metrics(PrometheusHandle);

impl Metrics {
    pub fn new() -> Metrics {
        let builder = PrometheusBuilder::new().set_buckets(&BOUNDS).unwrap();
        Metrics(builder.install_recorder().unwrap())
    }
}

async fn login(n: u64) -> Login {
    let start = Instant::now();
    let login = body(n);
    metrics::histogram!("auth_seconds", "service" => SERVICE, "operation" => OPERATION)
        .record(start.elapsed());
    metrics::counter!("auth_total", "service" => SERVICE, "operation" => OPERATION, "outcome" => label(&login))
        .increment(1);
    login
}

impl Contender for Metrics {
    fn name(&self) -> &'static str {
        "metrics 0.24 + exporter"
    }

    fn note(&self) -> &'static str {
        "keeps every observation until the next scrape or upkeep, which is not in the time"
    }

    fn run(&self, calls: u64) {
        drive(calls, login);
    }

    fn counted(&self) -> Option<Counted> {
        Some(count(&self.0.render()))
    }

    fn settle(&self) {
        self.0.run_upkeep();
    }
}
