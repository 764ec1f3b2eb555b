//! Tries that fail, panic or hang, and the wait after them.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, SystemTime};

use auth_metrics_credentials::CredentialState;
use auth_metrics_credentials::RotationOutcome;
use auth_metrics_credentials::rotation::{Rotated, RotationContext, Rotator};
use tokio::time::sleep;

use crate::fixture::{Calls, DAY, HOUR, SECOND, event, key, metrics, tries};

#[tokio::test(start_paused = true)]
async fn the_wait_after_failures_doubles_to_its_cap() {
    let (metrics, calls) = (metrics(), Calls::default());
    let handle = calls.failing(key(&metrics, Some(HOUR), None)).backoff(SECOND, 64 * SECOND).spawn().unwrap();
    sleep(3 * HOUR).await;
    handle.shutdown().await;

    let gaps = calls.gaps(SystemTime::now());
    let moment = Duration::from_millis(5);
    for (failures, gap) in gaps.iter().skip(1).enumerate() {
        let limit = (SECOND * 2_u32.pow(failures.min(6) as u32)) + moment;
        assert!((SECOND / 10..=limit).contains(gap), "{gap:?} after {} failures", failures + 1);
    }
    assert!(gaps.iter().skip(7).any(|gap| *gap > 32 * SECOND), "it never came near its cap: {gaps:?}");
    let attempts: Vec<u32> = calls.all().iter().map(RotationContext::attempt).collect();
    assert_eq!(attempts, (1..=calls.count() as u32).collect::<Vec<_>>());
    assert_eq!(tries(&metrics), [0.0, calls.count() as f64, 0.0, 0.0, 0.0]);
    assert_eq!(event(&metrics, "rotation_failed"), calls.count() as f64);
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_a_try_and_not_the_rotator() {
    struct PanicsInDrop;
    impl Drop for PanicsInDrop {
        fn drop(&mut self) {
            panic!("in the drop of what was thrown");
        }
    }
    let metrics = metrics();
    let rotator = Rotator::new(key(&metrics, Some(HOUR), None), |context| {
        assert!(context.attempt() != 1, "before there is a future");
        async move {
            match context.attempt() {
                2 => panic!("inside of it"),
                3 => std::panic::panic_any(PanicsInDrop),
                _ => Ok::<_, io::Error>(Rotated::without_end()),
            }
        }
    });
    let handle = rotator.spawn().unwrap();
    sleep(HOUR + HOUR / 2).await;
    assert_eq!(tries(&metrics), [1.0, 0.0, 3.0, 0.0, 0.0]);
    assert_eq!(event(&metrics, "rotation_failed"), 3.0);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_is_cut_off_and_tried_again() {
    struct Counted(Arc<AtomicUsize>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (metrics, dropped) = (metrics(), Arc::new(AtomicUsize::new(0)));
    let drops = Arc::clone(&dropped);
    let rotator = Rotator::new(key(&metrics, Some(HOUR), None), move |context| {
        let counted = Counted(Arc::clone(&drops));
        async move {
            if context.attempt() < 3 {
                std::future::pending::<()>().await;
            }
            drop(counted);
            Ok::<_, io::Error>(Rotated::without_end())
        }
    });
    let handle = rotator.timeout(20 * SECOND).spawn().unwrap();
    sleep(HOUR + HOUR / 2).await;
    assert_eq!(tries(&metrics), [1.0, 0.0, 0.0, 2.0, 0.0]);
    assert_eq!(dropped.load(Ordering::Relaxed), 3, "what was cut off is gone");
    handle.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn one_that_blocks_its_thread_is_counted_and_the_next_one_waits_for_it() {
    let metrics = metrics();
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    let running = Arc::new(AtomicUsize::new(0));
    let now_running = Arc::clone(&running);
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), move |context| {
        let (released, running) = (Arc::clone(&released), Arc::clone(&now_running));
        async move {
            assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0, "two at a time");
            if context.attempt() == 1 {
                released.lock().unwrap().recv().unwrap();
            }
            running.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, io::Error>(Rotated::without_end())
        }
    });
    let handle = rotator.timeout(Duration::from_millis(50)).spawn().unwrap();
    assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Timeout));
    assert_eq!(running.load(Ordering::SeqCst), 1, "nobody can end it");
    let (next, ()) = tokio::join!(handle.rotate_now(), async { release.send(()).unwrap() });
    assert_eq!(next, Ok(RotationOutcome::Success));
    assert_eq!(tries(&metrics), [1.0, 0.0, 0.0, 1.0, 0.0]);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_expired_meanwhile_is_active_again_with_its_successor() {
    let (metrics, start) = (metrics(), SystemTime::now());
    let key = key(&metrics, None, Some(10 * DAY));
    let rotator = Rotator::new(key.clone(), move |context| async move {
        if context.now() < start + 12 * DAY {
            return Err(io::Error::other("down"));
        }
        Ok(Rotated::until(context.now() + 10 * DAY))
    });
    let handle = rotator.before_expiry(DAY).spawn().unwrap();
    sleep(13 * DAY).await;
    let events = ["expiring", "expired", "rotated"].map(|name| event(&metrics, name));
    assert_eq!(events, [1.0, 1.0, 1.0]);
    assert_eq!(key.state(), CredentialState::Active);
    assert!(key.not_after() > Some(start + 22 * DAY));
    let [success, error, ..] = tries(&metrics);
    assert_eq!((success, error), (1.0, event(&metrics, "rotation_failed")));
    handle.shutdown().await;
}
