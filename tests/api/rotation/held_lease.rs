//! Leases whose store fails.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics_credentials::rotation::{
    Held, Lease, LeaseError, LeaseFuture, LocalLease, Rotated, Rotation, Rotator,
};
use proptest::collection;
use proptest::prelude::{ProptestConfig, prop_assert, proptest};
use tokio::time::{Instant, sleep};

use crate::fixture::{Calls, DAY, HOUR, MINUTE, SECOND, event, faults, key, metrics, paused, tries};

const UP: u8 = 0;
const DOWN: u8 = 1;
/// It has forgotten every holder.
const EMPTY: u8 = 2;
const HANGING: u8 = 3;
/// Before there is a future.
const PANICKING: u8 = 4;
const PANICKING_LATER: u8 = 5;

#[derive(Clone, Default)]
struct Shaky {
    state: Arc<AtomicU8>,
    inner: LocalLease,
}

impl Shaky {
    fn set(&self, state: u8) {
        self.state.store(state, Ordering::Relaxed);
    }

    fn asked<'a, T: Default + 'a>(&self, answer: LeaseFuture<'a, T>) -> LeaseFuture<'a, T> {
        match self.state.load(Ordering::Relaxed) {
            UP => answer,
            EMPTY => Box::pin(async { Ok(T::default()) }),
            HANGING => Box::pin(std::future::pending()),
            PANICKING => panic!("in the lease"),
            PANICKING_LATER => Box::pin(async { panic!("in the lease's future") }),
            _ => Box::pin(async { Err(LeaseError::new(io::Error::other("down"))) }),
        }
    }
}

impl Lease for Shaky {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        self.asked(self.inner.try_acquire(name, ttl))
    }
    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        self.asked(self.inner.renew(held, ttl))
    }
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        self.asked(self.inner.release(held, rotated))
    }
    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        self.asked(self.inner.last_rotation(name))
    }
}

/// When a try of 10 minutes is cancelled after the store of its lease of 30 seconds went wrong.
async fn cancelled_after(state: u8) -> Duration {
    let (metrics, lease) = (metrics(), Shaky::default());
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), |_| async {
        sleep(600 * SECOND).await;
        Ok::<_, io::Error>(Rotated::without_end())
    });
    let handle = rotator.timeout(HOUR).backoff(HOUR, HOUR).lease(lease.clone()).spawn().unwrap();
    sleep(DAY + 300 * SECOND).await;
    assert_eq!(tries(&metrics), [0.0; 5], "it is kept for ten times its life");
    lease.set(state);
    let start = Instant::now();
    while tries(&metrics) == [0.0; 5] {
        sleep(SECOND / 10).await;
    }
    assert_eq!(tries(&metrics), [0.0, 0.0, 0.0, 0.0, 1.0]);
    let after = start.elapsed();
    handle.shutdown().await;
    after
}

#[tokio::test(start_paused = true)]
async fn a_lost_lease_cancels_the_try_before_another_can_have_it() {
    assert!(cancelled_after(EMPTY).await <= 11 * SECOND);
    for state in [DOWN, HANGING, PANICKING, PANICKING_LATER] {
        let after = cancelled_after(state).await;
        assert!((8 * SECOND..21 * SECOND).contains(&after), "{after:?}");
    }
}

/// Its store fails each renewal, after a delay of its own.
struct Failing {
    inner: LocalLease,
    delays: Mutex<VecDeque<Duration>>,
}

impl Lease for Failing {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        self.inner.try_acquire(name, ttl)
    }
    fn renew<'a>(&'a self, _: &'a Held, _: Duration) -> LeaseFuture<'a, bool> {
        let delay = self.delays.lock().unwrap().pop_front().unwrap_or_default();
        Box::pin(async move {
            sleep(delay).await;
            Err(LeaseError::new(io::Error::other("down")))
        })
    }
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        self.inner.release(held, rotated)
    }
    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        self.inner.last_rotation(name)
    }
}

/// When a try is cut off whose lease of 30 seconds can't be renewed.
async fn cut_off_after(delays: Vec<u64>) -> Duration {
    struct Cut(Arc<Mutex<Option<Duration>>>, Instant);
    impl Drop for Cut {
        fn drop(&mut self) {
            *self.0.lock().unwrap() = Some(self.1.elapsed());
        }
    }
    let (metrics, cut) = (metrics(), Arc::default());
    let cuts = Arc::clone(&cut);
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), move |_| {
        let cut = Cut(Arc::clone(&cuts), Instant::now());
        async move {
            std::future::pending::<()>().await;
            drop(cut);
            Ok::<_, io::Error>(Rotated::without_end())
        }
    });
    let delays = Mutex::new(delays.into_iter().map(Duration::from_millis).collect());
    let lease = Failing { inner: LocalLease::new(), delays };
    let handle = rotator.timeout(HOUR).backoff(HOUR, HOUR).lease(lease).spawn().unwrap();
    sleep(DAY + 60 * SECOND).await;
    handle.shutdown().await;
    let after = *cut.lock().unwrap();
    after.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_lease_that_cannot_be_renewed_is_given_up_with_a_third_of_it_left(
        delays in collection::vec(0_u64..7_000, 0..6),
    ) {
        let after = paused(cut_off_after(delays));
        prop_assert!((10 * SECOND..20 * SECOND + SECOND / 100).contains(&after), "{after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_down_is_no_try_and_is_told_as_such() {
    for state in [DOWN, HANGING] {
        let (metrics, calls, lease) = (metrics(), Calls::default(), Shaky::default());
        lease.set(state);
        let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).lease(lease.clone());
        let handle = rotator.backoff(SECOND, 2 * SECOND).spawn().unwrap();
        sleep(DAY + HOUR).await;
        assert_eq!((tries(&metrics), event(&metrics, "rotation_failed"), calls.count()), ([0.0; 5], 0.0, 0));
        assert!(faults(&metrics, "lease_unavailable") > 100.0);
        lease.set(UP);
        sleep(HOUR).await;
        assert_eq!(calls.count(), 1);
        handle.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_panics_ends_no_rotator() {
    let (metrics, calls, lease) = (metrics(), Calls::default(), Shaky::default());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).lease(lease.clone());
    let handle = rotator.spawn().unwrap();
    for state in [PANICKING, PANICKING_LATER] {
        sleep(DAY - 2 * SECOND).await;
        lease.set(state);
        sleep(MINUTE).await;
        lease.set(UP);
        sleep(HOUR).await;
    }
    assert_eq!(calls.count(), 2);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_is_a_failed_try() {
    let (metrics, calls) = (metrics(), Calls::default());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).refresh(|known| async move {
        match known.attempt() {
            1 => Err(io::Error::other("no answer")),
            2 => panic!("refreshing"),
            3 => std::future::pending().await,
            _ => Ok(None),
        }
    });
    let handle = rotator.spawn().unwrap();
    sleep(DAY + HOUR).await;
    assert_eq!(tries(&metrics), [1.0, 1.0, 1.0, 1.0, 0.0]);
    assert_eq!(calls.count(), 1);
    assert!(faults(&metrics, "refresh_failed") > 100.0, "between the tries it is asked too");
    handle.shutdown().await;
}
