//! Key rings and fetches of key sets.

use std::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::KeyState::{Current, Previous, Retired, Unknown};
use auth_metrics_credentials::keys::{KeyFetches, KeyRing};

fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

/// Fetches by result: success, error, cancelled.
fn fetches(metrics: &AuthMetrics) -> [f64; 3] {
    let snapshot = metrics.snapshot();
    ["success", "error", "cancelled"]
        .map(|result| snapshot.value("auth_key_fetches_total", &[("result", result)]).unwrap())
}

#[tokio::test]
async fn fetches_are_counted_by_their_end_and_exported_before_the_first() {
    let metrics = handle();
    let of = KeyFetches::new(&metrics);
    assert_eq!(fetches(&metrics), [0.0; 3]);
    let last = || metrics.snapshot().value("auth_key_last_success_timestamp_seconds", &[]);
    assert!(of.fetch(async { Err::<(), _>(io::Error::other("away")) }).await.is_err());
    assert_eq!((fetches(&metrics), last()), ([0.0, 1.0, 0.0], None));
    assert_eq!(of.fetch(async { Ok::<_, io::Error>(7) }).await.unwrap(), 7);
    assert_eq!(fetches(&metrics), [1.0, 1.0, 0.0]);
    assert!(last() > Some(1.7e9));
}

#[tokio::test]
async fn a_clock_that_panics_or_is_before_1970_costs_no_count() {
    let metrics = handle();
    let fetched = || async { Ok::<_, io::Error>(7) };
    let last = || metrics.snapshot().value("auth_key_last_success_timestamp_seconds", &[]);
    KeyFetches::new(&metrics).with_time_of_day(|| panic!("no time")).fetch(fetched()).await.unwrap();
    assert!(last() > Some(1.7e9), "the system's");
    let before = || SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    KeyFetches::new(&metrics).with_time_of_day(before).fetch(fetched()).await.unwrap();
    assert_eq!((last(), fetches(&metrics)), (Some(0.0), [2.0, 0.0, 0.0]));
}

#[test]
fn fetch_that_is_dropped_is_cancelled_and_one_that_panics_an_error() {
    let metrics = handle();
    let of = KeyFetches::new(&metrics);
    {
        let fetch = pin!(of.fetch(pending::<Result<(), io::Error>>()));
        assert!(fetch.poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    assert_eq!(fetches(&metrics), [0.0, 0.0, 1.0]);
    let panics = || {
        let fetch =
            pin!(of.fetch(async { if true { panic!("on purpose") } else { Ok::<(), io::Error>(()) } }));
        fetch.poll(&mut Context::from_waker(Waker::noop())).is_ready()
    };
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_eq!(fetches(&metrics), [0.0, 1.0, 1.0]);
}

#[test]
fn fetch_that_is_dropped_while_something_else_unwinds_is_cancelled() {
    let metrics = handle();
    let of = KeyFetches::new(&metrics);
    let dropped = || {
        let mut fetch = Box::pin(of.fetch(pending::<Result<(), io::Error>>()));
        assert!(fetch.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        panic!("on purpose");
    };
    assert!(catch_unwind(AssertUnwindSafe(dropped)).is_err());
    assert_eq!(fetches(&metrics), [0.0, 0.0, 1.0]);
}

#[test]
fn fetch_that_panics_while_something_else_unwinds_is_an_error() {
    struct Fetches(KeyFetches);
    impl Drop for Fetches {
        fn drop(&mut self) {
            let panics = async { if true { panic!("within") } else { Ok::<(), io::Error>(()) } };
            let mut fetch = Box::pin(self.0.fetch(panics));
            let poll = || fetch.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
            assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
        }
    }
    let metrics = handle();
    let unwinds = || {
        let _fetches = Fetches(KeyFetches::new(&metrics));
        panic!("on purpose");
    };
    assert!(catch_unwind(AssertUnwindSafe(unwinds)).is_err());
    assert_eq!(fetches(&metrics), [0.0, 1.0, 0.0]);
}

#[test]
fn ring_tells_current_previous_retired_and_unknown_keys_apart() {
    let ring = KeyRing::new("a".to_owned());
    let states = |ring: &KeyRing<String>| ["a", "b", "c", "d"].map(|id| ring.state(id));
    assert_eq!(states(&ring), [Current, Unknown, Unknown, Unknown]);
    ring.rotate("b".to_owned());
    ring.rotate("c".to_owned());
    ring.rotate("c".to_owned());
    assert_eq!(states(&ring), [Previous, Previous, Current, Unknown]);
    assert!(ring.retire_oldest());
    assert_eq!(states(&ring), [Retired, Previous, Current, Unknown]);
    ring.rotate("a".to_owned());
    assert_eq!(states(&ring), [Current, Previous, Previous, Unknown]);
    assert!(ring.retire_oldest() && ring.retire_oldest());
    assert!(!ring.retire_oldest(), "the current key is never retired");
    assert!(!format!("{ring:?}").contains("\"a\""), "ids are not shown");
}

#[test]
fn ring_retires_the_key_that_is_named() {
    let ring = KeyRing::new("a".to_owned());
    ring.rotate("b".to_owned());
    ring.rotate("c".to_owned());
    assert_eq!(ring.current(), "c");
    assert!(ring.retire("b"));
    assert_eq!(["a", "b", "c"].map(|id| ring.state(id)), [Previous, Retired, Current]);
    let refused = ["b", "c", "d"].map(|id| ring.retire(id));
    assert_eq!(refused, [false; 3], "retired already, current, unknown");
    assert_eq!(["a", "b", "c"].map(|id| ring.state(id)), [Previous, Retired, Current]);
}

#[test]
fn retired_keys_are_unknown_beyond_the_bound() {
    let retired_of_40 = |ring: KeyRing<u32>| {
        for next in 1..=40 {
            ring.rotate(next);
            assert!(ring.retire(&(next - 1)));
        }
        (0..40).map(|id| ring.state(&id)).filter(|state| *state == Retired).count()
    };
    assert_eq!(KeyRing::new(0).remembered(), 32);
    for (ring, remembered) in
        [(KeyRing::new(0), 32), (KeyRing::new(0).remember(0), 0), (KeyRing::new(0).remember(39), 39)]
    {
        assert_eq!(retired_of_40(ring), remembered);
    }
    let ring = KeyRing::new(0);
    for next in 1..=40 {
        ring.rotate(next);
        ring.retire_oldest();
    }
    assert_eq!([0, 7, 8, 39].map(|id| ring.state(&id)), [Unknown, Unknown, Retired, Retired]);
    let ring = ring.remember(1);
    assert_eq!([8, 38, 39, 40].map(|id| ring.state(&id)), [Unknown, Unknown, Retired, Current]);
}

#[test]
fn accepted_keys_are_never_forgotten() {
    let ring = KeyRing::new(0).remember(0);
    (1..=100).for_each(|next| ring.rotate(next));
    assert!((0..100).all(|id| ring.state(&id) == Previous));
}
