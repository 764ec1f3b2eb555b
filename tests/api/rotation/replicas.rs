//! Several rotators of one credential, with one lease: two replicas of a service, each with its own metrics.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::rotation::{Lease, LocalLease, Rotated, Rotation, Rotator};
use tokio::time::sleep;

use crate::fixture::{Calls, DAY, FIRST, HOUR, MINUTE, SECOND, event, key, metrics, tries};
use crate::stopping::Slow;

/// Where the keys are: their ids, and when each was made.
type Store = Arc<Mutex<Vec<(String, SystemTime)>>>;

/// A replica that rotates into the store, and knows how to ask it. The life of a key is ten days.
fn replica(metrics: &AuthMetrics, store: &Store, lease: &LocalLease) -> Rotator {
    let written = Arc::clone(store);
    let rotator = Rotator::new(key(metrics, Some(DAY), Some(10 * DAY)), move |context| {
        let written = Arc::clone(&written);
        async move {
            sleep(10 * SECOND).await;
            written.lock().unwrap().push((context.id().to_owned(), context.now()));
            Ok::<_, io::Error>(Rotated::until(context.now() + 10 * DAY))
        }
    });
    asking(rotator.id(FIRST), store).jitter(0.1).lease(lease.clone())
}

/// A rotator that takes over what is in the store.
fn asking(rotator: Rotator, store: &Store) -> Rotator {
    let read = Arc::clone(store);
    rotator.refresh(move |_| {
        let newest = read.lock().unwrap().last().cloned();
        async move {
            Ok::<_, io::Error>(newest.map(|(id, made)| Rotated::until(made + 10 * DAY).made_at(made).id(id)))
        }
    })
}

