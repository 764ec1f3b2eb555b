//! Values of labels as they stand in the text, and what the builder puts before a name or beside every label.

use auth_metrics::Reason;

use crate::fixture::{builder, busy, handle};
use auth_metrics_tests_scrape::Scrape;

#[test]
fn quotes_and_backslashes_are_escaped() {
    let metrics = handle();
    metrics.record_successful_auth(r#"a"b\c\n"#);
    let line = "service_auth_successful_total{service_id=\"a\\\"b\\\\c\\\\n\"} 1\n";
    assert!(metrics.encode_text().contains(line));
    assert_eq!(
        Scrape::of(&metrics).value("service_auth_successful_total", &[("service_id", r#"a"b\c\n"#)]),
        Some(1.0)
    );
}

#[test]
fn line_feed_in_a_constant_label_is_escaped() {
    let metrics = builder().const_labels([("motd", "one\ntwo\\")]).build().unwrap();
    assert!(metrics.encode_text().contains("auth_active_services{motd=\"one\\ntwo\\\\\"} 0\n"));
    assert_eq!(Scrape::of(&metrics).value("auth_active_services", &[("motd", "one\ntwo\\")]), Some(0.0));
}

#[test]
fn every_other_character_stands_as_it_is() {
    let metrics = handle();
    for service in
        ["Zürich", "日本", "a b", "{x=\"1\"}", "# TYPE", "🔑", "a,b=c", "\u{2028}", "\u{2029}", "'", "%0A"]
    {
        metrics.record_successful_auth(service);
        metrics.record_failed_auth(service, Reason::InvalidCredentials);
        let scrape = Scrape::of(&metrics);
        assert_eq!(
            scrape.value("service_auth_successful_total", &[("service_id", service)]),
            Some(1.0),
            "{service}"
        );
    }
}

#[test]
fn constant_labels_are_on_every_series() {
    let metrics = builder().const_labels([("zone", "b"), ("region", "eu \"1\"")]).build().unwrap();
    let _in_flight = busy(&metrics);
    let scrape = Scrape::of(&metrics);
    assert!(scrape.samples().count() > 100);
    for sample in scrape.samples() {
        assert_eq!(
            (sample.label("zone"), sample.label("region")),
            (Some("b"), Some("eu \"1\"")),
            "{sample:?}"
        );
    }
}

#[test]
fn namespace_stands_before_every_name_and_changes_nothing_else() {
    let plain = handle();
    let named = builder().namespace("shop_v2").build().unwrap();
    let (_one, _other) = (busy(&plain), busy(&named));
    let (plain, named) = (Scrape::of(&plain), Scrape::of(&named));
    for (one, other) in plain.families.iter().zip(&named.families) {
        assert_eq!(other.name, format!("shop_v2_{}", one.name));
        assert_eq!((&other.help, &other.kind), (&one.help, &one.kind));
    }
    assert_eq!(plain.samples().count(), named.samples().count());
    for (one, other) in plain.samples().zip(named.samples()) {
        assert_eq!(other.name, format!("shop_v2_{}", one.name));
        // The two handles did not fetch their keys in the same moment.
        let is_same = one.value.to_bits() == other.value.to_bits()
            || one.name == "auth_key_last_success_timestamp_seconds";
        assert!(other.labels == one.labels && is_same, "{} {:?}", one.name, one.labels);
    }
}

#[test]
fn values_are_read_from_a_snapshot_without_the_namespace() {
    let metrics = builder().namespace("shop").const_labels([("region", "eu")]).build().unwrap();
    metrics.record_successful_auth("orders");
    let labels = [("service_id", "orders")];
    assert_eq!(metrics.snapshot().value("service_auth_successful_total", &labels), Some(1.0));
}

#[test]
fn own_buckets_take_the_place_of_the_contracts() {
    let metrics = builder().buckets([0.5, 2.0]).build().unwrap();
    metrics.record_auth_latency("gateway", "login", std::time::Duration::from_secs(1));
    let scrape = Scrape::of(&metrics);
    let samples = scrape.family("service_auth_latency_seconds").samples.iter();
    let ours = samples.filter(|sample| sample.label("operation") == Some("login"));
    let counts: Vec<(&str, f64)> =
        ours.filter_map(|sample| Some((sample.label("le")?, sample.value))).collect();
    assert_eq!(counts, [("0.5", 0.0), ("2.0", 1.0), ("+Inf", 1.0)]);
}
