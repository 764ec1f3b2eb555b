//! Shutdowns at bad moments: nothing starts after one, and none takes longer than the grace and a second.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auth_metrics_credentials::RotationOutcome;
use auth_metrics_credentials::rotation::{Held, Lease, LeaseFuture, LocalLease, Rotated, Rotation, Rotator};
use tokio::time::{Instant, sleep, timeout};

use crate::fixture::{Calls, DAY, HOUR, MINUTE, SECOND, key, metrics, tries};

/// Its store takes so long to answer.
#[derive(Clone)]
pub(crate) struct Slow(pub(crate) LocalLease, pub(crate) Duration);

impl Lease for Slow {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        Box::pin(async move {
            sleep(self.1).await;
            self.0.try_acquire(name, ttl).await
        })
    }
    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        self.0.renew(held, ttl)
    }
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        self.0.release(held, rotated)
    }
    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        Box::pin(async move {
            sleep(self.1).await;
            self.0.last_rotation(name).await
        })
    }
}

/// Wishes for a rotation and shuts down while it is under way; returns how long the shutdown took.
async fn shut_down_in_a_try(rotator: Rotator) -> Duration {
    let handle = rotator.spawn().unwrap();
    sleep(MINUTE / 2).await;
    assert!(timeout(SECOND / 10, handle.rotate_now()).await.is_err());
    let start = Instant::now();
    handle.shutdown().await;
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_during_refresh_begins_no_rotate() {
    let (metrics, calls) = (metrics(), Calls::default());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).refresh(|_| async {
        sleep(4 * SECOND).await;
        Ok::<_, io::Error>(None)
    });
    assert!(shut_down_in_a_try(rotator).await < 5 * SECOND);
    assert_eq!((calls.count(), tries(&metrics)), (0, [0.0, 0.0, 0.0, 0.0, 1.0]));
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_while_the_lease_is_taken_begins_no_try_and_gives_the_lease_back() {
    let (metrics, calls, lease) = (metrics(), Calls::default(), LocalLease::new());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).lease(Slow(lease.clone(), 3 * SECOND));
    assert!(shut_down_in_a_try(rotator).await < 5 * SECOND);
    assert_eq!((calls.count(), tries(&metrics)), (0, [0.0; 5]));
    assert!(lease.try_acquire("gateway/signing_key/jwt", SECOND).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn the_grace_is_one_for_refresh_and_rotate() {
    let metrics = metrics();
    let slowly = |_| async {
        sleep(4 * SECOND).await;
        Ok::<_, io::Error>(Rotated::without_end())
    };
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), slowly).refresh(|_| async {
        sleep(HOUR).await;
        Ok::<_, io::Error>(None)
    });
    let took = shut_down_in_a_try(rotator.timeout(DAY)).await;
    assert!((5 * SECOND..=6 * SECOND).contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_no_store_that_hangs() {
    let lease = Slow(LocalLease::new(), DAY);
    let rotator = |metrics| {
        let rotator = Calls::default().succeeding(key(&metrics, Some(DAY), None)).lease(lease.clone());
        rotator.grace(Duration::ZERO)
    };
    let handle = rotator(metrics()).spawn().unwrap();
    sleep(SECOND / 4).await;
    let start = Instant::now();
    handle.shutdown().await;
    let in_a_look = start.elapsed();
    let in_a_try = shut_down_in_a_try(rotator(metrics())).await;
    for took in [in_a_look, in_a_try] {
        assert!(took <= SECOND + SECOND / 10, "{took:?}");
    }
}

/// The thread that blocks is let go when this is dropped.
struct LetGo(Arc<AtomicBool>);

impl Drop for LetGo {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_waits_for_no_thread_that_is_blocked() {
    let (metrics, go) = (metrics(), LetGo(Arc::default()));
    let (goes, blocked) = (Arc::clone(&go.0), Arc::new(AtomicBool::new(false)));
    let blocks = Arc::clone(&blocked);
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), move |_| {
        let (go, blocks) = (Arc::clone(&goes), Arc::clone(&blocks));
        async move {
            blocks.store(true, Ordering::SeqCst);
            let start = std::time::Instant::now();
            while !go.load(Ordering::SeqCst) && start.elapsed() < 20 * SECOND {
                std::thread::yield_now();
            }
            blocks.store(false, Ordering::SeqCst);
            Ok::<_, io::Error>(Rotated::without_end())
        }
    });
    // Its looks wait for that thread too.
    let rotator = rotator.refresh(|_| async { Ok::<_, io::Error>(None) }).lease(LocalLease::new());
    let rotator = rotator.lease_ttl(SECOND / 5).timeout(SECOND / 20).grace(Duration::ZERO);
    let handle = rotator.spawn().unwrap();
    assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Timeout));
    sleep(SECOND / 10).await;
    handle.shutdown().await;
    assert!(blocked.load(Ordering::SeqCst), "the shutdown did not wait for it");
    drop(go);
}
