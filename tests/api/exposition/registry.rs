//! The handle in registries of the `prometheus` crate: the same numbers, once, and never at the cost of anybody else's.

use std::collections::{BTreeSet, HashMap};
use std::thread;

use auth_metrics::prometheus::{IntCounter, IntCounterVec, Opts, Registry, TextEncoder};
use auth_metrics::{AuthMetrics, Outcome, RegisterError};

use crate::fixture::{builder, busy, handle};
use auth_metrics_tests_scrape::{Sample, Scrape};

fn gathered(registry: &Registry) -> Scrape {
    let text = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    Scrape::read(&text).with_canonical_bounds()
}

fn in_order(scrape: &Scrape) -> Vec<Sample> {
    let mut samples: Vec<Sample> = scrape.samples().cloned().collect();
    samples.sort_by(|one, other| (&one.name, &one.labels).cmp(&(&other.name, &other.labels)));
    samples
}

#[test]
fn crate_spells_bounds_its_own_way_and_only_bounds() {
    let (metrics, registry) = (handle(), Registry::new());
    metrics.register(&registry).unwrap();
    let _in_flight = busy(&metrics);
    let theirs = Scrape::read(&TextEncoder::new().encode_to_string(&registry.gather()).unwrap());
    let spelled = |scrape: &Scrape| -> BTreeSet<String> {
        scrape.samples().filter_map(|sample| sample.label("le").map(str::to_owned)).collect()
    };
    let ours = spelled(&Scrape::of(&metrics));
    assert!(spelled(&theirs).iter().any(|bound| !ours.contains(bound)));
    assert_eq!(spelled(&theirs.with_canonical_bounds()), ours);
}

/// A registry that has a counter of somebody else under one of our names.
fn taken(name: &str) -> (Registry, IntCounter) {
    let registry = Registry::new();
    let theirs = IntCounter::new(name, "Somebody else's.").unwrap();
    registry.register(Box::new(theirs.clone())).unwrap();
    (registry, theirs)
}

fn clash(refused: Result<(), RegisterError>) -> String {
    match refused {
        Err(RegisterError::Clash { metric, .. }) => metric,
        other => panic!("no clash but {other:?}"),
    }
}

#[test]
fn registry_gathers_what_the_text_shows_sample_by_sample() {
    let metrics = builder().namespace("shop").const_labels([("zone", "b\n\"")]).build().unwrap();
    let registry = Registry::new();
    metrics.register(&registry).unwrap();
    let _in_flight = busy(&metrics);
    let (text, registry) = (Scrape::of(&metrics), gathered(&registry));
    assert_eq!(in_order(&text), in_order(&registry));
    for family in text.families.iter().filter(|family| !family.samples.is_empty()) {
        let other = registry.family(&family.name);
        assert_eq!((&family.help, &family.kind), (&other.help, &other.kind));
    }
}

#[test]
fn registering_a_handle_again_changes_nothing() {
    let metrics = handle();
    let registry = Registry::new();
    metrics.attempt("login").finish(Outcome::Success);
    metrics.register(&registry).unwrap();
    let once = in_order(&gathered(&registry));
    metrics.register(&registry).unwrap();
    metrics.clone().register(&registry.clone()).unwrap();
    assert_eq!(in_order(&gathered(&registry)), once);
}

#[test]
fn handle_registered_from_many_threads_at_once_is_there_once() {
    let metrics = handle();
    let registry = Registry::new();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (metrics, registry) = (metrics.clone(), registry.clone());
            thread::spawn(move || metrics.register(&registry))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(in_order(&gathered(&registry)), in_order(&Scrape::of(&metrics)));
}

#[test]
fn two_registries_show_the_same_handle() {
    let metrics = handle();
    let (one, other) = (Registry::new(), Registry::new());
    metrics.register(&one).unwrap();
    metrics.register(&other).unwrap();
    metrics.record_successful_auth("orders");
    for registry in [one, other] {
        let labels = [("service_id", "orders")];
        assert_eq!(gathered(&registry).value("service_auth_successful_total", &labels), Some(1.0));
    }
}

#[test]
fn handles_with_different_values_of_constant_labels_share_a_registry() {
    let registry = Registry::new();
    let regions = ["eu", "us"].map(|region| {
        let metrics = builder().const_labels([("region", region)]).build().unwrap();
        metrics.register(&registry).unwrap();
        metrics
    });
    regions[0].record_successful_auth("orders");
    regions[1].record_rate_limit_exceeded("orders");
    let scrape = gathered(&registry);
    let succeeded = |region| {
        scrape.value("service_auth_successful_total", &[("service_id", "orders"), ("region", region)])
    };
    assert_eq!([succeeded("eu"), succeeded("us")], [Some(1.0), Some(0.0)]);
    assert_eq!(scrape.family("auth_active_services").samples.len(), 2);
}

