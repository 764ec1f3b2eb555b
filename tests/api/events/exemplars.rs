//! Exemplars: the trace of a failed login beside its count, at most one new one a second, and only where somebody reads traces.

use std::sync::atomic::{AtomicU64, Ordering};

use auth_metrics::events::TraceContext;
use auth_metrics::read::{Exemplar, Histogram, Visitor};
use auth_metrics::{Clock, Exposure, Family, Outcome, Reason, Snapshot};
use proptest::prelude::*;

use super::*;

/// A handle, its clock in nanoseconds, the trace that is read, and how often it was.
struct Traced {
    metrics: AuthMetrics,
    now: Arc<AtomicU64>,
    trace: Arc<Mutex<Option<TraceContext>>>,
    reads: Arc<AtomicU64>,
}

fn traced(exposure: Exposure) -> Traced {
    let (now, trace, reads) =
        (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(None)), Arc::new(AtomicU64::new(0)));
    let (clock, read, count) = (Arc::clone(&now), Arc::clone(&trace), Arc::clone(&reads));
    let clock = Clock::from_fn(move || Duration::from_nanos(clock.load(Ordering::Relaxed)));
    let read = move || {
        count.fetch_add(1, Ordering::Relaxed);
        *read.lock().unwrap()
    };
    let builder = builder().clock(clock).exposure(exposure).buckets([0.1, 1.0]).trace_context(read);
    Traced { metrics: builder.build().unwrap(), now, trace, reads }
}

fn trace(id: u8) -> TraceContext {
    TraceContext::new([id; 16], [id; 8], true).unwrap()
}

impl Traced {
    /// An attempt that ends after some milliseconds, in a trace.
    fn attempt(&self, outcome: Outcome, millis: u64, trace: Option<TraceContext>) {
        *self.trace.lock().unwrap() = trace;
        let attempt = self.metrics.attempt("login");
        self.now.fetch_add(millis * 1_000_000, Ordering::Relaxed);
        attempt.finish(outcome);
    }

    fn shown(&self) -> Shown {
        shown(&self.metrics.snapshot())
    }
}

/// The exemplars of a snapshot as an exporter gets them: family, last label or bucket, trace and value.
#[derive(Default)]
struct Shown {
    family: &'static str,
    next: Option<Exemplar>,
    found: Vec<(&'static str, String, TraceContext, f64)>,
}

impl<'s> Visitor<'s> for Shown {
    fn family(&mut self, family: &'static Family) {
        assert!(self.next.is_none(), "an exemplar without a counter");
        self.family = family.name;
    }

    fn label(&mut self, _: usize, _: &'s str) {}

    fn exemplar(&mut self, exemplar: &Exemplar) {
        assert!(self.next.replace(*exemplar).is_none(), "two exemplars of one counter");
    }

    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        if let Some(exemplar) = self.next.take() {
            assert!(value > 0, "an exemplar of nothing");
            self.found.push((
                self.family,
                last.unwrap_or_default().to_owned(),
                exemplar.trace(),
                exemplar.value(),
            ));
        }
    }

    fn gauge(&mut self, _: Option<&'s str>, _: f64) {
        assert!(self.next.is_none(), "an exemplar of a gauge");
    }

