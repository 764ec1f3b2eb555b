//! Does a fixed amount of one kind of work, so that callgrind can count its instructions: start-up cancels out between a
//! run that does some of it and a run that does more.
//!
//! The clock is a constant: reading a time-stamp counter is one instruction whose price no count shows, and calibrating it
//! takes a different number of instructions in every run.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, FailureReason, Outcome, auth_metered};

const KNOWN_SERVICES: usize = 1000;

/// The grid of a scrape: as many pairs of a service and an operation, each with 12 bounds.
const SERVICES: usize = 30;
const OPERATIONS: usize = 10;
const BOUNDS: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

#[derive(FailureReason)]
enum LoginError {
    #[reason(invalid_credentials)]
    WrongPassword,
    RateLimited,
    DependencyUnavailable,
}

fn outcome(n: u64) -> Result<u64, LoginError> {
    match n % 64 {
        61 => Err(LoginError::WrongPassword),
        62 => Err(LoginError::RateLimited),
        63 => Err(LoginError::DependencyUnavailable),
        _ => Ok(n),
    }
}

#[auth_metered(op = "constant")]
async fn constant(n: u64) -> Result<u64, LoginError> {
    outcome(n)
}

#[auth_metered(op = "dynamic", service = service)]
async fn dynamic(service: &str, n: u64) -> Result<u64, LoginError> {
    outcome(n)
}

#[auth_metered(op = "plain")]
fn plain(n: u64) -> Result<u64, LoginError> {
    outcome(n)
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(returned) => returned,
        Poll::Pending => unreachable!("nothing in here waits"),
    }
}

fn clock() -> Clock {
    Clock::from_fn(|| Duration::from_micros(black_box(70)))
}

fn services(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("service-{index:04}")).collect()
}

/// A handle with some thousands of series.
fn grid() -> AuthMetrics {
    let services = services(SERVICES);
    let builder = AuthMetrics::builder().service_id(&services[0]).buckets(BOUNDS).clock(clock());
    let metrics = builder.build().expect("these options are right");
    for operation in 0..OPERATIONS {
        let operation = format!("operation_{operation}");
        metrics.declare::<LoginError>(&operation);
        for (service, repeats) in services.iter().zip(1..) {
            let outcomes =
                [Outcome::Success].into_iter().chain(LoginError::REASONS.iter().map(Outcome::Failure));
            for outcome in outcomes.flat_map(|outcome| std::iter::repeat_n(outcome, repeats * 7)) {
                metrics.attempt_for(service, &operation).finish(outcome);
            }
        }
    }
    metrics
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let (Some(work), Some(times)) = (arguments.get(1), arguments.get(2).and_then(|times| times.parse().ok()))
    else {
        eprintln!("usage: auth-metrics-budget constant|plain|dynamic|scrape|openmetrics|registry TIMES");
        return ExitCode::FAILURE;
    };
    let process =
        AuthMetrics::builder().service_id("gateway").max_services(KNOWN_SERVICES + 1).clock(clock());
    let process = process.build().expect("these options are right");
    process.install().expect("nothing was recorded before");
    match work.as_str() {
        "constant" => (0..times).for_each(|n: u64| drop(black_box(ready(constant(black_box(n)))))),
        "plain" => (0..times).for_each(|n| drop(black_box(plain(black_box(n))))),
        "dynamic" => {
            let services = services(KNOWN_SERVICES);
            services.iter().for_each(|service| drop(ready(dynamic(service, 0))));
            for n in 0..times {
                let service = &services[(n * 617) as usize % KNOWN_SERVICES];
                drop(black_box(ready(dynamic(black_box(service), black_box(n)))));
            }
        }
        "scrape" => {
            let grid = grid();
            (0..times).for_each(|_| drop(black_box(grid.encode_text())));
        }
        "openmetrics" => {
            let grid = grid();
            (0..times).for_each(|_| drop(black_box(grid.encode_openmetrics())));
        }
        "registry" => {
            let registry = auth_metrics::prometheus::Registry::new();
            grid().register(&registry).expect("the registry is empty");
            (0..times).for_each(|_| drop(black_box(registry.gather())));
        }
        other => {
            eprintln!("what is {other}?");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
