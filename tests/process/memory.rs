//! What threads leave behind: their counts, and next to no memory. A process of its own, with an allocator that counts, and
//! without the test harness, whose own thread allocates when it likes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use auth_metrics::events::TraceContext;
use auth_metrics::{
    AuthMetrics, AuthMetricsBuilder, Clock, FailureReason, Outcome, Reason, ReasonSet, auth_metered,
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// The cells of one series for one thread: 2 outcomes, 2 reasons and 23 buckets, in lines of 16 cells.
const BLOCK: isize = 584;
/// What a series has once for all threads that are not among the first eight.
const FAR: isize = 2_048;

#[derive(Debug, FailureReason)]
enum Never {}

#[auth_metered(op = "short")]
fn short() -> Result<(), Never> {
    Ok(())
}

/// A number of threads that all have recorded before the first of them ends.
fn wave(threads: usize, record: impl Fn() + Clone + Send + 'static) {
    let all = Arc::new(Barrier::new(threads));
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let (record, all) = (record.clone(), Arc::clone(&all));
            let thread = thread::Builder::new().stack_size(64 * 1024).spawn(move || {
                record();
                all.wait();
            });
            thread.unwrap()
        })
        .collect();
    // A thread that is joined has handed its slot on.
    for thread in threads {
        thread.join().unwrap();
    }
}

/// The bytes that are allocated after some work and were not before.
fn grown(work: impl FnOnce()) -> isize {
    let before = ALLOCATED.current_usage();
    work();
    ALLOCATED.current_usage().cast_signed() - before.cast_signed()
}

/// How many threads may own cells here: two for each processor, but 32 to 1,024.
fn owners() -> isize {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    (2 * processors).clamp(32, 1_024).cast_signed()
}

/// Calls that are few enough not to earn a thread cells of its own.
const FEW: usize = 20;
const OFTEN: usize = 1_000;

fn one_operation() {
    // Not a `testing::Scope`, which keeps a copy of every attempt.
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let calls = |times: usize| {
        let metrics = metrics.clone();
        move || (0..times).for_each(|_| metrics.in_scope(short).unwrap())
    };
    wave(1, calls(1));
    let one_after_another = grown(|| (0..512).for_each(|_| wave(1, calls(1))));
    assert_eq!(one_after_another, 0, "512 threads, one after another");

    let few = grown(|| wave(512, calls(FEW)));
    assert!(
        (0..=BLOCK).contains(&few),
        "512 threads at once that count a few times share a block: {few} bytes"
    );
    let few_again = grown(|| (0..4).for_each(|_| wave(512, calls(FEW))));
    assert_eq!(few_again, 0, "2,048 further threads, in waves of 512");

    let often = grown(|| wave(512, calls(OFTEN)));
    let most = owners() * BLOCK + FAR;
    assert!(
        often > 0 && often <= most,
        "512 threads at once that count often: {often} bytes, {most} allowed"
    );
    let often_again = grown(|| wave(512, calls(OFTEN)));
    assert!(often + often_again <= most, "512 further ones that count often: {often_again} bytes");

    let all = (1 + 512 + 5 * 512 * FEW + 2 * 512 * OFTEN) as f64;
    let count = |name| metrics.snapshot().value(name, &[("operation", "short")]);
    assert_eq!(count("auth_operations_started_total"), Some(all));
    assert_eq!(count("auth_operations_total"), Some(all));
}

/// Threads that visit many series, each of them rarely.
fn many_operations() {
    const OPERATIONS: usize = 200;
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let each_once = {
        let metrics = metrics.clone();
        move || {
            for op in 0..OPERATIONS {
                let op = format!("operation_{op}");
                metrics.attempt(&op).finish(Outcome::Success);
            }
        }
    };
    wave(1, each_once.clone());
    let shared = OPERATIONS.cast_signed() * BLOCK;
    let once = grown(|| wave(512, each_once));
    let allowed = shared + 3 * owners() * (BLOCK + FAR); // a thread earns a block for each 128 counts
    assert!(once <= allowed, "512 threads, 200 operations, once each: {once} bytes, {allowed} allowed");
    let started = metrics.snapshot().value("auth_operations_started_total", &[]);
    assert_eq!(started, Some((513 * OPERATIONS) as f64));
}

/// Eight reasons of a login.
struct LoginError;

const REASONS: [Reason; 8] = [
    Reason::InvalidCredentials,
    Reason::UnknownSubject,
    Reason::AccountLocked,
    Reason::AccountDisabled,
    Reason::MfaRequired,
    Reason::RateLimited,
    Reason::Timeout,
    Reason::DependencyUnavailable,
];

impl FailureReason for LoginError {
    const REASONS: ReasonSet = ReasonSet::of(&REASONS);

    fn failure_reason(&self) -> Reason {
        Reason::InvalidCredentials
    }
}

/// The bytes of a series that was in each bucket and failed for each reason, known before or not.
fn bytes_of_a_series(
    is_declared: bool,
    options: impl FnOnce(AuthMetricsBuilder) -> AuthMetricsBuilder,
) -> isize {
    const SERIES: usize = 100;
    let now = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&now);
    let clock = Clock::from_fn(move || Duration::from_micros(clock.load(Ordering::Relaxed)));
    let metrics = options(AuthMetrics::builder().service_id("gateway").clock(clock)).build().unwrap();
    let grown = grown(|| {
        for op in 0..SERIES {
            let op = format!("operation_{op}");
            if is_declared {
                metrics.declare::<LoginError>(&op);
            }
            let failures = REASONS.map(Outcome::Failure);
            let outcomes = [Outcome::Success].into_iter().chain(failures).cycle();
            for (outcome, bit) in outcomes.zip(0..25) {
                let attempt = metrics.attempt(&op);
                now.fetch_add(1 << bit, Ordering::Relaxed);
                attempt.finish(outcome);
            }
        }
    });
    grown / SERIES.cast_signed()
}

/// What the traces of a series may take.
const TRACES: isize = 2_000;

fn traces() {
    let trace = TraceContext::new([1; 16], [2; 8], true);
    for is_declared in [true, false] {
        let plain = bytes_of_a_series(is_declared, |builder| builder);
        let traced = bytes_of_a_series(is_declared, |builder| builder.trace_context(move || trace));
        let added = traced - plain;
        assert!((1..=TRACES).contains(&added), "{plain} bytes a series, and {added} for its traces");
    }
}

fn main() {
    // Calibrates the machine's clock here: the thread that would do it for a handle ends when it likes.
    AuthMetrics::builder().service_id("calibrating").build().unwrap();
    one_operation();
    many_operations();
    traces();
}
