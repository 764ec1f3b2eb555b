//! Clocks that are set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use auth_metrics::credentials::{Credential, CredentialTracker};
use auth_metrics::{AuthMetrics, CredentialKind};
use tokio::time::{Instant, sleep};

use crate::fixture::{Calls, DAY, HOUR, MINUTE, SECOND, metrics};

/// Tokio's time since 1970-01-11, and what it is set ahead by.
fn tracker(metrics: &AuthMetrics, ahead: &Arc<AtomicI64>) -> CredentialTracker {
    let (origin, ahead) = (Instant::now(), Arc::clone(ahead));
    CredentialTracker::new(metrics).with_clock(move || {
        let seconds = 864_000 + ahead.load(Ordering::Relaxed);
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap()) + origin.elapsed()
    })
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_ahead_is_noticed_within_a_minute() {
    let (metrics, calls, ahead) = (metrics(), Calls::default(), Arc::default());
    let key = Credential::new(CredentialKind::SigningKey, "jwt").rotation_interval(30 * DAY);
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
async fn a_clock_that_is_set_back_delays_and_repeats_nothing() {
    let (metrics, calls, ahead) = (metrics(), Calls::default(), Arc::default());
    let key = Credential::new(CredentialKind::SigningKey, "jwt").rotation_interval(2 * DAY);
    let key = tracker(&metrics, &ahead).declare(key).unwrap();
    key.activate().unwrap();
    let handle = calls.succeeding(key).spawn().unwrap();
    sleep(DAY).await;
    ahead.store(-86_400, Ordering::Relaxed);
    sleep(47 * HOUR).await;
    assert_eq!(calls.count(), 0, "by the clock of the day one day has passed");
    sleep(2 * HOUR).await;
    assert_eq!(calls.count(), 1);
    ahead.store(-9 * 86_400, Ordering::Relaxed);
    sleep(HOUR).await;
    assert_eq!(calls.count(), 1);
    handle.shutdown().await;
}
