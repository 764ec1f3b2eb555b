//! Scrapes in the middle of traffic: counts are conserved and never fall, and nothing is lost in the end.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use auth_metrics::{AuthMetrics, Outcome, Reason};

use crate::fixture::handle;
use crate::laws::{assert_conserved, by_operation};
use auth_metrics_tests_scrape::{Sample, Scrape};

const SCRAPES: usize = 300;

/// Lets many threads record at the same time, each into counters of its own: a scrape then has much to add up, and what
/// happens meanwhile is many times more likely to be seen.
fn spread(metrics: &AuthMetrics) -> u64 {
    const THREADS: usize = 64;
    let together = Barrier::new(THREADS);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                metrics.attempt("login").finish(Outcome::Success);
                together.wait();
            });
        }
    });
    THREADS as u64
}

/// Attempts of every ending until it is told to stop; how many there were.
fn attempts(metrics: &AuthMetrics, stop: &AtomicBool) -> u64 {
    let mut count = 0;
    while !stop.load(Ordering::Relaxed) {
        metrics.attempt("login").finish(Outcome::Success);
        metrics.attempt("login").finish(Outcome::Failure(Reason::InvalidCredentials));
        drop(metrics.attempt("login"));
        count += 3;
    }
    count
}

/// Stops the traffic whatever happens: a failed assertion must not leave it running.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Scrapes again and again while two threads record, and gives what was recorded.
fn under_load(metrics: &AuthMetrics, mut look: impl FnMut(Scrape)) -> u64 {
    let stop = AtomicBool::new(false);
    let before = spread(metrics);
    thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(|| attempts(metrics, &stop)));
        {
            let _stop = Stop(&stop);
            (0..SCRAPES).for_each(|_| look(Scrape::of(metrics)));
        }
        before + threads.map(|thread| thread.join().unwrap()).iter().sum::<u64>()
    })
}

#[test]
fn what_started_has_ended_or_is_in_flight_at_every_scrape_and_never_less_than_nothing() {
    under_load(&handle(), |scrape| assert_conserved(&scrape));
}

#[test]
fn no_counter_falls_from_scrape_to_scrape() {
    let counters = |scrape: &Scrape| -> Vec<Sample> {
        let families = scrape.families.iter().filter(|family| family.kind != "gauge");
        families.flat_map(|family| family.samples.clone()).collect()
    };
    let metrics = handle();
    metrics.attempt("login").finish(Outcome::Failure(Reason::InvalidCredentials));
    let mut before = counters(&Scrape::of(&metrics));
    under_load(&metrics, |scrape| {
        let now = counters(&scrape);
        assert_eq!(now.len(), before.len());
        for (before, now) in before.iter().zip(&now) {
            assert_eq!((&before.name, &before.labels), (&now.name, &now.labels));
            assert!(before.value <= now.value, "{before:?} fell to {}", now.value);
        }
        before = now;
    });
}

#[test]
fn nothing_is_lost_and_everything_timed_when_the_traffic_ends() {
    let metrics = handle();
    let recorded = under_load(&metrics, drop);
    let scrape = Scrape::of(&metrics);
    let started = by_operation(&scrape, "auth_operations_started_total");
    let login = ("gateway".to_owned(), "login".to_owned());
    assert_eq!(started.get(&login).map(ToString::to_string), Some(recorded.to_string()));
    assert_eq!(by_operation(&scrape, "auth_operations_total"), started);
    assert_eq!(by_operation(&scrape, "service_auth_latency_seconds_count"), started);
}
