//! Several rotators of one credential, with one lease: two replicas of a service, each with its own metrics.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use auth_metrics::AuthMetrics;
use auth_metrics::rotation::{LocalLease, Rotated, Rotator};
use tokio::time::sleep;

use crate::fixture::{Calls, DAY, HOUR, MINUTE, SECOND, event, key, metrics, tries};

/// Where the keys are: when each was made.
type Store = Arc<Mutex<Vec<SystemTime>>>;

/// A replica that rotates into the store, and knows how to ask it. The life of a key is ten days.
fn replica(metrics: &AuthMetrics, store: &Store, lease: &LocalLease) -> Rotator {
    let (written, read) = (Arc::clone(store), Arc::clone(store));
    Rotator::new(key(metrics, Some(DAY), Some(10 * DAY)), move |context| {
        let written = Arc::clone(&written);
        async move {
            sleep(10 * SECOND).await;
            written.lock().unwrap().push(context.now());
            Ok::<_, io::Error>(Rotated::until(context.now() + 10 * DAY))
        }
    })
    .refresh(move |known| {
        let newest = read.lock().unwrap().last().copied();
        async move {
            let newer = newest
                .filter(|made| known.last_rotated().is_none_or(|last| *made + MINUTE < last || *made > last));
            Ok::<_, io::Error>(newer.map(|made| Rotated::until(made + 10 * DAY).made_at(made)))
        }
    })
    .jitter(0.1)
    .lease(lease.clone())
}

#[tokio::test(start_paused = true)]
async fn each_rotation_is_made_by_one_of_them() {
    let (one, other) = (metrics(), metrics());
    let (store, lease) = (Store::default(), LocalLease::new());
    let handles = [&one, &other].map(|metrics| replica(metrics, &store, &lease).spawn().unwrap());
    sleep(30 * DAY).await;
    let made = store.lock().unwrap().clone();
    for pair in made.windows(2) {
        let gap = pair[1].duration_since(pair[0]).unwrap();
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
        written.lock().unwrap().push(context.now());
        std::future::pending::<io::Result<Rotated>>()
    });
    let first = hanging.lease(lease.clone()).timeout(HOUR).spawn().unwrap();
    sleep(DAY + SECOND).await;
    let follower = key(&other, Some(DAY), Some(10 * DAY));
    let handle = {
        let read = Arc::clone(&store);
        let calls = Calls::default();
        let rotator = calls.succeeding(follower.clone()).refresh(move |_| {
            let newest = read.lock().unwrap().last().copied();
            async move { Ok::<_, io::Error>(newest.map(|made| Rotated::until(made + 10 * DAY))) }
        });
        rotator.lease(lease).spawn().unwrap()
    };
    drop(first);
    sleep(DAY + MINUTE).await;
    let made = store.lock().unwrap().clone();
    assert_eq!(made.len(), 1);
    assert_eq!((tries(&one), tries(&other)), ([0.0, 0.0, 0.0, 0.0, 1.0], [0.0; 5]));
    assert_eq!(follower.not_after(), Some(made[0] + 10 * DAY));
    handle.shutdown().await;
}
