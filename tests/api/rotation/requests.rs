//! Rotations by hand: what follows one that fails, and when there is none.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auth_metrics_credentials::CredentialState;
use auth_metrics_credentials::RotationOutcome;
use auth_metrics_credentials::rotation::{
    Held, Lease, LeaseError, LeaseFuture, LocalLease, NotRotated, Rotated, Rotation, Rotator,
};
use tokio::time::sleep;

use crate::fixture::{Calls, DAY, FIRST, HOUR, Ids, MINUTE, event, faults, key, metrics, tries};

/// A store that can be away.
#[derive(Clone, Default)]
pub(crate) struct Away(Arc<AtomicBool>, LocalLease);

impl Away {
    pub(crate) fn set(&self, away: bool) {
        self.0.store(away, Ordering::Relaxed);
    }

    fn asked<'a, T: 'a>(&self, answer: LeaseFuture<'a, T>) -> LeaseFuture<'a, T> {
        let error = || LeaseError::new(io::Error::other("away"));
        if self.0.load(Ordering::Relaxed) { Box::pin(async move { Err(error()) }) } else { answer }
    }
}

impl Lease for Away {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        self.asked(self.1.try_acquire(name, ttl))
    }
    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        self.asked(self.1.renew(held, ttl))
    }
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        self.asked(self.1.release(held, rotated))
    }
    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        self.asked(self.1.last_rotation(name))
    }
}

#[tokio::test(start_paused = true)]
async fn failed_rotate_now_is_tried_again_after_the_backoff() {
    let (metrics, calls) = (metrics(), Calls::default());
    let recorded = calls.clone();
    let rotator = Rotator::new(key(&metrics, Some(30 * DAY), None), move |context| {
        recorded.note(&context);
        let is_up = context.attempt() == 4;
        async move { if is_up { Ok(Rotated::without_end()) } else { Err(io::Error::other("refused")) } }
    });
    let handle = rotator.spawn().unwrap();
    assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Error));
    sleep(HOUR).await;
    assert_eq!(tries(&metrics), [1.0, 3.0, 0.0, 0.0, 0.0]);
    sleep(29 * DAY).await;
    assert_eq!(calls.count(), 4, "and then the schedule counts from the success");
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn rotate_now_without_the_store_is_no_try_and_is_made_up_for() {
    let (metrics, calls, lease) = (metrics(), Calls::default(), Away::default());
    let handle = calls.succeeding(key(&metrics, Some(30 * DAY), None)).lease(lease.clone()).spawn().unwrap();
    sleep(MINUTE).await;
    lease.set(true);
    let answer = handle.rotate_now().await;
    assert_eq!((answer, calls.count(), tries(&metrics)), (Err(NotRotated::NoAnswer), 0, [0.0; 5]));
    assert!(faults(&metrics, "lease_unavailable") > 0.0);
    sleep(HOUR).await;
    assert_eq!((tries(&metrics), event(&metrics, "rotation_failed")), ([0.0; 5], 0.0));
    lease.set(false);
    sleep(2 * HOUR).await;
    assert_eq!(tries(&metrics), [1.0, 0.0, 0.0, 0.0, 0.0]);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn rotate_now_after_retire_or_revoke_makes_no_key() {
    for revoked in [false, true] {
        let (metrics, calls) = (metrics(), Calls::default());
        let key = key(&metrics, Some(30 * DAY), None);
        let handle = calls.succeeding(key.clone()).spawn().unwrap();
        sleep(MINUTE / 2).await;
        if revoked { key.revoke() } else { key.retire() }.unwrap();
        assert_eq!((handle.rotate_now().await, calls.count()), (Err(NotRotated::Ended), 0));
        assert_eq!((event(&metrics, "rotated"), tries(&metrics)), (0.0, [0.0; 5]));
    }
}

#[tokio::test(start_paused = true)]
async fn revoked_credential_ends_its_rotator_and_stays_revoked() {
    let (metrics, calls) = (metrics(), Calls::default());
    let key = key(&metrics, Some(DAY), None);
    let handle = calls.succeeding(key.clone()).spawn().unwrap();
    key.revoke().unwrap();
    sleep(3 * DAY).await;
    assert_eq!((key.state(), calls.count()), (CredentialState::Revoked, 0));
    assert_eq!(handle.rotate_now().await, Err(NotRotated::Ended));
    assert!(calls.succeeding(key).spawn().is_err());
    assert_eq!(faults(&metrics, "illegal_transition"), 0.0);
}

#[tokio::test(start_paused = true)]
async fn compromised_credential_is_active_again_only_with_a_successor() {
    let (metrics, calls) = (metrics(), Calls::default());
    let key = key(&metrics, Some(DAY), None);
    let recorded = calls.clone();
    let rotator = Rotator::new(key.clone(), move |context| {
        recorded.note(&context);
        let is_up = context.attempt() > 1;
        async move { if is_up { Ok(Rotated::without_end()) } else { Err(io::Error::other("refused")) } }
    });
    // It says the same key again and again: that is no successor.
    let rotator = rotator.id(FIRST).refresh(|used| {
        let id = used.predecessor().unwrap_or_default().to_owned();
        async move { Ok::<_, io::Error>(Some(Rotated::without_end().id(id))) }
    });
    let handle = rotator.spawn().unwrap();
    key.compromise().unwrap();
    sleep(HOUR).await;
    assert_eq!(key.state(), CredentialState::Compromised);
    assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Error));
    assert_eq!(key.state(), CredentialState::Compromised);
    sleep(HOUR).await;
    assert_eq!((key.state(), calls.count()), (CredentialState::Active, 2));
    assert_eq!((event(&metrics, "rotation_failed"), event(&metrics, "rotated")), (1.0, 1.0));
    assert_eq!(faults(&metrics, "illegal_transition"), 0.0);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn old_key_is_kept_until_the_others_can_hear_of_its_successor() {
    let (one, other, lease, retired) = (metrics(), metrics(), Away::default(), Ids::default());
    let away = lease.clone();
    let rotator = Rotator::new(key(&one, Some(30 * DAY), None), move |_| {
        away.set(true);
        async { Ok::<_, io::Error>(Rotated::without_end()) }
    });
    let rotator = retired.retired_by(rotator.id(FIRST)).overlap(HOUR);
    let rotator = rotator.refresh(|_| async { Ok::<_, io::Error>(None) });
    let handle = rotator.lease(lease.clone()).spawn().unwrap();
    let follower = key(&other, Some(30 * DAY), None);
    let heard = Calls::default().succeeding(follower.clone()).lease(lease.clone()).spawn().unwrap();
    assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Success));
    sleep(3 * HOUR).await;
    assert_eq!((retired.all(), follower.last_rotated()), (Vec::new(), None));
    lease.set(false);
    sleep(2 * MINUTE).await;
    assert!(retired.all().is_empty() && follower.last_rotated().is_some());
    sleep(HOUR).await;
    assert_eq!(retired.all(), [FIRST]);
    drop((handle, heard));
}

