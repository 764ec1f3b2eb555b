//! What a stranger learns from two scrapes with one attempt of theirs in between: its bucket, and no more.

use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, Exposure, Outcome};
use proptest::prelude::*;

use crate::fixture::builder;
use auth_metrics_tests_scrape::Scrape;

/// The bounds of these tests, in nanoseconds: 1 ms, 10 ms, 100 ms.
const BOUNDS: [u64; 3] = [1_000_000, 10_000_000, 100_000_000];
const GUARDED: [Exposure; 2] = [Exposure::Strict, Exposure::Standard];

fn handle(exposure: Exposure) -> AuthMetrics {
    let bounds = BOUNDS.map(|nanos| Duration::from_nanos(nanos).as_secs_f64());
    builder().exposure(exposure).buckets(bounds).build().unwrap()
}

fn record(metrics: &AuthMetrics, nanos: u64) {
    metrics.record_auth_latency("gateway", "login", Duration::from_nanos(nanos));
}

fn record_all(metrics: &AuthMetrics, latencies: &[u64]) {
    for nanos in latencies {
        record(metrics, *nanos);
    }
}

/// The sum of the latencies as it is exported, in nanoseconds.
fn exported(metrics: &AuthMetrics) -> u64 {
    let labels = [("service_id", "gateway"), ("operation", "login")];
    let seconds = Scrape::of(metrics).value("service_auth_latency_seconds_sum", &labels).unwrap_or(0.0);
    u64::try_from(Duration::from_secs_f64(seconds).as_nanos()).unwrap()
}

/// The bounds of the bucket of a latency; above the last bound, of the multiples of that.
fn bucket(nanos: u64) -> (u64, u64) {
    let [.., last] = BOUNDS;
    match BOUNDS.iter().position(|bound| nanos <= *bound) {
        Some(0) => (0, BOUNDS[0]),
        Some(index) => (BOUNDS[index - 1], BOUNDS[index]),
        None => (nanos / last * last, (nanos / last + 1) * last),
    }
}

fn latency() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..=1_000_000_u64,
        1_000_001..=10_000_000_u64,
        10_000_001..=100_000_000_u64,
        0..2_000_000_000_u64
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_attempt_moves_the_exported_sum_by_a_bound_of_its_bucket(
        latencies in prop::collection::vec(latency(), 1..40),
    ) {
        for exposure in GUARDED {
            let metrics = handle(exposure);
            let mut before = 0;
            for nanos in &latencies {
                record(&metrics, *nanos);
                let after = exported(&metrics);
                prop_assert!(after >= before, "it fell from {before} to {after}");
                let (lower, upper) = bucket(*nanos);
                prop_assert!([lower, upper].contains(&(after - before)), "{nanos} moved it by {}", after - before);
                before = after;
            }
        }
    }

    #[test]
    fn exported_sum_is_right_to_less_than_the_widths_of_the_buckets_in_use(
        latencies in prop::collection::vec(latency(), 1..200),
    ) {
        let exact: u64 = latencies.iter().sum();
        let mut buckets: Vec<_> = latencies.iter().map(|nanos| bucket((*nanos).min(BOUNDS[2] + 1))).collect();
        buckets.sort_unstable();
        buckets.dedup();
        let widths: u64 = buckets.iter().map(|(lower, upper)| upper - lower).sum();
        for exposure in GUARDED {
            let metrics = handle(exposure);
            record_all(&metrics, &latencies);
            let exported = exported(&metrics);
            prop_assert!(exported <= exact && exact - exported < widths, "{exported} for {exact}");
            let sum = metrics.snapshot().value("service_auth_latency_seconds_sum", &[]);
            prop_assert_eq!(sum, Some(exact as f64 / 1e9), "a snapshot is exact");
        }
        let full = handle(Exposure::Full);
        record_all(&full, &latencies);
        prop_assert_eq!(exported(&full), exact);
    }

    #[test]
    fn first_attempts_of_one_bucket_make_the_same_scrape(one in 10_000_001..100_000_000_u64, other in 10_000_001..100_000_000_u64) {
        for exposure in GUARDED {
            let scrapes = [one, other].map(|nanos| {
                let metrics = handle(exposure);
                record(&metrics, nanos);
                metrics.encode_text()
            });
            prop_assert!(scrapes[0] == scrapes[1]);
        }
    }
}

#[test]
fn sum_of_attempts_is_coarse_too_and_their_average_stays_right() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    let now = Arc::new(AtomicU64::new(0));
    let reading = Arc::clone(&now);
    let clock = Clock::from_fn(move || Duration::from_nanos(reading.load(Ordering::Relaxed)));
    let metrics = AuthMetrics::builder().service_id("gateway").buckets([0.05, 0.075]).clock(clock);
    let metrics = metrics.build().unwrap();
    let attempt = |nanos| {
        let attempt = metrics.attempt("login");
        now.fetch_add(nanos, Ordering::Relaxed);
        attempt.finish(Outcome::Success);
    };
    attempt(61_234_567);
    assert_eq!(exported(&metrics), 50_000_000);
    (1..1_000).for_each(|_| attempt(61_234_567));
    let exact = 61_234_567_000;
    assert!((exact - 25_000_000..=exact).contains(&exported(&metrics)), "{}", exported(&metrics));
}
