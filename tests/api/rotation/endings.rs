//! Shutdown, drop, and rotations by hand.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use auth_metrics_credentials::RotationOutcome;
use auth_metrics_credentials::rotation::{
    Held, Lease, LeaseFuture, LocalLease, NotRotated, Rotated, Rotation, Rotator, RotatorError,
};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use crate::fixture::{Calls, DAY, HOUR, SECOND, event, key, metrics, tries};

/// A rotator whose tries take this long.
fn slow(metrics: &auth_metrics::AuthMetrics, takes: Duration) -> Rotator {
    Rotator::new(key(metrics, Some(DAY), None), move |_| async move {
        sleep(takes).await;
        Ok::<_, io::Error>(Rotated::without_end())
    })
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_cancels_what_outlasts_the_grace() {
    let metrics = metrics();
    let handle = slow(&metrics, 50 * SECOND).spawn().unwrap();
    sleep(DAY + SECOND).await;
    let start = Instant::now();
    handle.shutdown().await;
    assert!((5 * SECOND..6 * SECOND).contains(&start.elapsed()), "{:?}", start.elapsed());
    assert_eq!(tries(&metrics), [0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!((event(&metrics, "rotated"), event(&metrics, "rotation_failed")), (0.0, 0.0));
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_lets_a_try_end_within_the_grace() {
    let metrics = metrics();
    let handle = slow(&metrics, 50 * SECOND).grace(HOUR).spawn().unwrap();
    sleep(DAY + SECOND).await;
    handle.shutdown().await;
    assert_eq!(tries(&metrics), [1.0, 0.0, 0.0, 0.0, 0.0]);
}

#[tokio::test(start_paused = true)]
async fn a_drop_cancels_at_once_and_a_rotator_at_rest_ends_at_once() {
    let (busy, idle) = (metrics(), metrics());
    let handle = slow(&busy, 50 * SECOND).spawn().unwrap();
    let at_rest = slow(&idle, SECOND).spawn().unwrap();
    sleep(DAY / 2).await;
    let start = Instant::now();
    at_rest.shutdown().await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(tries(&idle), [0.0; 5]);

    sleep(DAY / 2 + SECOND).await;
    drop(handle);
    sleep(DAY).await;
    assert_eq!(tries(&busy), [0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[tokio::test(start_paused = true)]
async fn run_works_until_its_future_is_over() {
    let (metrics, calls) = (metrics(), Calls::default());
    calls.succeeding(key(&metrics, Some(DAY), None)).run(sleep(3 * DAY + HOUR)).await.unwrap();
    assert_eq!(tries(&metrics), [3.0, 0.0, 0.0, 0.0, 0.0]);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_by_hand_moves_the_schedule() {
    let (metrics, calls) = (metrics(), Calls::default());
    let handle = calls.succeeding(key(&metrics, Some(DAY), None)).spawn().unwrap();
    sleep(DAY / 2).await;
    assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Success));
    sleep(23 * HOUR).await;
    assert_eq!(calls.count(), 1);
    sleep(HOUR + SECOND).await;
    assert_eq!(calls.count(), 2);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn wishes_during_a_try_share_its_outcome() {
    let metrics = metrics();
    let handle = slow(&metrics, 50 * SECOND).spawn().unwrap();
    let outcomes = tokio::join!(handle.rotate_now(), handle.rotate_now(), async {
        sleep(SECOND).await;
        handle.rotate_now().await
    });
    let success = Ok(RotationOutcome::Success);
    assert_eq!(outcomes, (success, success, success));
    assert_eq!(tries(&metrics), [1.0, 0.0, 0.0, 0.0, 0.0]);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_wish_that_a_shutdown_cuts_off_is_answered() {
    let (metrics, begun) = (metrics(), Arc::new(Notify::new()));
    let begins = Arc::clone(&begun);
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), move |_| {
        begins.notify_one();
        std::future::pending::<io::Result<Rotated>>()
    });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(rotator.grace(Duration::ZERO).run(async { drop(stopped.await) }));
    begun.notified().await;
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert_eq!(tries(&metrics), [0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_is_retired_or_forgotten_ends_its_rotator() {
    let (metrics, calls) = (metrics(), Calls::default());
    let key = key(&metrics, Some(DAY), None);
    let handle = calls.succeeding(key.clone()).spawn().unwrap();
    key.retire().unwrap();
    sleep(3 * DAY).await;
    assert_eq!((calls.count(), handle.rotate_now().await), (0, Err(NotRotated::Ended)));
}

#[test]
fn a_rotator_that_panics_is_told_and_counted() {
    // Without timers it can't work.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (metrics, calls) = (metrics(), Calls::default());
        let handle = calls.succeeding(key(&metrics, Some(DAY), None)).spawn().unwrap();
        assert!(handle.is_running());
        assert_eq!(handle.rotate_now().await, Err(NotRotated::Panicked));
        assert_eq!(handle.rotate_now().await, Err(NotRotated::Panicked), "and it stays so");
        assert!(!handle.is_running());
        let metrics_of_run = crate::fixture::metrics();
        let run = calls.succeeding(key(&metrics_of_run, Some(DAY), None)).run(std::future::pending());
        assert_eq!(run.await, Err(RotatorError::Panicked));
        let fault = [("kind", "rotator_panicked")];
        assert_eq!(metrics.snapshot().value("auth_metrics_internal_errors_total", &fault), Some(1.0));
        assert_eq!(calls.count(), 0);
        handle.shutdown().await;
    });
}

/// A lease whose renewals hang, and panic when they are given up.
struct PanicsLater(LocalLease);

impl Lease for PanicsLater {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        self.0.try_acquire(name, ttl)
    }
    fn renew<'a>(&'a self, _: &'a Held, _: Duration) -> LeaseFuture<'a, bool> {
        struct PanicsInDrop;
        impl Drop for PanicsInDrop {
            fn drop(&mut self) {
                panic!("in a renewal that is given up");
            }
        }
        let panics = PanicsInDrop;
        Box::pin(async move {
            std::future::pending::<()>().await;
            drop(panics);
            Ok(true)
        })
    }
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        self.0.release(held, rotated)
    }
    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        self.0.last_rotation(name)
    }
}

#[tokio::test(start_paused = true)]
async fn a_rotator_that_panics_ends_its_try_and_gives_the_lease_back() {
    let (metrics, lease, running) = (metrics(), LocalLease::new(), Arc::new(()));
    let runs = Arc::clone(&running);
    let hanging = Rotator::new(key(&metrics, Some(DAY), None), move |_| {
        let running = Arc::clone(&runs);
        async move {
            std::future::pending::<()>().await;
            drop(running);
            Ok::<_, io::Error>(Rotated::without_end())
        }
    });
    let handle = hanging.lease(PanicsLater(lease.clone())).lease_ttl(DAY).timeout(2 * DAY).spawn().unwrap();
    assert_eq!(handle.rotate_now().await, Err(NotRotated::Panicked));
    handle.shutdown().await;
    assert_eq!(Arc::strong_count(&running), 1, "the try has ended");
    assert!(lease.try_acquire("gateway/signing_key/jwt", DAY).await.unwrap().is_some());
    assert_eq!(tries(&metrics), [0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[tokio::test(start_paused = true)]
async fn a_wish_for_a_lease_that_another_holds_is_told_so() {
    let (metrics, calls, lease) = (metrics(), Calls::default(), LocalLease::new());
    let held = lease.try_acquire("gateway/signing_key/jwt", HOUR).await.unwrap().unwrap();
    let handle = calls.succeeding(key(&metrics, Some(DAY), None)).lease(lease.clone()).spawn().unwrap();
    assert_eq!(handle.rotate_now().await, Err(NotRotated::NoLease));
    assert!(handle.is_running());
    lease.release(&held, None).await.unwrap();
    assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Success));
    handle.shutdown().await;
}
