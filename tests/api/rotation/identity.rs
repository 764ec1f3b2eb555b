//! Which key is in use and which one is old goes by ids and fencing tokens, and never by a clock.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::rotation::{LocalLease, Rotated, Rotator, RotatorHandle};
use auth_metrics_credentials::{Credential, CredentialTracker, TrackedCredential};
use tokio::time::{Instant, sleep};

use crate::fixture::{Calls, DAY, FIRST, HOUR, Ids, MINUTE, SECOND, event, metrics};

/// The id of the key in the store that the replicas share.
#[derive(Clone)]
struct Store(Arc<Mutex<String>>);

impl Store {
    fn new() -> Store {
        Store(Arc::new(Mutex::new(FIRST.to_owned())))
    }

    fn current(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

/// What `refresh` answers.
#[derive(Clone, Copy, PartialEq)]
enum Answer {
    NoHook,
    None,
    Current,
}

/// One replica: which key it uses, and what it retired.
struct Replica {
    metrics: AuthMetrics,
    key: TrackedCredential,
    used: Arc<Mutex<String>>,
    retired: Ids,
    calls: Calls,
    handle: RotatorHandle,
}

impl Replica {
    /// Whose clock is off by so many milliseconds, and whose key was last rotated then.
    fn start(store: &Store, lease: &LocalLease, clock: Clock, answer: Answer) -> Replica {
        let (metrics, calls, retired) = (metrics(), Calls::default(), Ids::default());
        let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(30 * DAY);
        let key = clock.last_rotated.into_iter().fold(key, Credential::with_last_rotated);
        let key = CredentialTracker::new(&metrics).with_time_of_day(clock.reading()).declare(key).unwrap();
        key.activate().unwrap();
        let used = Arc::new(Mutex::new(store.current()));
        let rotator = Self::rotator(store, &used, &calls, key.clone()).id(store.current());
        let rotator = rotator.overlap(HOUR).lease(lease.clone());
        let rotator = if answer == Answer::NoHook {
            rotator
        } else {
            let (store, used) = (store.clone(), Arc::clone(&used));
            retired.retired_by(rotator).refresh(move |_| {
                if answer == Answer::Current {
                    *used.lock().unwrap() = store.current();
                }
                let found = (answer == Answer::Current).then(|| Rotated::without_end().id(store.current()));
                async move { Ok::<_, io::Error>(found) }
            })
        };
        let handle = rotator.spawn().unwrap();
        Replica { metrics, key, used, retired, calls, handle }
    }

    fn rotator(store: &Store, used: &Arc<Mutex<String>>, calls: &Calls, key: TrackedCredential) -> Rotator {
        let (store, used, calls) = (store.clone(), Arc::clone(used), calls.clone());
        Rotator::new(key, move |context| {
            calls.note(&context);
            let id = context.id().to_owned();
            assert_eq!(context.predecessor(), Some(used.lock().unwrap().as_str()));
            store.0.lock().unwrap().clone_from(&id);
            *used.lock().unwrap() = id;
            async { Ok::<_, io::Error>(Rotated::without_end()) }
        })
    }

    fn used(&self) -> String {
        self.used.lock().unwrap().clone()
    }

    fn assert_uses_none_that_it_retired(&self) {
        assert!(!self.retired.all().contains(&self.used()), "retired {:?}", self.retired.all());
    }
}

/// Tokio's time since some day of 2023, off by so many milliseconds.
#[derive(Clone, Copy)]
struct Clock {
    origin: Instant,
    off: i64,
    last_rotated: Option<SystemTime>,
}

impl Clock {
    fn right() -> Clock {
        Clock { origin: Instant::now(), off: 0, last_rotated: None }
    }

    fn off_by(self, off: i64) -> Clock {
        Clock { off, ..self }
    }

    fn reading(self) -> impl Fn() -> SystemTime + Send + Sync + 'static {
        let millis = (1_700_000_000_900 + self.off).try_into().unwrap();
        let start = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        move || start + self.origin.elapsed()
    }
}

const ANSWERS: [Answer; 3] = [Answer::NoHook, Answer::None, Answer::Current];

#[tokio::test(start_paused = true)]
async fn restart_retires_nothing_whatever_last_rotated_its_store_kept() {
    for answer in ANSWERS {
        // In whole seconds, and set before `rotate` returned.
        for earlier in [Duration::from_millis(900), 10 * SECOND] {
            let (store, lease, clock) = (Store::new(), LocalLease::new(), Clock::right());
            let first = Replica::start(&store, &lease, clock, answer);
            first.handle.rotate_now().await.unwrap();
            let last_rotated = Some(first.key.last_rotated().unwrap() - earlier);
            first.handle.shutdown().await;
            let second = Replica::start(&store, &lease, Clock { last_rotated, ..clock }, answer);
            sleep(DAY).await;
            assert_eq!(second.retired.all(), Vec::<String>::new());
            second.handle.shutdown().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rotations_20_ms_apart_leave_the_key_in_use() {
    for answer in ANSWERS {
        let (store, lease, clock) = (Store::new(), LocalLease::new(), Clock::right());
        let [one, other] = [(), ()].map(|()| Replica::start(&store, &lease, clock, answer));
        sleep(SECOND).await;
        one.handle.rotate_now().await.unwrap();
        sleep(Duration::from_millis(20)).await;
        other.handle.rotate_now().await.unwrap();
        sleep(3 * HOUR).await;
        one.assert_uses_none_that_it_retired();
        other.assert_uses_none_that_it_retired();
    }
}

#[tokio::test(start_paused = true)]
async fn clock_set_back_5_s_between_rotations_leaves_the_key_in_use() {
    for answer in ANSWERS {
        let (store, lease, clock) = (Store::new(), LocalLease::new(), Clock::right());
        let ahead = Replica::start(&store, &lease, clock.off_by(5_000), answer);
        let right = Replica::start(&store, &lease, clock, answer);
        sleep(MINUTE).await;
        ahead.handle.rotate_now().await.unwrap();
        right.handle.rotate_now().await.unwrap();
        sleep(3 * HOUR).await;
        ahead.assert_uses_none_that_it_retired();
        right.assert_uses_none_that_it_retired();
        if answer == Answer::Current {
            assert_eq!((ahead.used(), right.used()), (store.current(), store.current()));
            assert_eq!(ahead.retired.all().len(), 2, "both old keys, in both replicas");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn replica_whose_clock_is_behind_the_note_retires_nothing() {
    for answer in ANSWERS {
        let (store, lease, clock) = (Store::new(), LocalLease::new(), Clock::right());
        let first = Replica::start(&store, &lease, clock, answer);
        first.handle.rotate_now().await.unwrap();
        for off in [-60_000, -86_400_000] {
            let late = Replica::start(&store, &lease, clock.off_by(off), answer);
            sleep(3 * HOUR).await;
            assert_eq!(late.retired.all(), Vec::<String>::new());
            assert_eq!(late.calls.count(), 0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rotation_by_the_slower_clock_reaches_the_others() {
    let (store, lease, clock) = (Store::new(), LocalLease::new(), Clock::right());
    let ahead = Replica::start(&store, &lease, clock.off_by(300_000), Answer::Current);
    let right = Replica::start(&store, &lease, clock, Answer::Current);
    sleep(MINUTE).await;
    ahead.handle.rotate_now().await.unwrap();
    sleep(10 * SECOND).await;
    right.handle.rotate_now().await.unwrap();
    sleep(MINUTE).await;
    assert_eq!(ahead.used(), right.used());
    let noted = ahead.key.last_rotated();
    assert_eq!(noted, right.key.last_rotated(), "by the clock that rotated, though it is behind");
    sleep(DAY).await;
    assert_eq!((event(&ahead.metrics, "retired"), event(&right.metrics, "retired")), (1.0, 1.0));
}

#[tokio::test(start_paused = true)]
async fn note_that_follows_what_refresh_found_retires_nothing() {
    let (store, lease, clock) = (Store::new(), LocalLease::new(), Clock::right());
    let metrics = metrics();
    let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(30 * DAY);
    let key = CredentialTracker::new(&metrics).declare(key).unwrap();
    key.activate().unwrap();
    let stored = store.clone();
    let slow = Rotator::new(key, move |context| {
        *stored.0.lock().unwrap() = context.id().to_owned();
        async {
            sleep(10 * MINUTE).await;
            Ok::<_, io::Error>(Rotated::without_end())
        }
    });
    let holder = slow.lease(lease.clone()).timeout(HOUR).spawn().unwrap();
    let rotated = tokio::spawn(async move { holder.rotate_now().await });
    sleep(MINUTE).await;
    // Both load the new key before its note is there: one says its id at the start, the other hears it from `refresh`.
    let told = Replica::start(&store, &lease, clock, Answer::Current);
    let first = Store::new();
    let found = Replica::start(&first, &lease, clock, Answer::Current);
    *first.0.lock().unwrap() = store.current();
    sleep(20 * MINUTE).await;
    rotated.await.unwrap().unwrap();
    sleep(3 * HOUR).await;
    assert_eq!(told.retired.all(), Vec::<String>::new());
    assert_eq!(found.retired.all(), [FIRST]);
    assert_eq!((told.used(), found.used()), (store.current(), store.current()));
}

#[tokio::test(start_paused = true)]
async fn key_that_is_taken_back_into_use_is_not_retired() {
    let (store, lease, clock) = (Store::new(), LocalLease::new(), Clock::right());
    let replica = Replica::start(&store, &lease, clock, Answer::Current);
    replica.handle.rotate_now().await.unwrap();
    let made = store.current();
    sleep(30 * MINUTE).await;
    *store.0.lock().unwrap() = FIRST.to_owned();
    sleep(DAY).await;
    assert_eq!((replica.used().as_str(), replica.retired.all()), (FIRST, vec![made]));
}

#[tokio::test(start_paused = true)]
async fn without_an_id_refresh_tells_times_and_retires_nothing() {
    let (metrics, calls) = (metrics(), Calls::default());
    let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(DAY);
    let key = CredentialTracker::new(&metrics).declare(key).unwrap();
    key.activate().unwrap();
    let end = SystemTime::now() + 90 * DAY;
    let rotator = calls.succeeding(key.clone()).id(FIRST).overlap(MINUTE);
    let rotator = rotator.refresh(move |_| async move { Ok::<_, io::Error>(Some(Rotated::until(end))) });
    let retired = Ids::default();
    let handle = retired.retired_by(rotator).spawn().unwrap();
    sleep(HOUR).await;
    assert_eq!((key.not_after(), retired.all(), calls.count()), (Some(end), Vec::new(), 0));
    sleep(DAY).await;
    assert_eq!(calls.count(), 1, "a store that never says anything new does not keep it from rotating");
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn successor_with_the_id_in_use_is_a_renewal_and_retires_nothing() {
    let (metrics, retired) = (metrics(), Ids::default());
    let key = crate::fixture::key(&metrics, Some(DAY), None);
    let rotator = Rotator::new(key, |_| async { Ok::<_, io::Error>(Rotated::without_end().id(FIRST)) });
    let handle = retired.retired_by(rotator.id(FIRST)).spawn().unwrap();
    sleep(3 * DAY + HOUR).await;
    assert_eq!((event(&metrics, "rotated"), event(&metrics, "retired")), (3.0, 0.0));
    assert_eq!(retired.all(), Vec::<String>::new());
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn no_two_tries_get_one_id() {
    let calls = Calls::default();
    for _ in 0..3 {
        let metrics = metrics();
        let failing = calls.failing(crate::fixture::key(&metrics, Some(DAY), None)).spawn().unwrap();
        sleep(DAY + HOUR).await;
        failing.shutdown().await;
    }
    let ids: std::collections::HashSet<String> = calls.all().iter().map(|it| it.id().to_owned()).collect();
    assert!(ids.len() == calls.count() && ids.len() > 10);
    assert!(ids.iter().all(|id| id.len() == 28), "{ids:?}");
    let shown = format!("{:?}", calls.all());
    assert!(!ids.iter().any(|id| shown.contains(id.as_str())), "{shown}");
}