#[tokio::test(start_paused = true)]
async fn all_who_wish_while_one_is_under_way_share_it() {
    let (metrics, calls) = (metrics(), Calls::default());
    let recorded = calls.clone();
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), move |context| {
        recorded.note(&context);
        async {
            sleep(MINUTE / 2).await;
            Ok::<_, io::Error>(Rotated::without_end())
        }
    });
    let handle = Arc::new(rotator.spawn().unwrap());
    let wishes: Vec<_> = (0..200)
        .map(|_| Arc::clone(&handle))
        .map(|handle| tokio::spawn(async move { handle.rotate_now().await }))
        .collect();
    for wish in wishes {
        assert_eq!(wish.await.unwrap(), Ok(RotationOutcome::Success));
    }
    assert_eq!(calls.count(), 1);
}

/// Its store gives leases, and fails to take one back while it is away.
#[derive(Clone, Default)]
struct Keeping(Away, LocalLease);

impl Lease for Keeping {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        self.1.try_acquire(name, ttl)
    }
    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        self.1.renew(held, ttl)
    }
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        self.0.asked(self.1.release(held, rotated))
    }
    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        self.1.last_rotation(name)
    }
}

#[tokio::test(start_paused = true)]
async fn wish_that_finds_the_lease_still_with_this_replica_is_made_up_for() {
    let (metrics, calls, lease) = (metrics(), Calls::default(), Keeping::default());
    let handle = calls.succeeding(key(&metrics, Some(30 * DAY), None)).lease(lease.clone()).spawn().unwrap();
    lease.0.set(true);
    assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Success));
    assert_eq!(handle.rotate_now().await, Err(NotRotated::NoLease));
    lease.0.set(false);
    sleep(HOUR).await;
    assert_eq!(calls.count(), 2);
    handle.shutdown().await;
}
