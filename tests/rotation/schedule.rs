//! When a rotation comes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics::credentials::{CredentialState, CredentialTracker};
use auth_metrics::rotation::Rotator;
use tokio::time::{Instant, sleep};

use crate::{DAY, HOUR, Replica, Work, succeeds};

#[tokio::test(start_paused = true)]
async fn interval_decides_where_it_ends_first() {
    let replica = Replica::new(|key, now| key.rotation_interval(DAY).not_after(now + 90 * DAY));
    let rotation = replica.rotator(succeeds).spawn();
    sleep(DAY - Duration::from_secs(1)).await;
    assert_eq!(replica.calls(), 0);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(replica.calls(), 1);
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn end_decides_with_the_lead_before_it() {
    let replica = Replica::new(|key, now| key.rotation_interval(90 * DAY).not_after(now + 9 * DAY));
    let rotation = replica.rotator(succeeds).lead(2 * DAY).spawn();
    sleep(7 * DAY - HOUR).await;
    assert_eq!(replica.calls(), 0);
    sleep(2 * HOUR).await;
    assert_eq!(replica.calls(), 1);
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn lead_is_a_third_of_the_life_if_none_is_given() {
    let replica = Replica::new(|key, now| key.not_after(now + 9 * DAY));
    let rotation = replica.rotator(succeeds).spawn();
    sleep(6 * DAY - HOUR).await;
    assert_eq!(replica.calls(), 0);
    sleep(2 * HOUR).await;
    assert_eq!(replica.calls(), 1);
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_due_of_a_credential_without_an_end_or_an_interval() {
    let replica = Replica::new(|key, _| key);
    let rotation = replica.rotator(succeeds).spawn();
    sleep(400 * DAY).await;
    assert_eq!(replica.calls(), 0);
    assert_eq!(replica.tries(), [0.0; 5], "they are exported at zero all the same");
    rotation.rotate_now();
    sleep(HOUR).await;
    assert_eq!(replica.calls(), 1);
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn chance_brings_it_forward_and_never_back() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let mut rotations = Vec::new();
    let start = Instant::now();
    for _ in 0..50 {
        let replica = Replica::new(|key, _| key.rotation_interval(100 * DAY));
        let times = Arc::clone(&times);
        let rotate = move || {
            times.lock().unwrap().push(start.elapsed());
            async { Ok::<_, std::fmt::Error>(None) }
        };
        rotations.push(Rotator::new(replica.key.clone(), rotate).jitter(0.2).spawn());
    }
    sleep(101 * DAY).await;
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), 50);
    let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(*first >= 80 * DAY && *last <= 100 * DAY + Duration::from_secs(1), "{first:?} {last:?}");
    assert!(*last - *first > 5 * DAY, "they do not all come at once: {first:?} {last:?}");
}

#[tokio::test(start_paused = true)]
async fn clock_that_is_set_forward_is_noticed_within_an_hour() {
    let ahead = Arc::new(Mutex::new(Duration::ZERO));
    let (shift, origin) = (Arc::clone(&ahead), Instant::now());
    let replica = Replica::new(|key, _| key);
    let clock = move || crate::clock(origin)() + *shift.lock().unwrap();
    let tracker = CredentialTracker::for_service(&replica.metrics, "orders").with_clock(clock);
    let key = auth_metrics::credentials::Credential::new(replica.key.kind(), "refresh_tokens");
    let key = tracker.declare(key.rotation_interval(30 * DAY)).unwrap();
    let replica = Replica { key, ..replica };
    let rotation = replica.rotator(succeeds).spawn();
    sleep(DAY).await;
    *ahead.lock().unwrap() = 30 * DAY;
    sleep(HOUR + Duration::from_secs(1)).await;
    assert_eq!(replica.calls(), 1);
    *ahead.lock().unwrap() = Duration::ZERO;
    sleep(DAY).await;
    assert_eq!(replica.calls(), 1, "a clock that was set back makes no second rotation");
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn successor_that_is_due_at_once_makes_no_hot_loop() {
    let replica = Replica::new(|key, now| key.not_after(now + HOUR));
    let calls = Arc::clone(&replica.calls);
    let key = replica.key.clone();
    let rotate = move || {
        calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let end = key.not_after();
        async move { Ok::<_, std::fmt::Error>(end.map(|end| end + Duration::from_secs(1))) }
    };
    let rotation = Rotator::new(replica.key.clone(), rotate).lead(10 * DAY).jitter(0.0);
    let rotation = rotation.backoff(Duration::from_secs(60), HOUR).spawn();
    sleep(HOUR / 2).await;
    assert!(replica.calls() <= 31, "{} rotations in half an hour", replica.calls());
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_was_rotated_away_is_retired_after_the_overlap() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let retired = Arc::new(Mutex::new(Vec::new()));
    let (start, told) = (Instant::now(), Arc::clone(&retired));
    let rotator = replica.rotator(succeeds).overlap(36 * HOUR, move || {
        told.lock().unwrap().push(start.elapsed().as_secs() / 3_600);
        async {}
    });
    let rotation = rotator.spawn();
    sleep(4 * DAY + HOUR).await;
    assert_eq!(*retired.lock().unwrap(), [60, 84], "each a day and a half after its rotation");
    assert_eq!((replica.events("rotated"), replica.events("retired")), (4.0, 2.0));
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn rotator_of_a_revoked_credential_ends() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let running = tokio::spawn(replica.rotator(succeeds).run(std::future::pending()));
    sleep(HOUR).await;
    assert_eq!(replica.key.state(), CredentialState::Active, "a rotator activates what was only created");
    replica.key.revoke().unwrap();
    sleep(2 * HOUR).await;
    assert!(running.is_finished());
    assert_eq!(replica.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn two_rotators_of_one_credential_never_try_at_once() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let work = |_| Work::Take(Duration::from_secs(30));
    let rotations = [replica.rotator(work).spawn(), replica.rotator(work).spawn()];
    sleep(DAY + Duration::from_secs(20)).await;
    assert_eq!(replica.calls(), 1);
    sleep(HOUR).await;
    assert_eq!(replica.tries(), [1.0, 0.0, 0.0, 0.0, 0.0], "the second finds it rotated");
    for rotation in rotations {
        rotation.shutdown().await;
    }
}
