//! When a rotation comes.

use std::io;
use std::time::{Duration, SystemTime};

use auth_metrics_credentials::rotation::{Rotated, Rotator};
use tokio::time::sleep;

use crate::fixture::{Calls, DAY, HOUR, MINUTE, SECOND, key, metrics, tries};

/// A little more than no time: waits are rounded up to a millisecond.
const MOMENT: Duration = Duration::from_millis(50);

fn assert_near(gap: Duration, expected: Duration) {
    assert!(gap + MOMENT >= expected && gap <= expected + MOMENT, "{gap:?} and not {expected:?}");
}

#[tokio::test(start_paused = true)]
async fn the_earlier_of_interval_and_end_decides() {
    for (interval, life, expected) in [
        (Some(7 * DAY), None, 7 * DAY),
        (Some(7 * DAY), Some(30 * DAY), 7 * DAY),
        (Some(29 * DAY), Some(30 * DAY), 28 * DAY),
        (None, Some(30 * DAY), 28 * DAY),
    ] {
        let (metrics, calls, start) = (metrics(), Calls::default(), SystemTime::now());
        let rotator = calls.succeeding(key(&metrics, interval, life)).before_expiry(2 * DAY);
        let start_here = tokio::time::Instant::now();
        let handle = rotator.spawn().unwrap();
        while calls.count() == 0 {
            sleep(HOUR).await;
        }
        assert!(start_here.elapsed() < 31 * DAY);
        assert_near(calls.gaps(start)[0], expected);
        handle.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_word_two_fifths_of_the_life_are_left() {
    let (metrics, calls, start) = (metrics(), Calls::default(), SystemTime::now());
    let handle = calls.succeeding(key(&metrics, None, Some(10 * DAY))).spawn().unwrap();
    sleep(7 * DAY).await;
    assert_near(calls.gaps(start)[0], 6 * DAY);
    drop(handle);
}

#[tokio::test(start_paused = true)]
async fn jitter_pulls_forward_within_its_bounds() {
    let (metrics, calls, start) = (metrics(), Calls::default(), SystemTime::now());
    let handle = calls.succeeding(key(&metrics, Some(10 * DAY), None)).jitter(0.2).spawn().unwrap();
    sleep(400 * DAY).await;
    handle.shutdown().await;
    let gaps = calls.gaps(start);
    assert!((40..=50).contains(&gaps.len()), "{} rotations", gaps.len());
    assert!(gaps.iter().all(|gap| (8 * DAY..=10 * DAY + MOMENT).contains(&(*gap + MOMENT / 2))), "{gaps:?}");
    assert!(gaps.iter().any(|gap| *gap < 9 * DAY) && gaps.iter().any(|gap| *gap > 9 * DAY), "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn a_successor_that_is_due_at_once_makes_no_hot_loop() {
    let metrics = metrics();
    let rotator = Rotator::new(key(&metrics, None, Some(DAY)), |context| async move {
        Ok::<_, io::Error>(Rotated::until(context.now() + SECOND))
    });
    let rotator = rotator.before_expiry(2 * DAY).backoff(MINUTE, HOUR);
    let handle = rotator.spawn().unwrap();
    sleep(DAY).await;
    handle.shutdown().await;
    let [success, others @ ..] = tries(&metrics);
    // An hour is the limit of the wait, a tenth of a minute the least.
    assert!((24.0..200.0).contains(&success), "{success}");
    assert_eq!(others, [0.0; 4]);
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_was_rotated_before_the_start_is_due_sooner() {
    let (metrics, calls, start) = (metrics(), Calls::default(), SystemTime::now());
    let tracker = auth_metrics_credentials::CredentialTracker::new(&metrics);
    let key = auth_metrics_credentials::Credential::new(
        auth_metrics_credentials::CredentialKind::SigningKey,
        "jwt",
    );
    let key =
        tracker.declare(key.with_rotation_interval(7 * DAY).with_last_rotated(start - 5 * DAY)).unwrap();
    key.activate().unwrap();
    let handle = calls.succeeding(key).spawn().unwrap();
    sleep(3 * DAY).await;
    handle.shutdown().await;
    assert_eq!(calls.count(), 1);
    assert_near(calls.gaps(start)[0], 2 * DAY);
    assert_eq!(calls.all()[0].last_rotated(), Some(start - 5 * DAY));
}
