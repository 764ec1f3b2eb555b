//! A hundred deltas add up to what was counted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, Outcome, Reason};
use auth_metrics_otlp::Temporality;
use auth_metrics_tests_scrape::Scrape;

use super::stored::{Key, is_own, stored};
use super::{accepted, flush, push, storage};
use crate::stack::eventually;

#[test]
#[ignore = "needs a VictoriaMetrics that takes OTLP; ./check runs it"]
fn a_hundred_deltas_add_up_to_the_scrape() {
    let time = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&time);
    let clock = Clock::from_fn(move || Duration::from_nanos(clock.load(Ordering::Relaxed)));
    let metrics = AuthMetrics::builder().service_id("gateway").clock(clock).build().unwrap();
    let (_storage, api) = storage("otlp-deltas", &[]);
    let push = push(api).temporality(Temporality::Delta).start(&metrics).unwrap();
    for round in 0..100_u64 {
        for number in 0..=round % 7 {
            // Some operations come later than others.
            let attempt = metrics.attempt(["login", "verify", "reset"][(round / 40) as usize]);
            time.fetch_add(number * number * 700_001 + round, Ordering::Relaxed);
            match (round + number) % 4 {
                0 => drop(attempt),
                1 => attempt.finish(Outcome::Failure(Reason::InvalidCredentials)),
                _ => attempt.finish(Outcome::Success),
            }
        }
        flush(&push);
    }
    assert!(accepted(&metrics) >= 100.0);
    let scrape = Scrape::of(&metrics);
    eventually("every delta", || compare(&scrape, &stored(api)?));
}

fn compare(scrape: &Scrape, stored: &BTreeMap<Key, Vec<f64>>) -> Result<(), String> {
    let mut compared = 0;
    for family in scrape.families.iter().filter(|family| family.kind != "gauge" && !is_own(&family.name)) {
        for sample in &family.samples {
            let key = (sample.name.clone(), sample.labels.clone());
            let values = stored.get(&key).ok_or_else(|| format!("there is no {key:?}"))?;
            let sum: f64 = values.iter().sum();
            let is_sum_of_times = sample.name.ends_with("_sum");
            // Its storage keeps 15 or 16 digits of each.
            let is_equal = if is_sum_of_times {
                (sum - sample.value).abs() <= sample.value * 1e-12
            } else {
                sum == sample.value
            };
            if !is_equal {
                return Err(format!("{key:?} adds up to {sum} instead of {}", sample.value));
            }
            compared += 1;
        }
    }
    if compared > 100 { Ok(()) } else { Err(format!("only {compared} series")) }
}
