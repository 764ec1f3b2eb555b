//! Threads record while others read.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use auth_metrics::Outcome;
use auth_metrics::prometheus::{Registry, TextEncoder};
use auth_metrics_tests_satellite::{Ending, StepUp, to_csv};
use auth_metrics_tests_scrape::Scrape;

use crate::builder;
use crate::read_csv::{Read, read_csv, read_text};

/// Counters of a reading: they never fall.
fn rising(read: Read) -> Read {
    let rises = |name: &str| ["_total", "_bucket", "_count"].iter().any(|ending| name.ends_with(ending));
    read.into_iter().filter(|((name, _), _)| rises(name)).collect()
}

#[track_caller]
fn assert_risen(before: &Read, now: &Read) {
    for (series, value) in before {
        assert!(now.get(series).is_some_and(|now| now >= value), "{series:?} fell from {value}");
    }
}

#[test]
fn nothing_falls_and_nothing_is_lost_while_every_format_is_read() {
    const READINGS: usize = 60;
    let metrics = builder().build().unwrap();
    let step_up = StepUp::of(&metrics).unwrap();
    let registry = Registry::new();
    metrics.register(&registry).unwrap();
    let stop = AtomicBool::new(false);
    let record = |service: &'static str| {
        let mut count = 0_u64;
        while !stop.load(Ordering::Relaxed) || count == 0 {
            for (channel, ending) in
                [("sms", Ending::Success), ("push", Ending::Rejected), ("Not A Name", Ending::Interim)]
            {
                step_up.record(&metrics, (service, channel), ending, Duration::from_millis(1_500));
            }
            metrics.attempt_for(service, "login").finish(Outcome::Success);
            count += 3;
        }
        count
    };
    let recorded: BTreeMap<&str, u64> = thread::scope(|scope| {
        let threads = ["gateway", "orders"].map(|service| (service, scope.spawn(move || record(service))));
        let readers: [Box<dyn Fn() -> Read + Send>; 3] = [
            Box::new(|| read_text(&Scrape::of(&metrics))),
            Box::new(|| read_csv(&to_csv(&metrics.snapshot()))),
            Box::new(|| {
                let text = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
                read_text(&Scrape::read(&text))
            }),
        ];
        let readers = readers.map(|reader| {
            scope.spawn(move || {
                let mut before = Read::new();
                for _ in 0..READINGS {
                    let now = rising(reader());
                    assert_risen(&before, &now);
                    before = now;
                }
            })
        });
        let read = readers.map(thread::ScopedJoinHandle::join);
        stop.store(true, Ordering::Relaxed);
        assert!(read.into_iter().all(|read| read.is_ok()));
        threads.into_iter().map(|(service, thread)| (service, thread.join().unwrap())).collect()
    });

    let scrape = Scrape::of(&metrics);
    let gathered = Scrape::read(&TextEncoder::new().encode_to_string(&registry.gather()).unwrap());
    assert_eq!(read_text(&gathered), read_text(&scrape));
    assert_eq!(read_csv(&to_csv(&metrics.snapshot())), read_text(&scrape));
    for (service, count) in recorded {
        let labels = [("service_id", service)];
        assert_eq!(scrape.sum("acme_step_up_challenges_total", &labels), Some(count as f64), "{service}");
        assert_eq!(scrape.sum("acme_step_up_answer_seconds_count", &labels), Some(count as f64), "{service}");
        assert_eq!(scrape.sum("acme_step_up_answer_seconds_sum", &labels), Some(count as f64 * 1.5));
        let other = [("service_id", service), ("channel", "other")];
        assert_eq!(scrape.sum("acme_step_up_challenges_total", &other), Some(count as f64 / 3.0));
    }
}