    fn histogram(&mut self, histogram: &Histogram<'s>) {
        let bounds: Vec<f64> = histogram.bounds().iter().copied().chain([f64::INFINITY]).collect();
        for (bucket, exemplar) in histogram.exemplars() {
            let (above, bound) = (bucket.checked_sub(1).map_or(0.0, |below| bounds[below]), bounds[*bucket]);
            assert!(
                histogram.counts()[*bucket] > 0
                    && (*bucket == 0 || above < exemplar.value())
                    && exemplar.value() <= bound
            );
            self.found.push((self.family, bound.to_string(), exemplar.trace(), exemplar.value()));
        }
    }
}

fn shown(snapshot: &Snapshot) -> Shown {
    let mut shown = Shown::default();
    snapshot.visit(&mut shown);
    shown
}

const REFUSED: Outcome = Outcome::Failure(Reason::InvalidCredentials);

#[test]
fn a_failed_login_leaves_its_trace_at_its_reason_and_its_bucket() {
    let traced = traced(Exposure::Full);
    traced.attempt(REFUSED, 250, Some(trace(7)));
    let expected = [
        ("service_auth_failed_total", "invalid_credentials".to_owned(), trace(7), 1.0),
        ("service_auth_latency_seconds", "1".to_owned(), trace(7), 0.25),
        ("auth_operation_failures_total", "invalid_credentials".to_owned(), trace(7), 1.0),
    ];
    assert_eq!(traced.shown().found, expected);
    let snapshot = traced.metrics.snapshot();
    let found = snapshot
        .reasons()
        .find(|each| (each.operation(), each.reason()) == ("login", Reason::InvalidCredentials))
        .unwrap();
    assert_eq!(found.exemplar().map(|exemplar| exemplar.trace()), Some(trace(7)));
}

#[test]
fn an_exemplar_stays_for_a_second_and_no_trace_is_read_meanwhile() {
    let traced = traced(Exposure::Full);
    traced.attempt(REFUSED, 0, Some(trace(1)));
    traced.attempt(REFUSED, 50, Some(trace(2)));
    traced.attempt(REFUSED, 949, Some(trace(3)));
    assert_eq!(traced.reads.load(Ordering::Relaxed), 2, "one for the first, one for the other bucket");
    let of_reason = |shown: &Shown| shown.found.last().map(|(.., trace, _)| *trace);
    assert_eq!(of_reason(&traced.shown()), Some(trace(1)));
    traced.attempt(REFUSED, 1, Some(trace(4)));
    assert_eq!(of_reason(&traced.shown()), Some(trace(4)));
}

#[test]
fn traces_that_are_not_sampled_never_appear_and_take_no_place() {
    let traced = traced(Exposure::Full);
    let unsampled = TraceContext::new([9; 16], [9; 8], false);
    traced.attempt(REFUSED, 10, unsampled);
    traced.attempt(REFUSED, 0, None);
    assert_eq!(traced.shown().found, []);
    traced.attempt(REFUSED, 0, Some(trace(1)));
    assert_eq!(traced.shown().found.len(), 3);
}

#[test]
fn openmetrics_has_them_behind_the_values_and_the_text_has_none() {
    let traced = traced(Exposure::Full);
    traced.attempt(REFUSED, 250, Some(trace(0xab)));
    let (openmetrics, text) = (traced.metrics.encode_openmetrics(), traced.metrics.encode_text());
    let ids = format!("# {{trace_id=\"{}\",span_id=\"{}\"}}", "ab".repeat(16), "ab".repeat(8));
    for line in [
        "auth_operation_failures_total{service_id=\"gateway\",operation=\"login\",failure_reason=\"invalid_credentials\"} 1",
        "service_auth_failed_total{service_id=\"gateway\",failure_reason=\"invalid_credentials\"} 1",
    ] {
        assert!(openmetrics.contains(&format!("{line} {ids} 1 1")), "{openmetrics}");
        assert!(text.contains(&format!("{line}\n")));
    }
    let bucket =
        "service_auth_latency_seconds_bucket{service_id=\"gateway\",operation=\"login\",le=\"1.0\"} 1";
    assert!(openmetrics.contains(&format!("{bucket} {ids} 0.25 1")), "{openmetrics}");
    assert_eq!((openmetrics.matches(" # {").count(), text.matches(" # {").count()), (3, 0));
}

#[test]
fn successes_have_their_bucket_alone() {
    let traced = traced(Exposure::Full);
    traced.attempt(Outcome::Success, 2_000, Some(trace(1)));
    assert_eq!(traced.shown().found, [("service_auth_latency_seconds", "inf".to_owned(), trace(1), 2.0)]);
}

#[test]
fn a_scrape_hides_how_long_a_single_attempt_took() {
    let traced = traced(Exposure::Standard);
    for (millis, bound) in [(3, 0.1), (150, 1.0), (30_000, 2.0)] {
        traced.attempt(Outcome::Success, millis, Some(trace(1)));
        assert!(traced.shown().found.iter().any(|(.., value)| *value == bound), "{millis} ms");
    }
}

/// Or two attempts and a scrape would tell whether an account exists.
#[test]
fn reasons_that_are_shown_as_one_share_a_second() {
    let hidden = [
        (Exposure::Standard, Reason::UnknownSubject),
        (Exposure::Strict, Reason::UnknownSubject),
        (Exposure::Strict, Reason::AccountLocked),
    ];
    for (exposure, reason) in hidden {
        for (first, second) in [(REFUSED, Outcome::Failure(reason)), (Outcome::Failure(reason), REFUSED)] {
            let traced = traced(exposure);
            let failures = || {
                let found = traced.shown().found.into_iter();
                found.filter(|(family, ..)| family.ends_with("_total")).collect::<Vec<_>>()
            };
            let expected = |id| {
                ["service_auth_failed_total", "auth_operation_failures_total"]
                    .map(|family| (family, "invalid_credentials".to_owned(), trace(id), 1.0))
            };
            traced.attempt(first, 10, Some(trace(1)));
            traced.attempt(second, 900, Some(trace(2)));
            assert_eq!(failures(), expected(1), "{exposure:?} {reason:?}");
            traced.attempt(second, 100, Some(trace(3)));
            assert_eq!(failures(), expected(3), "{exposure:?} {reason:?}");
        }
    }
}

#[test]
fn a_reason_that_nobody_expected_has_one_too() {
    let traced = traced(Exposure::Full);
    traced.metrics.attempt("login").finish(Outcome::Success);
    traced.attempt(Outcome::Failure(Reason::Timeout), 10, Some(trace(5)));
    assert!(traced.shown().found.iter().any(|(_, label, of, _)| label == "timeout" && *of == trace(5)));
}

#[test]
fn without_a_reader_there_are_none() {
    let metrics = builder().build().unwrap();
    auth_metrics::events::Context::new()
        .trace(trace(1))
        .in_scope(|| metrics.attempt("login").finish(REFUSED));
    assert_eq!(shown(&metrics.snapshot()).found, []);
}

#[test]
fn a_reader_that_panics_leaves_the_counts() {
    let metrics = builder().trace_context(|| panic!("no trace")).build().unwrap();
    metrics.attempt("login").finish(REFUSED);
    assert_eq!(shown(&metrics.snapshot()).found, []);
    assert_eq!(metrics.snapshot().value("auth_operations_total", &[]), Some(1.0));
}

proptest! {
    /// Whatever comes when: an exemplar is of a trace that was sampled and of the reason it stands at, and none is replaced before its time.
    #[test]
    fn exemplars_are_of_what_they_stand_at(
        attempts in prop::collection::vec((0_usize..3, 0_u64..1_500, any::<bool>()), 1..60),
    ) {
        let traced = traced(Exposure::Full);
        let reasons = [None, Some(Reason::InvalidCredentials), Some(Reason::RateLimited)];
        let (mut now, mut last): (u64, [Option<(u64, TraceContext)>; 3]) = (0, [None; 3]);
        for (index, (reason, millis, sampled)) in attempts.iter().enumerate() {
            let context = TraceContext::new([index as u8 + 1; 16], [1; 8], *sampled);
            traced.attempt(reasons[*reason].map_or(Outcome::Success, Outcome::Failure), *millis, context);
            now += millis;
            if *sampled && last[*reason].is_none_or(|(at, _)| now - at >= 1_000) {
                last[*reason] = context.map(|context| (now, context));
            }
        }
        for (place, reason) in reasons.iter().enumerate().skip(1) {
            let snapshot = traced.metrics.snapshot();
            let found = snapshot.reasons().find(|each| each.operation() == "login" && Some(each.reason()) == *reason).and_then(|each| each.exemplar());
            prop_assert_eq!(found.map(|exemplar| exemplar.trace()), last[place].map(|(_, trace)| trace));
        }
    }
}
