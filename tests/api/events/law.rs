//! Law 4: at rest each attempt that ended is one event, captured, skipped or dropped; in traffic there are never more events.

use std::sync::atomic::{AtomicBool, Ordering};

use auth_metrics::{AuthMetrics, Outcome, Reason};
use proptest::prelude::*;

use super::*;

const OPS: [&str; 3] = ["login", "refresh", "probe"];

fn ended(metrics: &AuthMetrics) -> u64 {
    metrics.snapshot().value("auth_operations_total", &[]).unwrap_or_default() as u64
}

fn outcome(seed: u8) -> Outcome {
    match seed % 4 {
        0 => Outcome::Failure(Reason::InvalidCredentials),
        1 => Outcome::Failure(Reason::Timeout),
        _ => Outcome::Success,
    }
}

/// Some attempts: some are finished, others dropped.
fn record(metrics: &AuthMetrics, attempts: &[(usize, u8)]) {
    for (op, seed) in attempts {
        let attempt = metrics.attempt(OPS[op % OPS.len()]).subject(seed);
        if seed % 5 != 0 {
            attempt.finish(outcome(*seed));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn at_rest_every_attempt_is_one_event(
        threads in prop::collection::vec(prop::collection::vec((0_usize..3, any::<u8>()), 0..200), 1..5),
        capacity in prop_oneof![Just(1_usize), 2_usize..50, Just(4096)],
        has_thread: bool,
    ) {
        let kept = Kept::default();
        let picky = Choosing { name: "picky", kept: kept.clone(), wants: |operation| operation.operation() != "probe" };
        let builder = builder().observe(picky).event_capacity(capacity);
        let metrics = if has_thread { builder } else { builder.poll_events() }.build().unwrap();
        std::thread::scope(|scope| {
            for attempts in &threads {
                scope.spawn(|| record(&metrics, attempts));
            }
        });
        flush(&metrics);

        let all = threads.concat();
        let probes = all.iter().filter(|(op, _)| op % OPS.len() == 2).count() as u64;
        let [captured, skipped, dropped] = ["captured", "skipped", "dropped"].map(|decision| attempts(&metrics, decision));
        prop_assert_eq!(captured + skipped + dropped, ended(&metrics));
        prop_assert_eq!((captured + skipped + dropped, skipped), (all.len() as u64, probes));
        prop_assert_eq!(captured, kept.events().len() as u64);
        prop_assert!(dropped == 0 || capacity < 4096);
    }
}

#[test]
fn in_traffic_there_are_never_more_events_than_attempts_that_ended() {
    let metrics = builder().observe(Kept::default()).event_capacity(64).build().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    record(&metrics, &[(0, 1), (1, 2), (2, 5)]);
                }
            });
        }
        for _ in 0..2_000 {
            let snapshot = metrics.snapshot();
            let events = snapshot.value("auth_events_total", &[]).unwrap();
            let ended = snapshot.value("auth_operations_total", &[]).unwrap_or_default();
            assert!(events <= ended, "{events} events of {ended} attempts");
        }
        done.store(true, Ordering::Relaxed);
    });
    flush(&metrics);
    assert_eq!(
        metrics.snapshot().value("auth_events_total", &[]),
        metrics.snapshot().value("auth_operations_total", &[])
    );
}

#[test]
fn the_families_start_at_zero_and_only_with_an_observer() {
    let text = builder().observe(Kept::default()).build().unwrap().encode_text();
    for decision in ["captured", "skipped", "dropped"] {
        for kind in ["attempt", "credential", "decision"] {
            let line = format!("auth_events_total{{event_kind=\"{kind}\",decision=\"{decision}\"}} 0\n");
            assert!(text.contains(&line), "{line}");
        }
    }
    assert!(text.contains("auth_event_observer_panics_total{observer=\"kept\"} 0\n"));
    assert!(!builder().build().unwrap().encode_text().contains("auth_event"));
}

#[test]
fn records_by_hand_without_an_attempt_make_no_event() {
    let (metrics, kept) = polled();
    metrics.record_failed_auth("gateway", Reason::InvalidCredentials);
    metrics.record_successful_token_verification("gateway");
    assert_eq!((metrics.events().poll(), kept.events().len(), attempts(&metrics, "captured")), (0, 0, 0));
}
