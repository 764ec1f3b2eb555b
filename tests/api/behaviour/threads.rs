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
        std::thread::spawn(move || inside.metrics().in_scope(threaded)).join().unwrap().unwrap();
    }
    assert_eq!(ledger(&scope, "threaded"), [512.0, 0.0, 512.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn more_threads_at_once_than_slots_lose_nothing() {
    const THREADS: usize = 1100;
    const CALLS: usize = 200;
    let scope = Scope::new();
    let barrier = std::sync::Barrier::new(THREADS);
    std::thread::scope(|threads| {
        for _ in 0..THREADS {
            let spawned = std::thread::Builder::new().stack_size(64 * 1024).spawn_scoped(threads, || {
                barrier.wait();
                for _ in 0..CALLS {
                    scope.metrics().in_scope(threaded).unwrap();
                }
                barrier.wait(); // no slot is handed on before all have recorded
            });
            spawned.unwrap();
        }
    });
    let all = (THREADS * CALLS) as f64;
    assert_eq!(ledger(&scope, "threaded"), [all, 0.0, all, 0.0, 0.0, 0.0, 0.0]);
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

/// Records from a destructor that may run after the library's own.
struct Late(Option<Scope>);

impl Drop for Late {
    fn drop(&mut self) {
        for _ in 0..2_000 {
            self.0.iter().for_each(|scope| scope.metrics().attempt("late").finish(Outcome::Success));
        }
    }
}

thread_local! {
    static LATE: RefCell<Late> = const { RefCell::new(Late(None)) };
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

#[test]
fn threads_that_record_while_they_are_torn_down_lose_nothing() {
    let scope = Scope::new();
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                LATE.with_borrow_mut(|late| late.0 = Some(scope.clone()));
                scope.metrics().attempt("late").finish(Outcome::Success);
            });
        }
    });
    // A scoped thread counts as ended before its destructors have run.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while ledger(&scope, "late")[2] < 8_004.0 && std::time::Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert_eq!(ledger(&scope, "late"), [8_004.0, 0.0, 8_004.0, 0.0, 0.0, 0.0, 0.0]);
}