#[tokio::test(start_paused = true)]
async fn each_rotation_is_made_by_one_of_them() {
    let (one, other) = (metrics(), metrics());
    let (store, lease) = (Store::default(), LocalLease::new());
    let handles = [&one, &other].map(|metrics| replica(metrics, &store, &lease).spawn().unwrap());
    sleep(30 * DAY).await;
    let made = store.lock().unwrap().clone();
    for pair in made.windows(2) {
        let gap = pair[1].1.duration_since(pair[0].1).unwrap();
        assert!((DAY * 89 / 100..=DAY + MINUTE).contains(&gap), "{gap:?}");
    }
    assert!((29..=34).contains(&made.len()), "{}", made.len());
    let (first, second) = (tries(&one), tries(&other));
    assert_eq!(first[0] + second[0], made.len() as f64);
    assert_eq!((&first[1..], &second[1..]), (&[0.0; 4][..], &[0.0; 4][..]));
    assert_eq!(event(&one, "rotated") + event(&other, "rotated"), made.len() as f64);
    assert!(first[0] > 0.0 && second[0] > 0.0, "chance gives both their turns: {first:?} {second:?}");
    for handle in handles {
        handle.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_replica_hears_of_a_rotation_and_needs_no_hook_for_it() {
    let (one, other) = (metrics(), metrics());
    let (calls, lease) = (Calls::default(), LocalLease::new());
    let spawn = |metrics: &AuthMetrics| {
        let key = key(metrics, Some(DAY), None);
        (key.clone(), calls.succeeding(key).lease(lease.clone()).spawn().unwrap())
    };
    let ((_, first), (heard, second)) = (spawn(&one), spawn(&other));
    sleep(HOUR).await;
    first.rotate_now().await.unwrap();
    sleep(MINUTE).await;
    let noted = heard.last_rotated().unwrap();
    assert!((calls.all()[0].now()..calls.all()[0].now() + SECOND).contains(&noted));
    sleep(23 * HOUR).await;
    assert_eq!((tries(&one), tries(&other)), ([1.0, 0.0, 0.0, 0.0, 0.0], [0.0; 5]));
    drop((first, second));
}

#[tokio::test(start_paused = true)]
async fn the_next_one_takes_over_from_a_holder_that_died() {
    let (one, other) = (metrics(), metrics());
    let (calls, lease) = (Calls::default(), LocalLease::new());
    let hanging = Rotator::new(key(&one, Some(DAY), None), |_| std::future::pending::<io::Result<Rotated>>());
    let first = hanging.lease(lease.clone()).timeout(HOUR).spawn().unwrap();
    sleep(SECOND).await;
    let second = calls.succeeding(key(&other, Some(DAY), None)).lease(lease).spawn().unwrap();
    sleep(DAY + MINUTE).await;
    assert_eq!(calls.count(), 0, "the lease is renewed for as long as the holder lives");
    drop(first);
    sleep(30 * SECOND + 10 * SECOND + SECOND).await;
    assert_eq!(tries(&one), [0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(tries(&other), [1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(calls.all()[0].fencing_token(), Some(2));
    drop(second);
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_died_after_it_rotated_is_not_followed_by_a_second_rotation() {
    let (one, other) = (metrics(), metrics());
    let (store, lease) = (Store::default(), LocalLease::new());
    let written = Arc::clone(&store);
    let hanging = Rotator::new(key(&one, Some(DAY), None), move |context| {
        written.lock().unwrap().push((context.id().to_owned(), context.now()));
        std::future::pending::<io::Result<Rotated>>()
    });
    let first = hanging.lease(lease.clone()).timeout(HOUR).spawn().unwrap();
    sleep(DAY + SECOND).await;
    let follower = key(&other, Some(DAY), Some(10 * DAY));
    let rotator = asking(Calls::default().succeeding(follower.clone()).id(FIRST), &store);
    let handle = rotator.lease(lease).spawn().unwrap();
    drop(first);
    sleep(DAY - HOUR).await;
    let made = store.lock().unwrap().clone();
    assert_eq!(made.len(), 1);
    assert_eq!((tries(&one), tries(&other)), ([0.0, 0.0, 0.0, 0.0, 1.0], [0.0; 5]));
    assert_eq!(follower.not_after(), Some(made[0].1 + 10 * DAY));
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn store_that_lags_behind_the_note_is_asked_again() {
    let (one, other) = (metrics(), metrics());
    let (store, shown, lease) = (Store::default(), Store::default(), LocalLease::new());
    let first = replica(&one, &store, &lease).spawn().unwrap();
    let behind = key(&other, Some(DAY), Some(10 * DAY));
    let calls = Calls::default();
    let lagging = asking(calls.succeeding(behind.clone()).id(FIRST), &shown).lease(lease).spawn().unwrap();
    let declared = behind.not_after();
    shown.lock().unwrap().push((FIRST.to_owned(), declared.unwrap() - 10 * DAY));
    sleep(MINUTE).await;
    first.rotate_now().await.unwrap();
    sleep(10 * MINUTE).await;
    assert_eq!(behind.not_after(), declared, "the times of the key that it uses, not those of the note");
    let made = store.lock().unwrap()[0].clone();
    shown.lock().unwrap().push(made.clone());
    sleep(MINUTE).await;
    assert_eq!((behind.last_rotated(), behind.not_after()), (Some(made.1), Some(made.1 + 10 * DAY)));
    assert_eq!(calls.count(), 0);
    drop((first, lagging));
}

#[tokio::test(start_paused = true)]
async fn lease_keeps_the_rotation_with_the_highest_token_and_tells_its_age() {
    let (lease, at) = (LocalLease::new(), SystemTime::UNIX_EPOCH);
    let held = lease.try_acquire("gateway/signing_key/jwt", MINUTE).await.unwrap().unwrap();
    for rotation in [
        Rotation::new(6, "key-a", at + DAY, None),
        Rotation::new(7, "key-b", at, Some(at + DAY)),
        Rotation::new(7, "key-c", at + 2 * DAY, None),
        Rotation::new(5, "key-d", at + 3 * DAY, None),
    ] {
        lease.release(&held, Some(rotation)).await.unwrap();
    }
    sleep(HOUR).await;
    let expected = Rotation::new(7, "key-b", at, Some(at + DAY)).with_age(HOUR);
    assert_eq!(lease.last_rotation(held.name()).await.unwrap(), Some(expected.clone()));
    let again = lease.try_acquire(held.name(), MINUTE).await.unwrap().unwrap();
    assert_eq!(again.last_rotation(), Some(&expected));
}

#[tokio::test(start_paused = true)]
async fn a_store_of_the_leases_that_hangs_keeps_no_look() {
    let (metrics, calls, looks) = (metrics(), Calls::default(), Calls::default());
    let lease = Slow(LocalLease::new(), DAY);
    let rotator = calls.succeeding(key(&metrics, Some(30 * DAY), None)).lease(lease);
    let recorded = looks.clone();
    let rotator = rotator.refresh(move |used| {
        recorded.note(&used);
        async { Ok::<_, io::Error>(None) }
    });
    let handle = rotator.spawn().unwrap();
    sleep(62 * MINUTE).await;
    assert!(looks.count() >= 120, "every 31 seconds: {}", looks.count());
    handle.shutdown().await;
}
