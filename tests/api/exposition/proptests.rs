//! Whatever callers pass as ids and values, the text stays strict and the counts add up.

use std::time::Duration;

use auth_metrics::prometheus::{Registry, TextEncoder};
use auth_metrics::{Error, Exposure, Outcome, Reason};
use proptest::prelude::*;

use crate::fixture::builder;
use auth_metrics_tests_scrape::Scrape;

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

/// Nanoseconds of every length, round ones too.
fn nanos() -> impl Strategy<Value = u64> {
    let round = (0..20_u32, 0..1000_u64)
        .prop_map(|(zeros, first)| first.saturating_mul(10_u64.saturating_pow(zeros)));
    prop_oneof![
        round,
        (any::<u64>(), 0..64_u32).prop_map(|(any, shift)| any >> shift),
        Just(999_999_999_999_999)
    ]
}

/// Numbers of every kind but NaN; whole ones around the last that a double keeps exactly.
fn numbers() -> impl Strategy<Value = f64> {
    let any = any::<u64>().prop_map(f64::from_bits).prop_filter("a number", |number| !number.is_nan());
    let whole = (0..64_u32, -3..3_i64).prop_map(|(power, more)| (1_u64 << power) as f64 + more as f64);
    prop_oneof![any, whole, Just(-0.0), Just(0.0), Just(1e15), Just(0.1)]
}

/// The most that a latency adds to the sum: the last bound and a day, in nanoseconds.
const LONGEST: u64 = 86_410_000_000_000;

/// What stands after a series in a text.
fn number_of<'a>(text: &'a str, series: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn numbers_are_spelled_as_the_doubles_they_are(nanos in nanos(), usage in numbers(), count in 0..2_000_u64) {
        let metrics = builder().exposure(Exposure::Full).build().unwrap();
        metrics.record_auth_latency("gateway", "login", Duration::from_nanos(nanos));
        let nanos = nanos.min(LONGEST);
        metrics.update_rate_limit_usage("gateway", [("per_minute", usage)]);
        (0..count).for_each(|_| metrics.record_rate_limit_exceeded("gateway"));
        let text = metrics.encode_text();
        let sum = number_of(&text, r#"service_auth_latency_seconds_sum{service_id="gateway",operation="login"}"#);
        prop_assert_eq!(sum.map(str::to_owned), Some((nanos as f64 / 1e9).to_string()));
        let spelled = match usage {
            f64::INFINITY => "+Inf".to_owned(),
            f64::NEG_INFINITY => "-Inf".to_owned(),
            finite => finite.to_string(),
        };
        let level = number_of(&text, r#"rate_limit_current{service_id="gateway",limit_type="per_minute"}"#);
        prop_assert_eq!(level, Some(spelled.as_str()));
        let counted = number_of(&text, r#"rate_limit_exceeded_total{service_id="gateway"}"#);
        prop_assert_eq!(counted.map(str::to_owned), Some(count.to_string()));
    }

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
        let metrics = match options.build() {
            Ok(metrics) => metrics,
            // An invisible character: `invisible` has the rule.
            Err(Error::InvalidServiceId) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
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
        let gathered = Scrape::parse(&gathered).map_err(TestCaseError::fail)?.with_canonical_bounds();
        for sample in Scrape::parse(&metrics.encode_text()).map_err(TestCaseError::fail)?.samples() {
            prop_assert!(gathered.samples().any(|other| other == sample), "{:?}", sample);
        }
    }
}
