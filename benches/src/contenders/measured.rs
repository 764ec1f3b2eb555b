//! measured: closed sets of labels.

use std::time::Instant;

use measured::metric::histogram::Thresholds;
use measured::text::BufferedTextEncoder;
use measured::{CounterVec, FixedCardinalityLabel, HistogramVec, LabelGroup, MetricGroup};

use super::prometheus::count;
use super::{BOUNDS, Contender, Counted, Login, LoginError, body, drive};

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Service {
    Gateway,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Operation {
    Login,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Outcome {
    Success,
    InvalidCredentials,
    RateLimited,
    DependencyUnavailable,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = EndSet)]
struct End {
    service: Service,
    operation: Operation,
    outcome: Outcome,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = CallSet)]
struct Call {
    service: Service,
    operation: Operation,
}

#[derive(MetricGroup)]
#[metric(new())]
struct Metrics {
    /// Calls by outcome.
    auth_total: CounterVec<EndSet>,
    /// Latency.
    #[metric(metadata = Thresholds::with_buckets(BOUNDS))]
    auth_seconds: HistogramVec<CallSet, { BOUNDS.len() }>,
}

pub struct Measured(Metrics);

impl Measured {
    pub fn new() -> Measured {
        Measured(Metrics::new())
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        let (service, operation) = (Service::Gateway, Operation::Login);
        self.0.auth_seconds.observe(Call { service, operation }, start.elapsed().as_secs_f64());
        let outcome = match login {
            Ok(_) => Outcome::Success,
            Err(LoginError::WrongPassword) => Outcome::InvalidCredentials,
            Err(LoginError::RateLimited) => Outcome::RateLimited,
            Err(LoginError::Database) => Outcome::DependencyUnavailable,
        };
        self.0.auth_total.inc(End { service, operation, outcome });
        login
    }
}

impl Contender for Measured {
    fn name(&self) -> &'static str {
        "measured 0.0.25"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        let mut encoder = BufferedTextEncoder::new();
        self.0.collect_group_into(&mut encoder).unwrap();
        Some(count(std::str::from_utf8(&encoder.finish()).unwrap()))
    }
}
