//! A group that panics or hands out what no scrape can have: the handle goes on without it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auth_metrics::group::{ByLabel, Counters, Gauge, Group, InternalErrors, Observations, Overflow, Samples};
use auth_metrics::{AuthMetrics, Family, Outcome};
use auth_metrics_tests_scrape::Scrape;

use crate::{assert_agreed, group_failed, handle, told};

static HITS: Family = Family::counter("hits_total", &["result"], "Hits.");
static LEVEL: Family = Family::gauge("level", &[], "A level.");
static WAITS: Family = Family::histogram("waits_seconds", &["queue"], "Waits.");
static ANOTHER: Family = Family::counter("another_total", &["result"], "Of no group.");

fn hits(metrics: &AuthMetrics) -> Option<f64> {
    metrics.snapshot().value("hits_total", &[("result", "hit")])
}

#[test]
fn group_that_panics_has_no_samples_in_that_scrape_and_all_in_the_next() {
    let metrics = handle();
    let fails = Arc::new(AtomicBool::new(true));
    let failing = Arc::clone(&fails);
    let collect = move |samples: &mut Samples| {
        samples.counter(&HITS, &["hit"], 3);
        assert!(!failing.load(Ordering::Relaxed), "on purpose");
    };
    metrics.group(|| told::<0>(&[&HITS], collect)).unwrap();
    metrics.group(|| told::<1>(&[&LEVEL], |samples| samples.gauge(&LEVEL, &[], 1.0))).unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    for times in [1.0, 2.0] {
        let scrape = Scrape::of(&metrics);
        assert!(scrape.family("hits_total").samples.is_empty());
        assert_eq!(scrape.value("level", &[]), Some(1.0));
        assert_eq!(scrape.sum("auth_operations_started_total", &[]), Some(1.0));
        assert_eq!(group_failed(&scrape), times);
    }
    fails.store(false, Ordering::Relaxed);
    let scrape = assert_agreed(&metrics);
    assert_eq!(scrape.value("hits_total", &[("result", "hit")]), Some(3.0));
    assert_eq!(group_failed(&scrape), 2.0);
}

struct FailsToList;

impl Group for FailsToList {
    fn families(&self) -> Vec<&'static Family> {
        panic!("on purpose")
    }

    fn collect(&self, _: &mut Samples) {}
}

#[test]
fn panic_in_make_or_families_is_the_callers_and_leaves_the_handle_as_it_was() {
    let metrics = handle();
    let before = metrics.encode_text();
    let make = || metrics.group(|| -> crate::Told { panic!("on purpose") }).map(drop);
    assert!(catch_unwind(AssertUnwindSafe(make)).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| metrics.group(|| FailsToList).map(drop))).is_err());
    assert_eq!(metrics.encode_text(), before);
    metrics.group(|| told::<0>(&[&HITS], |samples| samples.counter(&HITS, &["hit"], 1))).unwrap();
    assert_eq!(hits(&metrics), Some(1.0));
}

