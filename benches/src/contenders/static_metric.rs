//! prometheus-static-metric: the labels are fields.

use std::time::Instant;

use prometheus_static_metric::make_static_metric;

use super::prometheus::Vecs;
use super::{Contender, Counted, Login, LoginError, body, drive};

make_static_metric! {
    struct Outcomes: IntCounter {
        "service" => { gateway },
        "operation" => { login },
        "outcome" => { success, invalid_credentials, rate_limited, dependency_unavailable },
    }

    struct Latencies: Histogram {
        "service" => { gateway },
        "operation" => { login },
    }
}

pub struct StaticMetric {
    vecs: Vecs,
    outcomes: Outcomes,
    latencies: Latencies,
}

impl StaticMetric {
    pub fn new() -> StaticMetric {
        let vecs = Vecs::new();
        StaticMetric {
            outcomes: Outcomes::from(&vecs.counters),
            latencies: Latencies::from(&vecs.histograms),
            vecs,
        }
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        self.latencies.gateway.login.observe(start.elapsed().as_secs_f64());
        let outcomes = &self.outcomes.gateway.login;
        match login {
            Ok(_) => outcomes.success.inc(),
            Err(LoginError::WrongPassword) => outcomes.invalid_credentials.inc(),
            Err(LoginError::RateLimited) => outcomes.rate_limited.inc(),
            Err(LoginError::Database) => outcomes.dependency_unavailable.inc(),
        }
        login
    }
}

impl Contender for StaticMetric {
    fn name(&self) -> &'static str {
        "prometheus-static-metric 0.5"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        Some(self.vecs.counted())
    }
}
