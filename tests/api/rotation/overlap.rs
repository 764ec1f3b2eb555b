//! Old credentials beside their successor.

use std::io;
use std::sync::{Arc, Mutex};

use auth_metrics_credentials::rotation::RotationContext;
use tokio::time::sleep;

use crate::fixture::{Calls, DAY, FIRST, HOUR, Ids, MINUTE, SECOND, event, key, metrics};

#[tokio::test(start_paused = true)]
async fn an_old_key_is_retired_when_the_overlap_is_over() {
    let (metrics, calls) = (metrics(), Calls::default());
    let handle = calls.succeeding(key(&metrics, Some(DAY), None)).overlap(2 * HOUR).spawn().unwrap();
    sleep(DAY + HOUR + 59 * MINUTE).await;
    assert_eq!((event(&metrics, "rotated"), event(&metrics, "retired")), (1.0, 0.0));
    sleep(MINUTE + SECOND).await;
    assert_eq!((event(&metrics, "rotated"), event(&metrics, "retired")), (1.0, 1.0));
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn an_overlap_over_the_interval_keeps_several_and_loses_none() {
    let (metrics, calls) = (metrics(), Calls::default());
    let retired = Ids::default();
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).id(FIRST).overlap(3 * DAY);
    let handle = retired.retired_by(rotator).spawn().unwrap();
    sleep(10 * DAY + HOUR).await;
    let made = calls.all();
    let made = std::iter::once(FIRST).chain(made.iter().map(RotationContext::id));
    assert_eq!(retired.all(), made.take(7).collect::<Vec<_>>());
    assert_eq!((event(&metrics, "rotated"), event(&metrics, "retired")), (10.0, 7.0));
    handle.shutdown().await;
    sleep(10 * DAY).await;
    assert_eq!(event(&metrics, "retired"), 7.0, "a rotator that was shut down retires nothing");
}

#[tokio::test(start_paused = true)]
async fn a_retirement_that_fails_is_tried_again_and_counted_once() {
    let (metrics, calls) = (metrics(), Calls::default());
    let tried = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&tried);
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).id(FIRST).overlap(HOUR).timeout(SECOND);
    let rotator = rotator.retire(move |_| {
        let mut tried = counted.lock().unwrap();
        *tried += 1;
        let this = *tried;
        async move {
            match this {
                1 => Err(io::Error::other("refused")),
                2 => panic!("retiring"),
                3 => std::future::pending().await,
                _ => Ok(()),
            }
        }
    });
    let handle = rotator.backoff(SECOND, MINUTE).spawn().unwrap();
    sleep(DAY + 2 * HOUR).await;
    assert_eq!(*tried.lock().unwrap(), 4);
    assert_eq!(event(&metrics, "retired"), 1.0);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn without_an_overlap_nothing_is_retired_and_with_a_hook_it_is_at_once() {
    let (plain, calls) = (metrics(), Calls::default());
    let without = calls.succeeding(key(&plain, Some(DAY), None)).spawn().unwrap();
    let hooked = metrics();
    let with = calls.succeeding(key(&hooked, Some(DAY), None)).id(FIRST);
    let with = Ids::default().retired_by(with).spawn().unwrap();
    sleep(DAY + SECOND).await;
    assert_eq!((event(&plain, "rotated"), event(&plain, "retired")), (1.0, 0.0));
    assert_eq!((event(&hooked, "rotated"), event(&hooked, "retired")), (1.0, 1.0));
    without.shutdown().await;
    with.shutdown().await;
}
