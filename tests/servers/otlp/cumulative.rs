//! Cumulative points are the samples of a scrape.

use auth_metrics::events::TraceContext;
use auth_metrics_tests_scrape::Scrape;

use super::stored::{is_own, is_stored_as, samples, stored};
use super::{accepted, flush, push, storage};
use crate::fixture::{builder, busy};
use crate::stack::eventually;

/// Every sample of the scrape is there, with its value, and nothing else is.
fn assert_equals_the_scrape(folder: &str, flags: &[&str]) {
    let trace = TraceContext::new([0xab; 16], [0xcd; 8], true);
    let builder = builder().namespace("acme").const_labels([("region", "eu \"\\\nü")]);
    let metrics = builder.trace_context(move || trace).build().unwrap();
    let _in_flight = busy(&metrics);
    assert!(metrics.encode_openmetrics().contains(" # {trace_id=\"abab"), "exemplars are pushed too");
    let (_storage, api) = storage(folder, flags);
    let push = push(api).start(&metrics).unwrap();
    flush(&push);
    let scrape = Scrape::of(&metrics);
    assert!(accepted(&metrics) >= 1.0);
    let expected: Vec<_> = samples(&scrape).collect();
    assert!(expected.len() > 400, "{}", expected.len());
    eventually("every sample", || {
        let stored = stored(api)?;
        for (key, value) in &expected {
            let values = stored.get(key).ok_or_else(|| format!("there is no {key:?}"))?;
            if !values.last().is_some_and(|stored| is_stored_as(*value, *stored)) {
                return Err(format!("{key:?} is {values:?} instead of {value}"));
            }
        }
        let more = stored.keys().filter(|key| !is_own(&key.0)).count();
        if more == expected.len() {
            Ok(())
        } else {
            Err(format!("{more} series instead of {}", expected.len()))
        }
    });
}

#[test]
#[ignore = "needs a VictoriaMetrics that takes OTLP; ./check runs it"]
fn every_sample_of_the_scrape_is_pushed() {
    assert_equals_the_scrape("otlp-cumulative", &[]);
}

#[test]
#[ignore = "needs a VictoriaMetrics that takes OTLP; ./check runs it"]
fn names_of_the_scrape_survive_prometheus_naming() {
    assert_equals_the_scrape("otlp-prometheus", &["-opentelemetry.usePrometheusNaming"]);
}
