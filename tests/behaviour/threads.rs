//! Cells are owned by threads; no count is lost when one ends, migrates or is torn down.

use std::cell::RefCell;

use auth_metrics::testing::Scope;
use auth_metrics::{Attempt, FailureReason, Outcome, auth_metered};

use crate::ledger;

#[derive(Debug, FailureReason)]
enum Never {}

#[auth_metered(op = "threaded")]
fn threaded() -> Result<(), Never> {
    Ok(())
}

#[auth_metered(op = "migrating")]
async fn migrating() -> Result<(), Never> {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    Ok(())
}

#[test]
fn threads_one_after_another_leave_their_counts() {
    let scope = Scope::new();
    for _ in 0..512 {
        let inside = scope.clone();
        std::thread::spawn(move || inside.run_sync(threaded)).join().unwrap().unwrap();
    }
    assert_eq!(ledger(&scope, "threaded"), [512.0, 0.0, 512.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn more_threads_at_once_than_slots_lose_nothing() {
    const THREADS: usize = 1100;
    let scope = Scope::new();
    let barrier = std::sync::Barrier::new(THREADS);
    std::thread::scope(|threads| {
        for _ in 0..THREADS {
            let spawned = std::thread::Builder::new().stack_size(64 * 1024).spawn_scoped(threads, || {
                scope.run_sync(threaded).unwrap();
                barrier.wait();
                scope.run_sync(threaded).unwrap();
            });
            spawned.unwrap();
        }
    });
    assert_eq!(ledger(&scope, "threaded")[0], 2.0 * THREADS as f64);
    assert_eq!(ledger(&scope, "threaded")[2], 2.0 * THREADS as f64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_that_migrates_is_counted_once() {
    let scope = Scope::new();
    let tasks: Vec<_> = (0..200).map(|_| scope.spawn(migrating())).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(ledger(&scope, "migrating"), [200.0, 0.0, 200.0, 0.0, 0.0, 0.0, 0.0]);
}

thread_local! {
    static KEPT: RefCell<Vec<Attempt>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn attempt_that_ends_while_its_thread_is_torn_down_is_counted() {
    let scope = Scope::new();
    for _ in 0..3 {
        let metrics = scope.metrics().clone();
        let thread = std::thread::spawn(move || {
            KEPT.with_borrow_mut(|kept| kept.push(metrics.attempt("torn_down")));
            metrics.attempt("torn_down").finish(Outcome::Success);
        });
        thread.join().unwrap();
    }
    assert_eq!(ledger(&scope, "torn_down"), [6.0, 0.0, 3.0, 0.0, 0.0, 0.0, 3.0]);
}
