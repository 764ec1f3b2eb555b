//! Groups that are attached at the same time, or by each other.

use std::sync::{Arc, Barrier};
use std::thread;

use auth_metrics::group::{ByService, Counters, Group, Samples};
use auth_metrics::prometheus::Registry;
use auth_metrics::{AuthMetrics, Family};
use auth_metrics_tests_scrape::Scrape;

use crate::{Told, assert_agreed, group_failed, handle, told};

const THREADS: usize = 8;

static COUNTS: [Family; THREADS] = [
    Family::counter("count_0_total", &[], "Counts."),
    Family::counter("count_1_total", &[], "Counts."),
    Family::counter("count_2_total", &[], "Counts."),
    Family::counter("count_3_total", &[], "Counts."),
    Family::counter("count_4_total", &[], "Counts."),
    Family::counter("count_5_total", &[], "Counts."),
    Family::counter("count_6_total", &[], "Counts."),
    Family::counter("count_7_total", &[], "Counts."),
];

struct Numbered<const N: usize>(Counters);

impl<const N: usize> Group for Numbered<N> {
    fn families(&self) -> Vec<&'static Family> {
        vec![&COUNTS[N]]
    }

    fn collect(&self, samples: &mut Samples) {
        samples.counter(&COUNTS[N], &[], self.0.get(0));
    }
}

fn count<const N: usize>(metrics: &AuthMetrics) {
    metrics.group(|| Numbered::<N>(Counters::new(1))).unwrap().0.add(0, 1);
}

#[test]
fn threads_that_attach_one_type_share_one_group() {
    for _ in 0..50 {
        let metrics = handle();
        let together = Barrier::new(THREADS);
        let attach = || {
            together.wait();
            let group = metrics.group(|| Numbered::<0>(Counters::new(1))).unwrap();
            group.0.add(0, 1);
            group
        };
        let groups: Vec<Arc<Numbered<0>>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(attach)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(groups.iter().all(|group| Arc::ptr_eq(group, &groups[0])));
        let scrape = Scrape::of(&metrics);
        assert_eq!(scrape.value("count_0_total", &[]), Some(THREADS as f64));
        assert_eq!(group_failed(&scrape), 0.0);
    }
}

#[test]
fn threads_that_attach_different_types_all_have_theirs_while_others_read() {
    let attach: [fn(&AuthMetrics); THREADS] =
        [count::<0>, count::<1>, count::<2>, count::<3>, count::<4>, count::<5>, count::<6>, count::<7>];
    for _ in 0..50 {
        let metrics = handle();
        let together = Barrier::new(THREADS + 1);
        thread::scope(|scope| {
            for attach in &attach {
                scope.spawn(|| {
                    together.wait();
                    attach(&metrics);
                });
            }
            together.wait();
            (0..3).for_each(|_| drop(Scrape::of(&metrics)));
        });
        let scrape = assert_agreed(&metrics);
        for family in &COUNTS {
            assert_eq!(scrape.value(family.name, &[]), Some(1.0), "{}", family.name);
        }
    }
}

#[test]
fn of_two_types_with_one_name_that_are_attached_at_once_one_is_refused() {
    for _ in 0..50 {
        let metrics = handle();
        let together = Barrier::new(2);
        let results = thread::scope(|scope| {
            let one = scope.spawn(|| {
                together.wait();
                metrics.group(|| told::<0>(&[&COUNTS[0]], |_| {})).is_ok()
            });
            let other = scope.spawn(|| {
                together.wait();
                metrics.group(|| told::<1>(&[&COUNTS[0]], |_| {})).is_ok()
            });
            [one.join().unwrap(), other.join().unwrap()]
        });
        assert_ne!(results[0], results[1]);
        assert_eq!(group_failed(&assert_agreed(&metrics)), 1.0);
    }
}