#[test]
fn handles_with_different_namespaces_share_a_registry() {
    let registry = Registry::new();
    for namespace in ["one", "two"] {
        builder().namespace(namespace).build().unwrap().register(&registry).unwrap();
    }
    let scrape = gathered(&registry);
    assert_eq!(scrape.value("one_auth_active_services", &[]), Some(0.0));
    assert_eq!(scrape.value("two_auth_active_services", &[]), Some(0.0));
}

#[test]
fn second_handle_without_constant_labels_clashes_and_the_first_stays() {
    let registry = Registry::new();
    let (first, second) = (handle(), handle());
    first.register(&registry).unwrap();
    first.record_successful_auth("orders");
    second.record_rate_limit_exceeded("orders");
    assert_eq!(clash(second.register(&registry)), "service_auth_successful_total");
    assert_eq!(in_order(&gathered(&registry)), in_order(&Scrape::of(&first)));
    first.register(&registry).unwrap();
}

#[test]
fn clashing_metric_is_named_in_the_error() {
    for name in ["service_auth_successful_total", "rate_limit_current", "auth_metrics_build_info"] {
        let (registry, _) = taken(name);
        let refused = handle().register(&registry).unwrap_err();
        let text = refused.to_string();
        assert!(text.contains(name) && text.contains("namespace"), "{text}");
        assert!(std::error::Error::source(&refused).is_some());
        assert_eq!(clash(Err(refused)), name);
    }
}

#[test]
fn clashing_metric_is_named_with_the_namespace() {
    let (registry, _) = taken("shop_auth_active_services");
    let metrics = builder().namespace("shop").build().unwrap();
    assert_eq!(clash(metrics.register(&registry)), "shop_auth_active_services");
}

#[test]
fn clash_leaves_the_registry_with_what_was_there_and_nothing_of_ours() {
    let (registry, theirs) = taken("rate_limit_current");
    clash(handle().register(&registry));
    theirs.inc();
    let scrape = gathered(&registry);
    assert_eq!(scrape.families.len(), 1);
    assert_eq!(scrape.value("rate_limit_current", &[]), Some(1.0));
}

#[test]
fn clash_leaves_the_registry_open_to_others() {
    let (registry, _) = taken("rate_limit_current");
    clash(handle().register(&registry));
    let later = IntCounter::new("later_total", "Registered after the clash.").unwrap();
    registry.register(Box::new(later.clone())).unwrap();
    later.inc();
    assert_eq!(gathered(&registry).value("later_total", &[]), Some(1.0));
}

#[test]
fn namespace_of_its_own_gets_a_handle_past_a_clash() {
    let (registry, _) = taken("rate_limit_current");
    clash(handle().register(&registry));
    let metrics = builder().namespace("shop").build().unwrap();
    metrics.register(&registry).unwrap();
    metrics.record_successful_auth("orders");
    let labels = [("service_id", "orders")];
    assert_eq!(gathered(&registry).value("shop_service_auth_successful_total", &labels), Some(1.0));
}

#[test]
fn registry_with_a_prefix_and_labels_of_its_own_adds_them() {
    let labels = HashMap::from([("cluster".to_owned(), "c1".to_owned())]);
    let registry = Registry::new_custom(Some("app".to_owned()), Some(labels)).unwrap();
    let metrics = handle();
    metrics.register(&registry).unwrap();
    metrics.register(&registry).unwrap();
    let scrape = gathered(&registry);
    assert_eq!(scrape.value("app_auth_active_services", &[("cluster", "c1")]), Some(0.0));
    assert!(
        scrape
            .samples()
            .all(|sample| sample.label("cluster") == Some("c1") && sample.name.starts_with("app_"))
    );
}

#[test]
fn registry_keeps_what_a_dropped_handle_counted() {
    let registry = Registry::new();
    let metrics = handle();
    metrics.register(&registry).unwrap();
    metrics.record_successful_auth("orders");
    drop(metrics);
    let labels = [("service_id", "orders")];
    assert_eq!(gathered(&registry).value("service_auth_successful_total", &labels), Some(1.0));
}

#[test]
fn other_collectors_of_the_registry_are_gathered_beside_ours() {
    let registry = Registry::new();
    let theirs = IntCounterVec::new(Opts::new("requests_total", "Theirs."), &["path"]).unwrap();
    registry.register(Box::new(theirs.clone())).unwrap();
    let metrics: AuthMetrics = handle();
    metrics.register(&registry).unwrap();
    theirs.with_label_values(&["/"]).inc();
    let scrape = gathered(&registry);
    assert_eq!(scrape.value("requests_total", &[("path", "/")]), Some(1.0));
    assert_eq!(scrape.value("auth_active_services", &[]), Some(0.0));
}
