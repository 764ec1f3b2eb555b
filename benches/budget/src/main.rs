//! Does a fixed amount of one kind of work, so that callgrind can count its instructions. Only what [`worked`] does is
//! counted, and what the first piece of work costs cancels out between a run that does some and a run that does more.
//!
//! The calls use the machine's clock, as the contenders do; the scrapes one that stands still.

#[allow(dead_code, reason = "the benches use more of it")]
mod contenders;
mod detection;

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::Duration;

use auth_metrics::events::{Event, Observer, TraceContext};
use auth_metrics::{AuthMetrics, AuthMetricsBuilder, Clock, FailureReason, Outcome, auth_metered};
use contenders::{Contender, Login, LoginError, bare, body, drive, limit, prometheus};

const KNOWN_SERVICES: usize = 1000;

/// How many events are captured before somebody takes them.
const EVENTS: u64 = 1000;

/// The grid of a scrape: as many pairs of a service and an operation, each with 12 bounds.
const SERVICES: usize = 30;
const OPERATIONS: usize = 10;
const BOUNDS: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

#[auth_metered(op = "constant")]
async fn constant(n: u64) -> Login {
    body(n)
}

#[auth_metered(op = "dynamic", service = service)]
async fn dynamic(service: &str, n: u64) -> Login {
    body(n)
}

#[auth_metered(op = "plain")]
fn plain(n: u64) -> Login {
    body(n)
}

#[auth_metered(op = "observed")]
async fn observed(n: u64) -> Login {
    body(n)
}

#[auth_metered(
    op = "identified",
    subject = "ann@example.org",
    peer = Ipv4Addr::new(192, 0, 2, 7),
    session = "f81d4fae7dec11d0",
)]
async fn identified(n: u64) -> Login {
    body(n)
}

/// Wants every event, and does nothing with them.
struct Everything;

impl Observer for Everything {
    fn name(&self) -> &'static str {
        "everything"
    }

    fn observe(&self, events: &[Event]) {
        black_box(events);
    }
}

fn clock() -> Clock {
    Clock::from_fn(|| Duration::from_micros(black_box(70)))
}

fn services(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("service-{index:04}")).collect()
}

/// A handle with some thousands of series.
fn grid(options: impl FnOnce(AuthMetricsBuilder) -> AuthMetricsBuilder) -> AuthMetrics {
    let services = services(SERVICES);
    let builder = options(AuthMetrics::builder().service_id(&services[0]).buckets(BOUNDS).clock(clock()));
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

/// Calls under an observer, in parts that its buffers have room for: what delivers them is not counted.
fn delivered<F: Future>(metrics: &AuthMetrics, times: u64, call: impl Fn(u64) -> F) {
    for part in 0..times / EVENTS {
        worked(|| drive(EVENTS, |n| call(part * EVENTS + n)));
        assert_eq!(metrics.events().poll() as u64, EVENTS, "no event is dropped");
    }
}

/// All that is counted.
#[inline(never)]
fn worked(work: impl FnOnce()) {
    work();
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let (Some(work), Some(times)) = (arguments.get(1), arguments.get(2).and_then(|times| times.parse().ok()))
    else {
        eprintln!(
            "usage: auth-metrics-budget bare|limit|cached|constant|plain|dynamic|traced|observed|identified|scrape|exemplars|registry|{} TIMES",
            detection::WORKS.join("|")
        );
        return ExitCode::FAILURE;
    };
    if detection::WORKS.contains(&work.as_str()) {
        detection::run(work, times);
        return ExitCode::SUCCESS;
    }
    let process = AuthMetrics::builder().service_id("gateway").max_services(KNOWN_SERVICES + 1);
    let process = match work.as_str() {
        "traced" => {
            let trace = TraceContext::new([7; 16], [8; 8], true);
            process.trace_context(move || trace)
        }
        "observed" => process.observe(Everything).poll_events(),
        "identified" => {
            let trace = TraceContext::new([7; 16], [8; 8], true);
            process.observe(Everything).poll_events().trace_context(move || trace)
        }
        _ => process,
    };
    let process = process.build().expect("these options are right");
    process.install().expect("nothing was recorded before");
    match work.as_str() {
        "bare" => contender(&bare::Bare, times),
        "limit" => contender(&limit::Limit::new(), times),
        "cached" => contender(&prometheus::Cached::new(), times),
        "constant" | "traced" => worked(|| drive(times, constant)),
        "plain" => worked(|| (0..times).for_each(|n| _ = black_box(plain(black_box(n))))),
        "dynamic" => {
            let services = services(KNOWN_SERVICES);
            // First once each of them.
            let times = KNOWN_SERVICES as u64 + times;
            worked(|| drive(times, |n| dynamic(&services[(n * 617) as usize % KNOWN_SERVICES], n)));
        }
        "observed" => delivered(&process, times, observed),
        "identified" => delivered(&process, times, identified),
        "scrape" => {
            let grid = grid(|builder| builder);
            worked(|| (0..times).for_each(|_| drop(black_box(grid.encode_text()))));
        }
        "exemplars" => {
            let trace = TraceContext::new([0xab; 16], [0xcd; 8], true);
            let grid = grid(|builder| builder.trace_context(move || trace));
            worked(|| (0..times).for_each(|_| drop(black_box(grid.encode_openmetrics()))));
        }
        "registry" => {
            let registry = auth_metrics::prometheus::Registry::new();
            grid(|builder| builder).register(&registry).expect("the registry is empty");
            worked(|| (0..times).for_each(|_| drop(black_box(registry.gather()))));
        }
        other => {
            eprintln!("what is {other}?");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn contender(contender: &impl Contender, times: u64) {
    worked(|| contender.run(times));
}
