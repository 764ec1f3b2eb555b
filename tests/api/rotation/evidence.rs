//! What a rotator believes: ends that are past, notes of other keys, and answers without an id.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use auth_metrics_credentials::CredentialState;
use auth_metrics_credentials::rotation::{Lease, LocalLease, Rotated, Rotation, Rotator};
use tokio::time::sleep;

use crate::fixture::{Calls, DAY, FIRST, HOUR, Ids, MINUTE, SECOND, key, metrics};
use crate::time_of_day::{Wall, jwt};

async fn note(lease: &LocalLease, id: &str, at: SystemTime, not_after: Option<SystemTime>) {
    let held = lease.try_acquire("gateway/signing_key/jwt", SECOND).await.unwrap().unwrap();
    let note = Rotation::new(held.fencing_token(), id, at, not_after);
    lease.release(&held, Some(note)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn successor_found_after_its_end_retires_nothing() {
    let (metrics, retired) = (metrics(), Ids::default());
    let rotator = Calls::default().failing(key(&metrics, Some(DAY), None)).id(FIRST).overlap(10 * MINUTE);
    let rotator = rotator.refresh(|used| async move {
        let found = Rotated::until(used.now() - HOUR).id("over");
        Ok::<_, io::Error>((used.predecessor() != Some("over")).then_some(found))
    });
    let handle = retired.retired_by(rotator).spawn().unwrap();
    sleep(2 * HOUR).await;
    assert_eq!(retired.all(), Vec::<String>::new());
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn replicas_whose_keys_are_all_over_keep_the_good_one_and_note_none() {
    let (retired, lease) = (Ids::default(), LocalLease::new());
    let store = Arc::new(Mutex::new((FIRST.to_owned(), SystemTime::now() + 30 * DAY)));
    let mut replicas = Vec::new();
    for _ in 0..2 {
        let (metrics, written, read) = (metrics(), Arc::clone(&store), Arc::clone(&store));
        let rotator = Rotator::new(key(&metrics, Some(30 * DAY), None), move |context| {
            let end = context.now() - SECOND;
            *written.lock().unwrap() = (context.id().to_owned(), end);
            async move { Ok::<_, io::Error>(Rotated::until(end)) }
        });
        let rotator = rotator.id(FIRST).overlap(20 * MINUTE).lease(lease.clone()).refresh(move |used| {
            let (id, end) = read.lock().unwrap().clone();
            let found = (used.predecessor() != Some(&id)).then(|| Rotated::until(end).id(id));
            async move { Ok::<_, io::Error>(found) }
        });
        replicas.push((retired.retired_by(rotator).spawn().unwrap(), metrics));
    }
    sleep(MINUTE).await;
    replicas[0].0.rotate_now().await.unwrap();
    sleep(12 * HOUR).await;
    assert_eq!(retired.all(), Vec::<String>::new());
    assert_eq!(lease.last_rotation("gateway/signing_key/jwt").await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn note_of_another_replica_makes_no_successor_good() {
    let (metrics, retired, lease) = (metrics(), Ids::default(), LocalLease::new());
    let rotator = Rotator::new(key(&metrics, Some(30 * DAY), None), |context| async move {
        Ok::<_, io::Error>(Rotated::until(context.now() - SECOND))
    });
    let rotator = rotator.id(FIRST).backoff(HOUR, HOUR).lease(lease.clone()).overlap(MINUTE);
    let rotator = retired.retired_by(rotator).refresh(|_| async { Ok::<_, io::Error>(None) });
    let handle = rotator.spawn().unwrap();
    sleep(MINUTE).await;
    handle.rotate_now().await.unwrap();
    note(&lease, "other", SystemTime::now(), None).await;
    sleep(5 * MINUTE).await;
    assert_eq!(retired.all(), Vec::<String>::new());
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn note_of_an_older_key_gives_a_start_no_times() {
    let (metrics, calls, wall, lease) = (metrics(), Calls::default(), Wall::new(), LocalLease::new());
    note(&lease, "older", wall.now(), None).await;
    sleep(DAY).await;
    let end = wall.now() + 10 * DAY;
    let key = wall.declare(&metrics, jwt().with_not_after(end).with_last_rotated(wall.now()));
    let rotator = wall.rotator(&calls, key.clone(), 10 * DAY).id(FIRST).lease(lease);
    let handle = rotator.refresh(|_| async { Ok::<_, io::Error>(None) }).spawn().unwrap();
    sleep(MINUTE).await;
    assert_eq!(key.not_after(), Some(end));
    sleep(9 * DAY).await;
    assert_eq!(calls.count(), 1);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn note_of_an_older_key_that_is_over_hastens_nothing() {
    let (metrics, calls, wall, lease) = (metrics(), Calls::default(), Wall::new(), LocalLease::new());
    note(&lease, "older", wall.now(), Some(wall.now() + 30 * DAY)).await;
    sleep(31 * DAY).await;
    let key = wall
        .declare(&metrics, jwt().with_not_after(wall.now() + 29 * DAY).with_last_rotated(wall.now() - DAY));
    let rotator = wall.rotator(&calls, key, 30 * DAY).id(FIRST).lease(lease);
    let handle = rotator.refresh(|_| async { Ok::<_, io::Error>(None) }).spawn().unwrap();
    sleep(HOUR).await;
    assert_eq!(calls.count(), 0);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn note_of_another_key_never_removes_the_end_of_the_one_in_use() {
    let (metrics, calls, wall, lease) = (metrics(), Calls::default(), Wall::new(), LocalLease::new());
    let end = wall.now() + 10 * DAY;
    let key = wall.declare(&metrics, jwt().with_not_after(end));
    let rotator = wall.rotator(&calls, key.clone(), 10 * DAY).id(FIRST).lease(lease.clone());
    let handle = rotator.refresh(|_| async { Ok::<_, io::Error>(None) }).spawn().unwrap();
    sleep(MINUTE).await;
    for later in [None, Some(end + 30 * DAY)] {
        note(&lease, "other", wall.now(), later).await;
        sleep(2 * MINUTE).await;
        assert_eq!(key.not_after(), Some(end));
    }
    sleep(7 * DAY).await;
    assert_eq!(calls.count(), 1);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn restarts_every_day_do_not_keep_a_weekly_rotation_away() {
    // Notes of an older key, and of the one in use by a store whose clock was wrong or that tells no age.
    for (noted, answers) in [("older", true), ("older", false), (FIRST, false)] {
        let (calls, wall, lease) = (Calls::default(), Wall::new(), LocalLease::new());
        note(&lease, noted, wall.now(), None).await;
        let used = Arc::new(Mutex::new((FIRST.to_owned(), wall.now() - DAY)));
        for _ in 0..30 {
            let (id, made) = used.lock().unwrap().clone();
            let (metrics, written, recorded) = (metrics(), Arc::clone(&used), calls.clone());
            let key = wall.declare(&metrics, jwt().with_rotation_interval(7 * DAY).with_last_rotated(made));
            let rotator = Rotator::new(key, move |context| {
                recorded.note(&context);
                *written.lock().unwrap() = (context.id().to_owned(), context.now());
                async { Ok::<_, io::Error>(Rotated::without_end()) }
            });
            let rotator = rotator.id(id).lease(lease.clone()).refresh(move |used| async move {
                let same = Rotated::without_end().id(used.predecessor().unwrap_or_default());
                Ok::<_, io::Error>(answers.then_some(same))
            });
            let handle = rotator.spawn().unwrap();
            sleep(DAY).await;
            handle.shutdown().await;
        }
        assert!((4..=5).contains(&calls.count()), "{noted} {answers}: {}", calls.count());
    }
}

#[tokio::test(start_paused = true)]
async fn ends_that_move_without_an_id_keep_no_rotation_away() {
    let (metrics, calls) = (metrics(), Calls::default());
    let rotator = calls.succeeding(key(&metrics, Some(DAY), None)).id(FIRST);
    let handle = rotator
        .refresh(|used| async move { Ok::<_, io::Error>(Some(Rotated::until(used.now() + 30 * DAY))) })
        .spawn()
        .unwrap();
    sleep(10 * DAY + HOUR).await;
    assert_eq!(calls.count(), 10);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn ends_that_move_without_an_id_end_no_backoff_and_no_wish() {
    let (metrics, calls) = (metrics(), Calls::default());
    let rotator = calls.failing(key(&metrics, Some(30 * DAY), None));
    let handle = rotator
        .refresh(|used| async move { Ok::<_, io::Error>(Some(Rotated::until(used.now() + 90 * DAY))) })
        .spawn()
        .unwrap();
    sleep(MINUTE).await;
    handle.rotate_now().await.unwrap();
    sleep(DAY).await;
    assert!(calls.count() > 10, "{} tries in a day", calls.count());
    let attempts: Vec<u32> =
        calls.all().iter().map(auth_metrics_credentials::rotation::RotationContext::attempt).collect();
    assert!(attempts.iter().copied().eq(1..=attempts.len() as u32), "{attempts:?}");
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn life_of_a_moment_makes_no_hot_loop() {
    for (life, lead) in [(1, None), (10, None), (3_600_001, Some(HOUR))] {
        let (metrics, calls) = (metrics(), Calls::default());
        let recorded = calls.clone();
        let life = Duration::from_millis(life);
        let rotator = Rotator::new(key(&metrics, None, Some(DAY)), move |context| {
            recorded.note(&context);
            async move { Ok::<_, io::Error>(Rotated::until(context.now() + life)) }
        });
        let rotator = lead.into_iter().fold(rotator, |rotator, lead: Duration| rotator.before_expiry(lead));
        let handle = rotator.backoff(SECOND, MINUTE).spawn().unwrap();
        handle.rotate_now().await.unwrap();
        sleep(HOUR).await;
        assert!((30..800).contains(&calls.count()), "{life:?}: {} in an hour", calls.count());
        handle.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn note_of_another_key_leaves_a_compromised_one_compromised() {
    let (metrics, lease) = (metrics(), LocalLease::new());
    let key = key(&metrics, Some(30 * DAY), None);
    let rotator = Calls::default().failing(key.clone()).id(FIRST).lease(lease.clone());
    let handle = rotator.refresh(|_| async { Ok::<_, io::Error>(None) }).spawn().unwrap();
    sleep(MINUTE).await;
    key.compromise().unwrap();
    note(&lease, "other", SystemTime::now(), None).await;
    sleep(2 * MINUTE).await;
    assert_eq!(key.state(), CredentialState::Compromised);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn key_in_use_is_noted_in_place_of_an_older_one() {
    let (metrics, wall, lease) = (metrics(), Wall::new(), LocalLease::new());
    note(&lease, "older", wall.now(), None).await;
    let end = wall.now() + 10 * DAY;
    let key = wall.declare(&metrics, jwt().with_not_after(end).with_last_rotated(wall.now()));
    let handle = Calls::default().failing(key).id(FIRST).lease(lease.clone()).spawn().unwrap();
    sleep(MINUTE).await;
    handle.rotate_now().await.unwrap();
    sleep(SECOND).await;
    let noted = lease.last_rotation("gateway/signing_key/jwt").await.unwrap().unwrap();
    assert_eq!((noted.id(), noted.at(), noted.not_after()), (FIRST, wall.now() - MINUTE - SECOND, Some(end)));
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn end_to_come_makes_a_spoiled_successor_good() {
    let (metrics, retired) = (metrics(), Ids::default());
    let start = SystemTime::now();
    let rotator = Calls::default().failing(key(&metrics, Some(DAY), None)).id(FIRST).overlap(10 * MINUTE);
    let rotator = rotator.refresh(move |used| async move {
        let is_late = used.now() > start + HOUR;
        let end = if is_late { start + 30 * DAY } else { start - HOUR };
        Ok::<_, io::Error>(Some(Rotated::until(end).id("next")))
    });
    let handle = retired.retired_by(rotator).spawn().unwrap();
    sleep(HOUR).await;
    assert_eq!(retired.all(), Vec::<String>::new());
    sleep(12 * MINUTE).await;
    assert_eq!(retired.all(), [FIRST]);
    handle.shutdown().await;
}
