//! Functions that are not `async` and return a future: when their attempt begins. What they count is tested in `tests/shapes`.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, auth_metered};
use futures_util::future::{BoxFuture, FutureExt};

use crate::ledger;

#[derive(Debug, FailureReason)]
enum FutureError {
    SessionExpired,
}

#[auth_metered(op = "returned_impl")]
fn returned_impl(fail: bool) -> impl Future<Output = Result<u8, FutureError>> + Send {
    async move { if fail { Err(FutureError::SessionExpired) } else { Ok(1) } }
}

#[auth_metered(op = "returned_box")]
fn returned_box(fail: bool) -> BoxFuture<'static, Result<u8, FutureError>> {
    async move { if fail { Err(FutureError::SessionExpired) } else { Ok(1) } }.boxed()
}

#[auth_metered(op = "panics_before")]
fn panics_before() -> BoxFuture<'static, Result<u8, FutureError>> {
    panic!("as planned")
}

#[tokio::test]
async fn returned_future_that_is_never_polled_counts_nothing() {
    let scope = Scope::new();
    scope.metrics().scope(async { drop((returned_impl(false), returned_box(false))) }).await;
    assert_eq!(ledger(&scope, "returned_impl"), [0.0; 7]);
    assert_eq!(ledger(&scope, "returned_box"), [0.0; 7]);
}

#[test]
fn panic_before_the_future_is_made_counts_as_panicked() {
    let scope = Scope::new();
    let unwound =
        std::panic::catch_unwind(AssertUnwindSafe(|| scope.metrics().in_scope(|| drop(panics_before()))));
    assert!(unwound.is_err());
    assert_eq!(ledger(&scope, "panics_before"), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
}

#[test]
fn time_before_the_future_is_made_is_inside_the_attempt() {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    static NOW: AtomicU64 = AtomicU64::new(0);

    #[auth_metered(op = "prepared")]
    fn prepared() -> impl Future<Output = Result<(), FutureError>> {
        NOW.fetch_add(2, Ordering::Relaxed);
        async {
            NOW.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    }

    let clock = auth_metrics::Clock::from_fn(|| Duration::from_secs(NOW.load(Ordering::Relaxed)));
    let metrics = auth_metrics::AuthMetrics::builder().clock(clock).build().unwrap();
    let future = metrics.in_scope(prepared);
    NOW.fetch_add(100, Ordering::Relaxed); // between the call and the first poll nothing is measured
    metrics.in_scope(|| future.now_or_never()).unwrap().unwrap();
    let sum = metrics.snapshot().value("service_auth_latency_seconds_sum", &[("operation", "prepared")]);
    assert_eq!(sum, Some(3.0));
}
