//! Whatever callers pass as ids and values, the text stays strict and the counts add up.

use std::time::Duration;

use auth_metrics::prometheus::{Registry, TextEncoder};
use auth_metrics::{Outcome, Reason};
use proptest::prelude::*;

use crate::fixture::builder;
use crate::parser::Scrape;

fn config() -> ProptestConfig {
    ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() }
}

/// Mostly the characters that formats trip over.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        '"', '\\', '\n', '\r', ',', '{', '}', '=', '#', ' ', '\0', 'n', 'é', '\u{2028}',
    ]);
    let character = prop_oneof![odd, any::<char>()];
    prop::collection::vec(character, 0..160).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn text_is_strict_and_counts_add_up_whatever_the_ids_are(
        calls in prop::collection::vec((text(), text(), any::<u64>(), 0..=Reason::ALL.len()), 0..24),
        own in text(),
        value in text(),
        max_services in 1..12_usize,
    ) {
        let mut options = builder().max_services(max_services).const_labels([("custom", value.as_str())]);
        if !own.is_empty() && own.len() <= 128 && !own.chars().any(char::is_control) {
            options = options.service_id(own);
        }
        let metrics = options.build().unwrap();
        let mut failed = 0;
        for (service, op, nanos, reason) in &calls {
            let outcome = Reason::ALL.get(*reason).map_or(Outcome::Success, |reason| Outcome::Failure(*reason));
            failed += usize::from(outcome != Outcome::Success);
            metrics.attempt_for(service, op).finish(outcome);
            metrics.record_auth_latency(service, op, Duration::from_nanos(*nanos / 64));
            metrics.update_rate_limit_usage(service, [(op, f64::from_bits(*nanos))]);
        }
        let scrape = Scrape::parse(&metrics.encode_text()).map_err(TestCaseError::fail)?;
        let count = |name| scrape.sum(name, &[]).unwrap_or(0.0).to_string();
        prop_assert_eq!(count("auth_operations_started_total"), calls.len().to_string());
        prop_assert_eq!(count("auth_operations_total"), calls.len().to_string());
        prop_assert_eq!(count("auth_operation_failures_total"), failed.to_string());
        prop_assert_eq!(count("service_auth_latency_seconds_count"), (2 * calls.len()).to_string());
        prop_assert_eq!(count("service_auth_failed_total"), failed.to_string());
        prop_assert!(scrape.family("service_auth_successful_total").samples.len() <= max_services + 1);
        prop_assert!(scrape.samples().all(|sample| sample.label("custom") == Some(&value)));
        let folded = scrape.value("auth_label_overflow_total", &[("custom", &value), ("label", "service_id")]);
        let named = scrape.samples().filter(|sample| sample.name == "auth_operations_started_total");
        let other = named.filter(|sample| sample.label("service_id") == Some("other"));
        let other: f64 = other.map(|sample| sample.value).sum();
        prop_assert_eq!(folded, Some(3.0 * other));
    }

    #[test]
    fn registry_and_text_agree_whatever_the_ids_are(
        services in prop::collection::vec(text(), 0..12),
        value in text(),
    ) {
        let metrics = builder().const_labels([("custom", value)]).build().unwrap();
        let registry = Registry::new();
        metrics.register(&registry).unwrap();
        for service in &services {
            metrics.attempt_for(service, "login").finish(Outcome::Failure(Reason::TokenExpired));
        }
        let gathered = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        let gathered = Scrape::parse(&gathered).map_err(TestCaseError::fail)?;
        for sample in Scrape::parse(&metrics.encode_text()).map_err(TestCaseError::fail)?.samples() {
            prop_assert!(gathered.samples().any(|other| other == sample), "{:?}", sample);
        }
    }
}
