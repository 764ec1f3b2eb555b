//! Functions that are not `async` and return a future are metered as that future.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, auth_metered};
use futures_util::future::{BoxFuture, FutureExt, LocalBoxFuture};

use crate::{failures, ledger};

#[derive(Debug, FailureReason)]
enum FutureError {
    SessionExpired,
}

#[auth_metered(op = "returned_impl")]
fn returned_impl(fail: bool) -> impl Future<Output = Result<u8, FutureError>> + Send {
    async move { if fail { Err(FutureError::SessionExpired) } else { Ok(1) } }
}

#[auth_metered(op = "returned_pin")]
fn returned_pin<'a>(
    name: &'a str,
) -> Pin<Box<dyn Future<Output = Result<&'a str, FutureError>> + Send + 'a>> {
    Box::pin(async move { Ok(name) })
}

#[auth_metered(op = "returned_box")]
fn returned_box(fail: bool) -> BoxFuture<'static, Result<u8, FutureError>> {
    async move { if fail { Err(FutureError::SessionExpired) } else { Ok(1) } }.boxed()
}

#[auth_metered(op = "returned_local", false_is = session_invalid)]
fn returned_local(answer: bool) -> LocalBoxFuture<'static, bool> {
    async move { answer }.boxed_local()
}

#[auth_metered(op = "panics_before")]
fn panics_before() -> BoxFuture<'static, Result<u8, FutureError>> {
    panic!("as planned")
}

type Hidden = BoxFuture<'static, Result<u8, FutureError>>;

#[auth_metered(op = "hidden", future)]
fn hidden() -> Hidden {
    async { Err(FutureError::SessionExpired) }.boxed()
}

#[async_trait::async_trait]
trait Verifier {
    async fn verify(&self, fail: bool) -> Result<u8, FutureError>;
    async fn outside(&self) -> Result<u8, FutureError>;
}

struct Plain;

#[async_trait::async_trait]
impl Verifier for Plain {
    #[auth_metered(op = "async_trait")]
    async fn verify(&self, fail: bool) -> Result<u8, FutureError> {
        if fail { Err(FutureError::SessionExpired) } else { Ok(1) }
    }

    #[auth_metered(op = "async_trait_default")]
    async fn outside(&self) -> Result<u8, FutureError> {
        Ok(2)
    }
}

#[tokio::test]
async fn impl_future_is_metered_as_the_future() {
    let scope = Scope::new();
    scope.run(async { assert!(returned_impl(true).await.is_err()) }).await;
    scope.run(async { assert!(returned_impl(false).await.is_ok()) }).await;
    assert_eq!(ledger(&scope, "returned_impl"), [2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "returned_impl", "session_expired"), 1.0);
}

#[tokio::test]
async fn boxed_futures_are_metered_as_the_future() {
    let scope = Scope::new();
    scope.run(async { assert_eq!(returned_pin("name").await.unwrap(), "name") }).await;
    scope.run(async { assert!(returned_box(true).await.is_err()) }).await;
    scope.run(async { assert!(!returned_local(false).await) }).await;
    scope.run(async { assert!(hidden().await.is_err()) }).await;
    assert_eq!(ledger(&scope, "returned_pin")[2], 1.0);
    assert_eq!(failures(&scope, "returned_box", "session_expired"), 1.0);
    assert_eq!(failures(&scope, "returned_local", "session_invalid"), 1.0);
    assert_eq!(failures(&scope, "hidden", "session_expired"), 1.0);
}

#[tokio::test]
async fn returned_future_that_is_never_polled_counts_nothing() {
    let scope = Scope::new();
    scope.run(async { drop((returned_impl(false), returned_box(false))) }).await;
    assert_eq!(ledger(&scope, "returned_impl"), [0.0; 7]);
    assert_eq!(ledger(&scope, "returned_box"), [0.0; 7]);
}

#[test]
fn panic_before_the_future_is_made_counts_as_panicked() {
    let scope = Scope::new();
    let unwound = std::panic::catch_unwind(AssertUnwindSafe(|| scope.run_sync(|| drop(panics_before()))));
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
    let scope = Scope::with(auth_metrics::AuthMetrics::builder().clock(clock).build().unwrap());
    let future = scope.run_sync(prepared);
    NOW.fetch_add(100, Ordering::Relaxed); // between the call and the first poll nothing is measured
    scope.run_sync(|| future.now_or_never()).unwrap().unwrap();
    let sum = scope.snapshot().value("service_auth_latency_seconds_sum", &[("operation", "prepared")]);
    assert_eq!(sum, Some(3.0));
}

#[tokio::test]
async fn methods_of_async_trait_are_metered_inside() {
    let scope = Scope::new();
    assert!(scope.run(Plain.verify(true)).await.is_err());
    assert!(scope.run(Plain.outside()).await.is_ok());
    assert_eq!(failures(&scope, "async_trait", "session_expired"), 1.0);
    assert_eq!(ledger(&scope, "async_trait_default")[2], 1.0);
}
