//! Clocks that are set.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::rotation::{Rotated, Rotator};
use auth_metrics_credentials::{Credential, CredentialTracker};
use tokio::time::{Instant, sleep};

use crate::fixture::{Calls, DAY, HOUR, MINUTE, SECOND, faults, metrics};

/// Tokio's time since 1970-01-11, and what it is set ahead by.
fn tracker(metrics: &AuthMetrics, ahead: &Arc<AtomicI64>) -> CredentialTracker {
    let (origin, ahead) = (Instant::now(), Arc::clone(ahead));
    CredentialTracker::new(metrics).with_time_of_day(move || {
        let seconds = 864_000 + ahead.load(Ordering::Relaxed);
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap()) + origin.elapsed()
    })
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_ahead_is_noticed_within_a_minute() {
    let (metrics, calls, ahead) = (metrics(), Calls::default(), Arc::default());
    let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(30 * DAY);
    let key = tracker(&metrics, &ahead).declare(key).unwrap();
    key.activate().unwrap();
    let handle = calls.succeeding(key.clone()).spawn().unwrap();
    sleep(DAY).await;
    ahead.store(29 * 86_400, Ordering::Relaxed);
    sleep(MINUTE + SECOND).await;
    assert_eq!(calls.count(), 1);
    let by_that_clock = SystemTime::UNIX_EPOCH + 40 * DAY;
    assert!((by_that_clock..by_that_clock + 2 * MINUTE).contains(&key.last_rotated().unwrap()));
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn clock_set_back_neither_delays_nor_repeats() {
    let (metrics, calls, ahead) = (metrics(), Calls::default(), Arc::default());
    let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(2 * DAY);
    let key = tracker(&metrics, &ahead).declare(key).unwrap();
    key.activate().unwrap();
    let handle = calls.succeeding(key).spawn().unwrap();
    sleep(DAY).await;
    ahead.store(-86_400, Ordering::Relaxed);
    sleep(23 * HOUR).await;
    assert_eq!(calls.count(), 0);
    sleep(2 * HOUR).await;
    assert_eq!(calls.count(), 1, "by the clock of the day one day has passed, and in truth two");
    ahead.store(-9 * 86_400, Ordering::Relaxed);
    sleep(HOUR).await;
    assert_eq!(calls.count(), 1);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn month_ahead_for_an_hour_does_not_end_daily_rotations() {
    let (metrics, calls, ahead) = (metrics(), Calls::default(), Arc::default());
    let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(DAY);
    let key = tracker(&metrics, &ahead).declare(key).unwrap();
    key.activate().unwrap();
    let handle = calls.succeeding(key.clone()).spawn().unwrap();
    sleep(HOUR).await;
    ahead.store(30 * 86_400, Ordering::Relaxed);
    sleep(HOUR).await;
    ahead.store(0, Ordering::Relaxed);
    sleep(MINUTE + SECOND).await;
    assert_eq!(faults(&metrics, "clock_jumped"), 2.0);
    let before = calls.count();
    sleep(7 * DAY).await;
    assert_eq!((before, calls.count() - before), (1, 7));
    let day = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() / 86_400;
    assert_eq!(key.last_rotated().map(day), Some(17), "told as it was, and not as it was in the wrong month");
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn clock_set_back_ten_days_does_not_stop_daily_rotations() {
    let (metrics, calls, ahead) = (metrics(), Calls::default(), Arc::default());
    let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(DAY);
    let key = tracker(&metrics, &ahead).declare(key).unwrap();
    key.activate().unwrap();
    let handle = calls.succeeding(key).spawn().unwrap();
    sleep(HOUR).await;
    ahead.store(-8 * 86_400, Ordering::Relaxed);
    sleep(5 * DAY).await;
    assert_eq!(calls.count(), 5);
    assert_eq!(faults(&metrics, "clock_jumped"), 1.0);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn clock_that_goes_to_and_fro_hastens_one_rotation_in_an_interval() {
    let (metrics, calls, ahead) = (metrics(), Calls::default(), Arc::default());
    let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(10 * DAY);
    let key = tracker(&metrics, &ahead).declare(key).unwrap();
    key.activate().unwrap();
    let handle = calls.succeeding(key).spawn().unwrap();
    for _ in 0..500 {
        ahead.store(30 * 86_400, Ordering::Relaxed);
        sleep(10 * MINUTE).await;
        ahead.store(0, Ordering::Relaxed);
        sleep(10 * MINUTE).await;
    }
    assert_eq!(calls.count(), 1, "in seven days");
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn end_under_a_clock_that_is_wrong_makes_no_hot_loop() {
    let (metrics, calls, ahead) = (metrics(), Calls::default(), Arc::default());
    let tracker = tracker(&metrics, &ahead);
    let key = Credential::new(CredentialKind::SigningKey, "jwt");
    let start = SystemTime::UNIX_EPOCH + 10 * DAY;
    let key = tracker.declare(key.with_not_after(start + 10 * DAY)).unwrap();
    key.activate().unwrap();
    let (origin, recorded) = (Instant::now(), calls.clone());
    // The authority's clock is right.
    let rotator = Rotator::new(key.clone(), move |context| {
        recorded.note(&context);
        let end = start + origin.elapsed() + 10 * DAY;
        async move { Ok::<_, io::Error>(Rotated::until(end)) }
    });
    let handle = rotator.spawn().unwrap();
    sleep(HOUR).await;
    ahead.store(30 * 86_400, Ordering::Relaxed);
    sleep(6 * HOUR).await;
    assert!((1..40).contains(&calls.count()), "{} in six hours", calls.count());
    ahead.store(0, Ordering::Relaxed);
    sleep(DAY).await;
    let before = calls.count();
    sleep(20 * DAY).await;
    assert_eq!(calls.count() - before, 3, "every six days, as two fifths of ten are left then");
    handle.shutdown().await;
}
