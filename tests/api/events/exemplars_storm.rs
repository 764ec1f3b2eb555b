//! Exemplars under threads that fail at once while another one reads: each that is read was written whole.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use auth_metrics::events::TraceContext;
use auth_metrics::read::{Exemplar, Histogram, Visitor};
use auth_metrics::{Clock, Exposure, Family, Outcome, Reason, Snapshot};

use super::*;

/// None of them was declared, so each has its first failure here.
const REASONS: [Reason; 4] =
    [Reason::InvalidCredentials, Reason::AccountLocked, Reason::RateLimited, Reason::Timeout];
const WRITERS: u64 = 4;
/// The most for each of them; they stop when enough was read.
const FAILURES: u64 = 1 << 20;
const ENOUGH: usize = 1_000;

thread_local! {
    /// The number of the attempt that ends here, which says its reason.
    static ENDING: Cell<u64> = const { Cell::new(0) };
}

fn mixed(number: u64) -> u64 {
    (number ^ number >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1
}

/// The trace of an attempt: each half and the span say which.
fn trace_of(number: u64) -> Option<TraceContext> {
    let id = u128::from(mixed(number)) << 64 | u128::from(number);
    TraceContext::new(id.to_be_bytes(), mixed(!number).to_be_bytes(), true)
}

/// The attempt of a trace that is whole.
fn number_of(trace: TraceContext) -> u64 {
    let number = u128::from_be_bytes(trace.trace_id()) as u64;
    assert_eq!(Some(trace), trace_of(number), "parts of two traces");
    number
}

fn reason_of(number: u64) -> Reason {
    REASONS[(number % REASONS.len() as u64) as usize]
}

/// What a scrape shows beside what it must be.
#[derive(Default)]
struct Read {
    next: Option<Exemplar>,
    numbers: BTreeSet<u64>,
    latencies: usize,
}

impl<'s> Visitor<'s> for Read {
    fn family(&mut self, _: &'static Family) {}

    fn label(&mut self, _: usize, _: &'s str) {}

    fn exemplar(&mut self, exemplar: &Exemplar) {
        self.next = Some(*exemplar);
    }

    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        let Some(exemplar) = self.next.take() else { return };
        let number = number_of(exemplar.trace());
        assert_eq!(Some(reason_of(number).label()), last, "the trace of another reason");
        assert!(value > 0 && exemplar.value() == 1.0);
        self.numbers.insert(number);
    }

    fn gauge(&mut self, _: Option<&'s str>, _: f64) {}

    fn histogram(&mut self, histogram: &Histogram<'s>) {
        let bounds: Vec<f64> = histogram.bounds().iter().copied().chain([f64::INFINITY]).collect();
        for (bucket, exemplar) in histogram.exemplars() {
            let above = bucket.checked_sub(1).map_or(-1.0, |below| bounds[below]);
            assert!(above < exemplar.value() && exemplar.value() <= bounds[*bucket], "not in its bucket");
            assert!(histogram.counts()[*bucket] > 0);
            self.numbers.insert(number_of(exemplar.trace()));
            self.latencies += 1;
        }
    }
}

fn read(snapshot: &Snapshot) -> Read {
    let mut read = Read::default();
    snapshot.visit(&mut read);
    read
}

#[test]
fn every_exemplar_that_is_read_in_a_storm_was_written_whole() {
    // More than a second goes by whenever somebody looks, so every end is due. How long an attempt takes is left to the others.
    let now = AtomicU64::new(0);
    let clock = Clock::from_fn(move || Duration::from_millis(1_001 * now.fetch_add(1, Ordering::Relaxed)));
    let builder = builder().clock(clock).exposure(Exposure::Full).buckets([1.5, 2.5, 4.5, 8.5]);
    let metrics = builder.trace_context(|| trace_of(ENDING.get())).build().unwrap();
    let is_enough = AtomicBool::new(false);
    let (mut numbers, mut latencies) = (BTreeSet::new(), 0);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (metrics, is_enough) = (&metrics, &is_enough);
                scope.spawn(move || {
                    let numbers = (0..FAILURES).map(|failure| failure * WRITERS + writer);
                    for number in numbers.take_while(|_| !is_enough.load(Ordering::Relaxed)) {
                        // Not the same reasons from each thread, and from each thread all of them.
                        let number = number ^ number >> 5;
                        let attempt = metrics.attempt("login");
                        ENDING.set(number);
                        attempt.finish(Outcome::Failure(reason_of(number)));
                    }
                })
            })
            .collect();
        // If it fails, the others end all the same.
        while (numbers.len() < ENOUGH || latencies < ENOUGH)
            && !writers.iter().all(thread::ScopedJoinHandle::is_finished)
        {
            let read = read(&metrics.snapshot());
            numbers.extend(read.numbers);
            latencies += read.latencies;
        }
        is_enough.store(true, Ordering::Relaxed);
    });
    assert!(
        numbers.len() >= ENOUGH && latencies >= ENOUGH,
        "only {} and {latencies} were read",
        numbers.len()
    );
    assert!(numbers.iter().all(|number| *number < WRITERS * FAILURES), "nobody made one of these");
    // At rest there is one for each reason.
    let rest = metrics.snapshot();
    let at_rest = REASONS.map(|reason| {
        let found = rest
            .reasons()
            .find(|found| found.operation() == "login" && found.reason() == reason)
            .and_then(|found| found.exemplar());
        number_of(found.expect("it was counted often").trace())
    });
    assert_eq!(at_rest.map(reason_of), REASONS);
}
