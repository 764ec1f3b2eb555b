//! Several replicas and one lease.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auth_metrics::rotation::{Grant, Lease, LeaseError, LocalLease, Term};
use tokio::time::{Instant, sleep};

use crate::{DAY, HOUR, Replica, Work, succeeds};

const TTL: Duration = Duration::from_secs(30);

#[tokio::test(start_paused = true)]
async fn one_of_three_replicas_rotates_and_all_know() {
    let (lease, origin) = (LocalLease::default(), Instant::now());
    let replicas: Vec<Replica> =
        (0..3).map(|_| Replica::at(origin, |key, _| key.rotation_interval(DAY))).collect();
    let slow = |_| Work::Take(Duration::from_secs(20));
    let rotations: Vec<_> =
        replicas.iter().map(|replica| replica.rotator(slow).lease(lease.clone(), TTL).spawn()).collect();
    sleep(10 * DAY + HOUR).await;
    let rotated: f64 = replicas.iter().map(|replica| replica.tries()[0]).sum();
    assert_eq!(rotated, 10.0);
    let last: Vec<_> = replicas.iter().map(|replica| replica.key.last_rotated()).collect();
    assert!(last.iter().all(|each| *each == last[0] && each.is_some()), "{last:?}");
    for rotation in rotations {
        rotation.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn lease_that_is_lost_aborts_the_try() {
    let (lease, replica) = (LocalLease::default(), Replica::new(|key, _| key.rotation_interval(DAY)));
    let losing = Losing { lease, lost: Arc::default() };
    let lost = Arc::clone(&losing.lost);
    let rotator = replica.rotator(|_| Work::Hang).lease(losing, TTL).backoff(HOUR, HOUR);
    let rotation = rotator.spawn();
    sleep(DAY + Duration::from_secs(5)).await;
    lost.store(true, Ordering::Relaxed);
    sleep(TTL).await;
    assert_eq!(replica.tries(), [0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(replica.events("rotation_failed"), 1.0);
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn lease_is_renewed_for_as_long_as_a_try_takes() {
    let (lease, replica) = (LocalLease::default(), Replica::new(|key, _| key.rotation_interval(DAY)));
    let slow = |_| Work::Take(10 * TTL);
    let rotation = replica.rotator(slow).timeout(HOUR).lease(lease.clone(), TTL).spawn();
    sleep(DAY + 5 * TTL).await;
    let name = "gateway.signing_key.access_tokens";
    assert!(lease.acquire(name, TTL).await.unwrap().is_none(), "it is held");
    sleep(6 * TTL).await;
    assert_eq!(replica.tries(), [1.0, 0.0, 0.0, 0.0, 0.0]);
    let grant = lease.acquire(name, TTL).await.unwrap().expect("it was given back");
    assert_eq!(grant.term.map(|term| term.rotated_at), replica.key.last_rotated());
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_rotated_while_nobody_grants_leases() {
    let replica = Replica::new(|key, _| key.rotation_interval(DAY));
    let rotation = replica.rotator(succeeds).lease(Away, TTL).backoff(HOUR, HOUR).spawn();
    sleep(DAY + Duration::from_secs(1)).await;
    assert_eq!((replica.calls(), replica.tries()), (0, [0.0; 5]));
    assert_eq!(replica.events("rotation_failed"), 1.0, "it is told all the same");
    rotation.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn lease_that_ran_out_is_another_replicas() {
    let lease = LocalLease::default();
    let first = lease.acquire("key", TTL).await.unwrap().unwrap();
    assert!(lease.acquire("key", TTL).await.unwrap().is_none());
    sleep(TTL).await;
    let second = lease.acquire("key", TTL).await.unwrap().unwrap();
    assert!(!lease.renew(&first, TTL).await.unwrap());
    lease.release(first, None).await.unwrap();
    assert!(lease.renew(&second, TTL).await.unwrap(), "the first can't give back what is the second's");
}

/// A lease that is lost when it is told so.
struct Losing {
    lease: LocalLease,
    lost: Arc<AtomicBool>,
}

impl Lease for Losing {
    async fn acquire(&self, name: &str, ttl: Duration) -> Result<Option<Grant>, LeaseError> {
        self.lease.acquire(name, ttl).await
    }

    async fn renew(&self, grant: &Grant, ttl: Duration) -> Result<bool, LeaseError> {
        if self.lost.load(Ordering::Relaxed) { Ok(false) } else { self.lease.renew(grant, ttl).await }
    }

    async fn release(&self, grant: Grant, term: Option<Term>) -> Result<(), LeaseError> {
        self.lease.release(grant, term).await
    }
}

/// Nobody who grants leases.
struct Away;

impl Lease for Away {
    async fn acquire(&self, _: &str, _: Duration) -> Result<Option<Grant>, LeaseError> {
        Err(LeaseError::new("connection refused"))
    }

    async fn renew(&self, _: &Grant, _: Duration) -> Result<bool, LeaseError> {
        Err(LeaseError::new("connection refused"))
    }

    async fn release(&self, _: Grant, _: Option<Term>) -> Result<(), LeaseError> {
        Err(LeaseError::new("connection refused"))
    }
}