/// A mistake, and a group that makes it.
type Wrong = (&'static str, fn(&mut Samples));

#[test]
fn sample_that_no_scrape_can_have_is_left_out_and_counted() {
    let wrong: [Wrong; 10] = [
        ("another family", |samples| samples.counter(&ANOTHER, &["hit"], 1)),
        ("a gauge's type", |samples| samples.gauge(&HITS, &["hit"], 1.0)),
        ("a counter's type", |samples| samples.counter(&LEVEL, &[], 1)),
        ("a histogram's type", |samples| samples.histogram(&HITS, &["hit"], &Observations::default())),
        ("too few labels", |samples| samples.counter(&HITS, &[], 1)),
        ("too many labels", |samples| samples.counter(&HITS, &["hit", "late"], 1)),
        ("labels where there are none", |samples| samples.gauge(&LEVEL, &["high"], 1.0)),
        ("a histogram's labels", |samples| samples.histogram(&WAITS, &[], &Observations::default())),
        ("not a number", |samples| samples.gauge(&LEVEL, &[], f64::NAN)),
        ("the same labels", |samples| samples.counter(&HITS, &["first"], 99)),
    ];
    for (what, wrong) in wrong {
        let metrics = handle();
        let collect = move |samples: &mut Samples| {
            samples.counter(&HITS, &["first"], 3);
            wrong(samples);
            samples.histogram(&WAITS, &["other"], &Observations::default());
        };
        metrics.group(|| told::<0>(&[&HITS, &LEVEL, &WAITS], collect)).unwrap();
        let scrape = assert_agreed(&metrics);
        assert_eq!(scrape.family("hits_total").samples.len(), 1, "{what}");
        assert_eq!(scrape.value("hits_total", &[("result", "first")]), Some(3.0), "{what}");
        assert!(scrape.family("level").samples.is_empty(), "{what}");
        assert_eq!(scrape.value("waits_seconds_count", &[("queue", "other")]), Some(0.0), "{what}");
        assert_eq!(group_failed(&scrape), 1.0, "{what}");
    }
}

#[test]
fn labels_that_read_the_same_in_a_row_are_two_samples() {
    static PAIRS: Family = Family::gauge("pairs", &["one", "two"], "Pairs.");
    let metrics = handle();
    let collect = |samples: &mut Samples| {
        samples.gauge(&PAIRS, &["ab", "c"], 1.0);
        samples.gauge(&PAIRS, &["a", "bc"], 2.0);
        samples.gauge(&PAIRS, &["", "abc"], 3.0);
    };
    metrics.group(|| told::<0>(&[&PAIRS], collect)).unwrap();
    let scrape = assert_agreed(&metrics);
    assert_eq!(scrape.value("pairs", &[("one", "a"), ("two", "bc")]), Some(2.0));
    assert_eq!((scrape.family("pairs").samples.len(), group_failed(&scrape)), (3, 0.0));
}

#[test]
fn family_may_be_a_constant_whose_address_differs_wherever_it_is_named() {
    const HELD: Family = Family::gauge("held", &[], "Held.");
    let leaked: &'static Family = Box::leak(Box::new(HELD));
    let metrics = handle();
    metrics.group(|| told::<0>(&[leaked], |samples| samples.gauge(&HELD, &[], 1.0))).unwrap();
    let scrape = assert_agreed(&metrics);
    assert_eq!((scrape.value("held", &[]), group_failed(&scrape)), (Some(1.0), 0.0));
}

#[test]
fn snapshot_that_a_group_takes_of_its_own_handle_has_the_core_and_no_groups() {
    static STARTED: Family = Family::gauge("started_of_all", &[], "Derived from the core.");
    let metrics = handle();
    let own = metrics.clone();
    let collect = move |samples: &mut Samples| {
        let snapshot = own.snapshot();
        assert_eq!(snapshot.value("started_of_all", &[]), None);
        samples.gauge(&STARTED, &[], snapshot.value("auth_operations_started_total", &[]).unwrap_or(0.0));
    };
    metrics.group(|| told::<0>(&[&STARTED], collect)).unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    let scrape = assert_agreed(&metrics);
    assert_eq!((scrape.value("started_of_all", &[]), group_failed(&scrape)), (Some(1.0), 0.0));
}

#[test]
fn groups_of_two_handles_can_read_each_others_handle() {
    static SEEN: Family = Family::gauge("seen_there", &[], "What the other handle started.");
    let (one, other) = (handle(), handle());
    for (metrics, read) in [(&one, other.clone()), (&other, one.clone())] {
        let collect = move |samples: &mut Samples| {
            let started = read.snapshot().value("auth_operations_started_total", &[]);
            samples.gauge(&SEEN, &[], started.unwrap_or(0.0));
        };
        metrics.group(|| told::<0>(&[&SEEN], collect)).unwrap();
    }
    other.attempt("login").finish(Outcome::Success);
    assert_eq!(Scrape::of(&one).value("seen_there", &[]), Some(1.0));
    assert_eq!(Scrape::of(&other).value("seen_there", &[]), Some(0.0));
}

#[test]
fn tables_and_counters_of_any_size_keep_what_is_counted() {
    let none = ByLabel::new("queue", 0);
    none.get_or_insert_with("mail", || Counters::new(1)).add(0, 2);
    assert_eq!(none.iter().map(|(value, count)| (value, count.get(0))).collect::<Vec<_>>(), [("other", 2)]);
    assert_eq!(none.overflow().get(), 1);
    let many = ByLabel::new("queue", usize::MAX);
    many.get_or_insert_with("mail", || Counters::new(0)).add(0, 2);
    assert_eq!(many.get_or_insert_with("mail", || Counters::new(1)).get(0), 0);
    let full = Counters::new(2);
    full.add(1, u64::MAX);
    full.add(1, 5);
    full.add(7, 1);
    assert_eq!(full.iter().collect::<Vec<_>>(), [0, u64::MAX]);
}

#[test]
fn gauge_that_threads_add_to_loses_nothing() {
    let gauge = Gauge::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    gauge.add(2.0);
                    gauge.add(-1.0);
                }
            });
        }
    });
    assert_eq!(gauge.get(), Some(8_000.0));
    gauge.add(f64::NAN);
    assert_eq!(gauge.get(), None);
}

#[test]
fn long_observations_fill_neither_count_nor_sum() {
    let waits = Observations::new(&[1.0]).unwrap();
    (0..3).for_each(|_| waits.observe(Duration::MAX));
    let ten_years = 3_650.0 * 86_400.0;
    assert_eq!((waits.counts(), waits.sum()), (vec![0, 3], 3.0 * ten_years));
    for bounds in [&[][..], &[0.0], &[1.0, 1.0], &[2.0, 1.0], &[f64::NAN], &[f64::INFINITY], &[1.0; 251]] {
        assert!(Observations::new(bounds).is_err(), "{bounds:?}");
    }
}

#[test]
fn label_or_kind_that_is_no_name_is_left_out_of_every_format() {
    let overflow = Overflow::of("tenant \"x\"\ny");
    let errors = InternalErrors::new(&["a\"} 7\nevil 1", "good_kind"]);
    let metrics = handle();
    let collect = move |samples: &mut Samples| {
        samples.overflow(&overflow);
        samples.internal_errors(&errors);
    };
    metrics.group(|| told::<0>(&[], collect)).unwrap();
    let scrape = assert_agreed(&metrics);
    let kinds = |kind| scrape.value("auth_metrics_internal_errors_total", &[("kind", kind)]);
    assert_eq!((kinds("good_kind"), group_failed(&scrape)), (Some(0.0), 2.0));
    assert!(!metrics.encode_text().contains("evil") && !metrics.encode_text().contains("tenant"));
}
