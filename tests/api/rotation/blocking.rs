//! Hooks that block their thread, so that no timer of the runtime may be seen in time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use auth_metrics_credentials::RotationOutcome::{Success, Timeout};
use auth_metrics_credentials::rotation::{Rotated, Rotator};

use crate::fixture::{DAY, event, key, metrics, tries};

const TIMEOUT: Duration = Duration::from_millis(50);

/// The first try blocks until its time is over for certain, and then succeeds.
async fn blocks_past_its_timeout() {
    let (metrics, running) = (metrics(), Arc::new(AtomicUsize::new(0)));
    let runs = Arc::clone(&running);
    let rotator = Rotator::new(key(&metrics, Some(DAY), None), move |context| {
        let running = Arc::clone(&runs);
        async move {
            assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0, "two at a time");
            let start = Instant::now();
            while context.attempt() == 1 && start.elapsed() < 2 * TIMEOUT {
                std::thread::yield_now();
            }
            running.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, io::Error>(Rotated::without_end())
        }
    });
    let handle = rotator.timeout(TIMEOUT).spawn().unwrap();
    assert_eq!(handle.rotate_now().await, Ok(Timeout));
    assert_eq!(event(&metrics, "rotation_failed"), 1.0);
    assert_eq!(handle.rotate_now().await, Ok(Success));
    assert_eq!(tries(&metrics), [1.0, 0.0, 0.0, 1.0, 0.0]);
    handle.shutdown().await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_try_that_blocks_the_only_thread_past_its_timeout_is_no_success() {
    blocks_past_its_timeout().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_try_that_blocks_one_of_several_threads_past_its_timeout_is_no_success() {
    blocks_past_its_timeout().await;
}
