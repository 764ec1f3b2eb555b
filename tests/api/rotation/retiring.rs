//! `retire` hooks that hang or fail: they hold up nothing else.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_metrics_credentials::RotationOutcome;
use auth_metrics_credentials::rotation::{Rotated, Rotator};
use tokio::time::{sleep, timeout};

use crate::fixture::{Calls, DAY, FIRST, HOUR, Ids, MINUTE, SECOND, event, faults, key, metrics, tries};

/// Counts the looks of a rotator.
fn looked(rotator: Rotator, looks: &Arc<AtomicUsize>) -> Rotator {
    let looks = Arc::clone(looks);
    rotator.refresh(move |_| {
        looks.fetch_add(1, Ordering::Relaxed);
        async { Ok::<_, io::Error>(None) }
    })
}

#[tokio::test(start_paused = true)]
async fn a_retire_that_hangs_stops_no_rotation_and_no_look() {
    let (metrics, calls, looks) = (metrics(), Calls::default(), Arc::default());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).id(FIRST).overlap(HOUR);
    let rotator = looked(rotator.backoff(SECOND, SECOND / 2 * 60), &looks);
    let handle = rotator.retire(|_| pending::<Result<(), io::Error>>()).spawn().unwrap();
    sleep(20 * DAY + 2 * HOUR).await;
    assert_eq!((calls.count(), event(&metrics, "retired")), (20, 0.0));
    let looks_before = looks.load(Ordering::Relaxed);
    sleep(HOUR).await;
    assert!(looks.load(Ordering::Relaxed) - looks_before >= 29, "each may wait for one call");
    assert!(faults(&metrics, "retire_failed") > 100.0);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_wish_waits_for_no_retire() {
    let (metrics, calls) = (metrics(), Calls::default());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).id(FIRST).overlap(MINUTE);
    let rotator = rotator.timeout(10 * MINUTE).retire(|_| pending::<Result<(), io::Error>>());
    let handle = rotator.spawn().unwrap();
    for _ in 0..3 {
        handle.rotate_now().await.unwrap();
    }
    sleep(2 * MINUTE).await;
    let answer = timeout(SECOND, handle.rotate_now()).await;
    assert_eq!(answer, Ok(Ok(RotationOutcome::Success)));
    assert_eq!(faults(&metrics, "retire_failed"), 0.0, "one that is interrupted did not fail");
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn one_key_that_cannot_be_retired_keeps_no_other() {
    let (metrics, calls, retired) = (metrics(), Calls::default(), Ids::default());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).id(FIRST).overlap(HOUR);
    let recorded = retired.clone();
    let rotator = rotator.retire(move |old| {
        let (recorded, id) = (recorded.clone(), old.id().to_owned());
        async move {
            if id == FIRST {
                pending::<()>().await;
            }
            recorded.note(id);
            Ok::<_, io::Error>(())
        }
    });
    let handle = rotator.backoff(SECOND, SECOND).spawn().unwrap();
    sleep(5 * DAY + 2 * HOUR).await;
    assert_eq!((calls.count(), retired.all().len(), event(&metrics, "retired")), (5, 4, 4.0));
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_retire_is_called_again() {
    let (metrics, calls, retired) = (metrics(), Calls::default(), Ids::default());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).id(FIRST).overlap(MINUTE);
    let recorded = retired.clone();
    let rotator = rotator.retire(move |old| {
        let (recorded, id) = (recorded.clone(), old.id().to_owned());
        async move {
            sleep(10 * SECOND).await;
            recorded.note(id);
            Ok::<_, io::Error>(())
        }
    });
    let handle = rotator.spawn().unwrap();
    handle.rotate_now().await.unwrap();
    sleep(MINUTE + 5 * SECOND).await;
    handle.rotate_now().await.unwrap();
    assert!(retired.all().is_empty());
    sleep(10 * SECOND + SECOND).await;
    assert_eq!(retired.all(), [FIRST]);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_lets_a_retire_end_within_the_grace() {
    let (metrics, retired) = (metrics(), Ids::default());
    let rotate = |_| async { Ok::<_, io::Error>(Rotated::without_end()) };
    let recorded = retired.clone();
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), rotate).id(FIRST).retire(move |old| {
        let (recorded, id) = (recorded.clone(), old.id().to_owned());
        async move {
            sleep(3 * SECOND).await;
            recorded.note(id);
            Ok::<_, io::Error>(())
        }
    });
    let handle = rotator.spawn().unwrap();
    handle.rotate_now().await.unwrap();
    sleep(SECOND).await;
    handle.shutdown().await;
    assert_eq!((retired.all(), tries(&metrics)), (vec![FIRST.to_owned()], [1.0, 0.0, 0.0, 0.0, 0.0]));
}