#[test]
fn group_can_attach_others_while_it_is_made() {
    let metrics = handle();
    let outer = || {
        count::<1>(&metrics);
        metrics.record_fail_open("gateway", "risk_engine");
        told::<0>(&[&COUNTS[0]], |samples| samples.counter(&COUNTS[0], &[], 5))
    };
    metrics.group(outer).unwrap();
    let scrape = assert_agreed(&metrics);
    assert_eq!(
        [scrape.value("count_0_total", &[]), scrape.value("count_1_total", &[])],
        [Some(5.0), Some(1.0)]
    );
    assert_eq!(scrape.sum("auth_fail_open_total", &[]), Some(1.0));
}

#[test]
fn group_that_attaches_its_own_type_while_it_is_made_is_the_inner_one() {
    let metrics = handle();
    let make =
        |count| move || told::<0>(&[&COUNTS[0]], move |samples| samples.counter(&COUNTS[0], &[], count));
    let outer: Arc<Told> = metrics
        .group(|| {
            metrics.group(make(1)).unwrap();
            make(2)()
        })
        .unwrap();
    assert_eq!(Scrape::of(&metrics).value("count_0_total", &[]), Some(1.0));
    assert!(Arc::ptr_eq(&outer, &metrics.group(make(3)).unwrap()));
}

/// Attaches another group when it is asked for its families.
struct Listing(AuthMetrics);

impl Group for Listing {
    fn families(&self) -> Vec<&'static Family> {
        count::<1>(&self.0);
        vec![&COUNTS[0]]
    }

    fn collect(&self, samples: &mut Samples) {
        samples.counter(&COUNTS[0], &[], 5);
    }
}

#[test]
fn group_can_attach_others_while_it_lists_its_families() {
    let metrics = handle();
    metrics.group(|| Listing(metrics.clone())).unwrap();
    let scrape = assert_agreed(&metrics);
    assert_eq!(
        [scrape.value("count_0_total", &[]), scrape.value("count_1_total", &[])],
        [Some(5.0), Some(1.0)]
    );
}

#[test]
fn group_that_attaches_another_while_it_is_read_shows_it_from_the_next_scrape_on() {
    let metrics = handle();
    let own = metrics.clone();
    let collect = move |samples: &mut Samples| {
        count::<1>(&own);
        samples.counter(&COUNTS[0], &[], 1);
    };
    metrics.group(|| told::<0>(&[&COUNTS[0]], collect)).unwrap();
    drop(Scrape::of(&metrics));
    let scrape = Scrape::of(&metrics);
    assert!(scrape.value("count_1_total", &[]).is_some_and(|count| count >= 1.0));
}

#[test]
fn group_that_comes_after_the_handle_was_registered_is_gathered_too() {
    let metrics = handle();
    let registry = Registry::new();
    metrics.register(&registry).unwrap();
    count::<0>(&metrics);
    metrics.register(&registry).expect("it is the same handle");
    let gathered = registry.gather();
    let named: Vec<_> = gathered.iter().filter(|family| family.name() == "count_0_total").collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0].get_metric()[0].get_counter().get_value(), 1.0);
}

#[test]
fn service_that_only_a_group_names_is_known_to_the_handle() {
    let metrics = AuthMetrics::builder().service_id("gateway").max_services(2).build().unwrap();
    let by_service = ByService::new();
    for service in ["orders", "billing", "gateway", "\u{200b}", "other", ""] {
        by_service.get_or_insert_with(&metrics, service, || Counters::new(1)).add(0, 1);
    }
    let counted: Vec<(&str, u64)> =
        by_service.iter().map(|(service, counts)| (service, counts.get(0))).collect();
    assert_eq!(counted, [("orders", 1), ("gateway", 1), ("other", 4)]);
    let scrape = Scrape::of(&metrics);
    assert_eq!(scrape.value("service_auth_successful_total", &[("service_id", "orders")]), Some(0.0));
    let folded = scrape.value("auth_label_overflow_total", &[("label", "service_id")]);
    assert_eq!(folded, Some(3.0), "`other` is there by right");
}
