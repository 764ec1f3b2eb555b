//! Counts of one scope are its own: across tasks, threads and nested scopes.

use auth_metrics::testing::{self, Scope};
use auth_metrics::{AuthMetrics, FailureReason, auth_metered};

use crate::{count, ledger};

#[derive(Debug, FailureReason)]
enum Never {}

#[auth_metered(op = "scoped")]
async fn scoped() -> Result<(), Never> {
    tokio::task::yield_now().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_scopes_at_once_do_not_see_each_other() {
    let (one, two) = (Scope::new(), Scope::new());
    let ones: Vec<_> = (0..50).map(|_| one.spawn(scoped())).collect();
    let twos: Vec<_> = (0..30).map(|_| two.spawn(scoped())).collect();
    for task in ones.into_iter().chain(twos) {
        task.await.unwrap().unwrap();
    }
    assert_eq!([ledger(&one, "scoped")[0], ledger(&two, "scoped")[0]], [50.0, 30.0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn free_functions_mean_the_scope_they_run_in() {
    testing::scope(async {
        testing::spawn(scoped()).await.unwrap().unwrap();
        scoped().await.unwrap();
        let snapshot = testing::snapshot();
        assert_eq!(count(&snapshot, "auth_operations_started_total", &[("operation", "scoped")]), 2.0);
    })
    .await;
}

#[tokio::test]
async fn inner_scope_ends_and_the_outer_one_is_meant_again() {
    let (outer, inner) = (Scope::new(), Scope::new());
    outer
        .metrics()
        .scope(async {
            scoped().await.unwrap();
            inner.metrics().scope(scoped()).await.unwrap();
            scoped().await.unwrap();
        })
        .await;
    assert_eq!([ledger(&outer, "scoped")[0], ledger(&inner, "scoped")[0]], [2.0, 1.0]);
}

#[test]
#[should_panic(expected = "outside of a scope")]
fn snapshot_outside_of_a_scope_says_so() {
    let _ = testing::snapshot();
}

#[tokio::test]
async fn scope_takes_a_handle_with_a_clock_of_the_tests_own() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    let seconds = Arc::new(AtomicU64::new(0));
    let reading = Arc::clone(&seconds);
    let clock = auth_metrics::Clock::from_fn(move || Duration::from_secs(reading.load(Ordering::Relaxed)));
    let metrics = AuthMetrics::builder().clock(clock).build().unwrap();

    let attempt = metrics.attempt("slow");
    seconds.store(3, Ordering::Relaxed);
    attempt.finish(auth_metrics::Outcome::Success);
    let snapshot = metrics.snapshot();
    let bucket =
        |le| count(&snapshot, "service_auth_latency_seconds_bucket", &[("operation", "slow"), ("le", le)]);
    assert_eq!([bucket("2.5"), bucket("5"), bucket("+Inf")], [0.0, 1.0, 1.0]);
    assert_eq!(count(&snapshot, "service_auth_latency_seconds_sum", &[("operation", "slow")]), 3.0);
}

#[async_trait::async_trait]
trait Tenants {
    async fn tenant(&self, id: &str) -> Result<(), Never>;
}

struct Directory;

#[async_trait::async_trait]
impl Tenants for Directory {
    #[auth_metered(op = "tenant", service = id)]
    async fn tenant(&self, id: &str) -> Result<(), Never> {
        tokio::task::yield_now().await;
        let _ = id;
        Ok(())
    }
}

#[tokio::test]
async fn boxed_future_counts_in_the_scope_it_is_polled_in() {
    let scope = Scope::new();
    let future = Directory.tenant("orders"); // made outside
    scope.metrics().scope(future).await.unwrap();
    let labels = [("operation", "tenant"), ("service_id", "orders"), ("outcome", "success")];
    assert_eq!(count(&scope.snapshot(), "auth_operations_total", &labels), 1.0);
}

/// Calls a metered function when it drops.
struct Farewell;

#[auth_metered(op = "farewell")]
fn farewell() -> Result<(), Never> {
    Ok(())
}

impl Drop for Farewell {
    fn drop(&mut self) {
        let _ = farewell();
    }
}

#[tokio::test]
async fn what_a_cancelled_future_drops_is_inside_its_scope() {
    let scope = Scope::new();
    let run = scope.metrics().scope(async {
        let _farewell = Farewell;
        std::future::pending::<()>().await;
    });
    assert!(tokio::time::timeout(std::time::Duration::ZERO, run).await.is_err());
    assert_eq!(ledger(&scope, "farewell")[2], 1.0);
}

#[test]
fn handles_and_metered_futures_keep_their_auto_traits() {
    fn assert_all<T: Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>(_: &T) {}
    fn assert_future<T: Send + std::panic::UnwindSafe>(_: T) {}
    #[auth_metered(op = "ready")]
    async fn ready() -> Result<(), Never> {
        Ok(())
    }
    assert_all(&AuthMetrics::builder().build().unwrap());
    assert_all(&Scope::new());
    assert_future(ready());
}
