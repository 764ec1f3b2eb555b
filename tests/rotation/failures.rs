//! Rotations that fail, panic, hang or are shut down.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics::rotation::Rotator;
use tokio::time::{Instant, sleep};

use crate::{DAY, HOUR, Replica, Work, succeeds};

/// Every fifth call fails, the seventh panics and the eleventh hangs.
fn injected(call: u64) -> Work {
    match call {
        7 => Work::Panic,
        11 => Work::Hang,
        call if call % 5 == 0 => Work::Fail,
        _ => Work::Succeed,
    }
}

#[tokio::test(start_paused = true)]
async fn thirty_days_with_failures_are_counted_to_the_unit() {
    let replica = Replica::new(|key, now| key.rotation_interval(DAY).not_after(now + 3 * DAY));
    let rotation = replica.rotator(injected).spawn();
    sleep(30 * DAY + HOUR).await;
    // The calls that it takes to succeed thirty times.
    let (mut calls, mut successes) = (0, 0);
    while successes < 30 {
        calls += 1;
        successes += u64::from(injected(calls) == Work::Succeed);
    }
    let of = |work| (1..=calls).filter(|call| injected(*call) == work).count() as f64;
    assert_eq!(replica.calls(), calls);
    assert_eq!(replica.tries(), [30.0, of(Work::Fail), 1.0, 1.0, 0.0]);
    assert_eq!(replica.events("rotated"), 30.0);
    assert_eq!(replica.events("rotation_failed"), of(Work::Fail) + 2.0);
    assert_eq!(replica.events("expired"), 0.0);
    let count = "auth_credential_rotation_duration_seconds_count";
    assert_eq!(replica.metrics.snapshot().value(count, &[]), Some(calls as f64));
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn wait_after_failures_doubles_up_to_the_cap() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let times = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&times);
    let rotate = move || {
        told.lock().unwrap().push(Instant::now());
        async { Err(std::fmt::Error) }
    };
    let rotator = Rotator::new(replica.key.clone(), rotate).jitter(0.0);
    let rotation = rotator.backoff(Duration::from_secs(2), Duration::from_secs(60)).spawn();
    sleep(DAY + HOUR).await;
    let times = times.lock().unwrap().clone();
    let waits: Vec<f64> = times.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect();
    for (wait, most) in
        waits.iter().zip([2.0, 4.0, 8.0, 16.0, 32.0].into_iter().chain(std::iter::repeat(60.0)))
    {
        // Tokio's timers go by whole milliseconds.
        assert!((most / 2.0..=most + 0.01).contains(wait), "{waits:?}");
    }
    assert!(waits.len() > 55, "{waits:?}");
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn function_that_panics_before_it_gives_a_future_is_survived() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let mut first = true;
    let rotate = move || {
        assert!(!std::mem::take(&mut first), "on purpose");
        async { Ok::<_, std::fmt::Error>(None) }
    };
    let rotation = Rotator::new(replica.key.clone(), rotate).jitter(0.0).spawn();
    sleep(DAY + HOUR).await;
    assert_eq!(replica.tries(), [1.0, 0.0, 1.0, 0.0, 0.0]);
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn successor_that_has_expired_already_is_an_error() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let past = replica.key.clone();
    let rotate = move || {
        let past = past.last_rotated().unwrap_or(std::time::SystemTime::UNIX_EPOCH);
        async move { Ok::<_, std::fmt::Error>(Some(past)) }
    };
    let rotation = Rotator::new(replica.key.clone(), rotate).jitter(0.0).backoff(HOUR, HOUR).spawn();
    sleep(DAY + Duration::from_secs(60)).await;
    assert_eq!(replica.tries(), [0.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(replica.events("rotated"), 0.0);
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn hanging_rotation_is_aborted_at_its_timeout() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let rotation =
        replica.rotator(|_| Work::Hang).timeout(Duration::from_secs(5)).backoff(HOUR, HOUR).spawn();
    sleep(DAY + Duration::from_secs(4)).await;
    assert_eq!(replica.tries(), [0.0; 5]);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(replica.tries(), [0.0, 0.0, 0.0, 1.0, 0.0]);
    let sum = replica.metrics.snapshot().value("auth_credential_rotation_duration_seconds_sum", &[]).unwrap();
    assert!((5.0..5.1).contains(&sum), "{sum}");
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn shutdown_in_the_middle_of_a_try_counts_it_as_cancelled() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let rotation = replica.rotator(|_| Work::Hang).spawn();
    sleep(DAY + Duration::from_secs(10)).await;
    rotation.shutdown().await;
    assert_eq!(replica.tries(), [0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(replica.events("rotation_failed"), 0.0, "a shutdown is no failure");
}

#[tokio::test(start_paused = true)]
async fn shutdown_between_tries_is_immediate() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let rotation = replica.rotator(succeeds).spawn();
    sleep(HOUR).await;
    let asked = Instant::now();
    rotation.shutdown().await;
    assert_eq!(asked.elapsed(), Duration::ZERO);
    assert_eq!(replica.tries(), [0.0; 5]);
}

#[tokio::test(start_paused = true)]
async fn handle_that_drops_ends_its_rotator() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    drop(replica.rotator(succeeds).spawn());
    sleep(3 * DAY).await;
    assert_eq!(replica.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn rotation_that_was_asked_for_is_tried_until_it_succeeds() {
    let replica = Replica::new(|key, _| key);
    let twice = |call| if call < 3 { Work::Fail } else { Work::Succeed };
    let rotation = replica.rotator(twice).spawn();
    sleep(HOUR).await;
    rotation.rotate_now();
    sleep(HOUR).await;
    assert_eq!(replica.tries(), [1.0, 2.0, 0.0, 0.0, 0.0]);
    rotation.shutdown().await;
}
