//! The bound of the latency objective, as a registry spells it, and as our own formats spell it and Prometheus 3 stores it.

use std::time::Duration;

use auth_metrics::prometheus::{Registry, TextEncoder};
use auth_metrics_rules::{GeneratedFiles, Options, generate};
use proptest::prelude::*;

use crate::catalogue::builder;

fn pack_of(bound: f64, within: Duration) -> GeneratedFiles {
    let catalogue = builder().buckets([bound]).build().unwrap().catalogue();
    generate(&catalogue, &Options::new().latency(within, 0.95)).unwrap()
}

/// What the slow ratio asks `le` for.
fn matcher(pack: &GeneratedFiles) -> String {
    let rules = pack.get("rules.yml").unwrap();
    let (_, rest) = rules.split_once("service_auth_latency_seconds_bucket{le=").unwrap();
    rest.split_once('}').unwrap().0.to_owned()
}

/// The bounds of the generated tests' buckets, each once.
fn tried(pack: &GeneratedFiles) -> Vec<&str> {
    let mut tried: Vec<&str> = pack
        .get("rules.test.yml")
        .unwrap()
        .split("le=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    tried.sort_unstable();
    tried.dedup();
    tried
}

/// Each bound with how the `prometheus` crate spells it and how Prometheus 3 stores it: `strconv.FormatFloat(f, 'g', -1, 64)` of Go, with `.0`
/// where it has neither point nor exponent.
const SPELLED: [(f64, &str, &str); 16] = [
    (0.000_01, "0.00001", "1e-05"),
    (0.000_025, "0.000025", "2.5e-05"),
    (0.000_05, "0.00005", "5e-05"),
    (0.000_1, "0.0001", "0.0001"),
    (0.002_5, "0.0025", "0.0025"),
    (0.5, "0.5", "0.5"),
    (1.0, "1", "1.0"),
    (2.5, "2.5", "2.5"),
    (5.0, "5", "5.0"),
    (10.0, "10", "10.0"),
    (100.0, "100", "100.0"),
    (999_999.0, "999999", "999999.0"),
    (1e6, "1000000", "1e+06"),
    (1_234_567.0, "1234567", "1.234567e+06"),
    (1_234_567.5, "1234567.5", "1.2345675e+06"),
    (1e-9, "0.000000001", "1e-09"),
];

#[test]
fn rules_match_both_spellings_and_nothing_else() {
    for (bound, registered, stored) in SPELLED {
        let pack = pack_of(bound, Duration::from_secs_f64(bound));
        let escaped = format!("{registered}|{stored}").replace('.', r"\\.").replace('+', r"\\+");
        let expected =
            if registered == stored { format!("\"{registered}\"") } else { format!("~\"{escaped}\"") };
        assert_eq!(matcher(&pack), expected);
    }
}

#[test]
fn generated_tests_fire_the_latency_alert_for_each_spelling() {
    for (bound, registered, stored) in SPELLED {
        let pack = pack_of(bound, Duration::from_secs_f64(bound));
        let mut spelled = vec![registered, stored];
        spelled.sort_unstable();
        spelled.dedup();
        assert_eq!(tried(&pack), spelled);
        let fires = pack.get("rules.test.yml").unwrap().matches("name: AuthLatencyHigh fires\n").count();
        assert_eq!(fires, spelled.len(), "{bound}");
    }
}

#[test]
fn bound_is_spelled_as_the_handle_exports_it() {
    let pack = pack_of(0.1 + 0.2, Duration::from_millis(300));
    assert_eq!(matcher(&pack), "\"0.30000000000000004\"");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bound_that_a_scrape_has_is_always_matched(nanos in 1..1_000_000_000_000_000_u64, zeros in 0..12_u32) {
        let power = 10_u64.pow(zeros);
        let within = Duration::from_nanos((nanos / power).max(1) * power);
        let metrics = builder().buckets([within.as_secs_f64()]).build().unwrap();
        metrics.record_auth_latency("gateway", "login", Duration::ZERO);
        let registry = Registry::new();
        metrics.register(&registry).unwrap();
        let registered = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        let pack = generate(&metrics.catalogue(), &Options::new().latency(within, 0.95)).unwrap();
        let tried = tried(&pack);
        for text in [metrics.encode_text(), metrics.encode_openmetrics(), registered] {
            let exported = text.split("le=\"").nth(1).and_then(|rest| rest.split('"').next());
            prop_assert!(exported.is_some_and(|exported| tried.contains(&exported)), "{:?} {:?}", exported, tried);
        }
        let values: Vec<f64> = tried.iter().map(|each| each.parse().unwrap()).collect();
        prop_assert!(values.iter().all(|value| *value == values[0]), "{:?}", tried);
    }
}
