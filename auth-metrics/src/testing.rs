//! Isolated counts for tests, and how a test reads them. Knows nothing of exposition.
//!
//! Turn the feature `testing` on in `[dev-dependencies]`. [`spawn`] and [`Scope::spawn`] need the feature `tokio1` too: nothing else here
//! knows a runtime.
//!
//! ```
//! use auth_metrics::{FailureReason, auth_metered, testing};
//!
//! #[derive(FailureReason)]
//! enum PinError {
//!     #[reason(invalid_credentials)]
//!     Wrong,
//! }
//!
//! #[auth_metered(op = "pin")]
//! async fn pin(digits: &str) -> Result<(), PinError> {
//!     if digits == "0000" { Ok(()) } else { Err(PinError::Wrong) }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! testing::scope(async {
//!     let spawned = testing::spawn(pin("0000"));
//!     assert!(pin("1234").await.is_err());
//!     assert!(spawned.await.is_ok());
//!
//!     let snapshot = testing::snapshot();
//!     assert_eq!(snapshot.value("auth_operations_started_total", &[("operation", "pin")]), Some(2.0));
//!     assert_eq!(snapshot.value("service_auth_failed_total", &[("failure_reason", "invalid_credentials")]), Some(1.0));
//! })
//! .await;
//! # }
//! ```

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ambient::{self, Scoped};
use crate::catalogue::Budget;
use crate::events::{Event, Observer};
use crate::groups::{Group, Samples};
use crate::handle::AuthMetrics;
use crate::read::Snapshot;
use crate::terms::Family;

/// The counts of one test.
///
/// Everything that runs inside is counted here and nowhere else; tests that run at the same time do not see each other.
#[derive(Clone, Debug)]
pub struct Scope {
    metrics: AuthMetrics,
}

/// The events of a scope so far, kept with its handle.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Event>>>);

impl Kept {
    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Group for Kept {
    fn families(&self) -> Vec<&'static Family> {
        Vec::new()
    }

    fn collect(&self, _: &mut Samples) {}
}

impl Observer for Kept {
    fn name(&self) -> &'static str {
        "scope"
    }

    fn observe(&self, events: &[Event]) {
        self.events().extend_from_slice(events);
    }
}

impl Scope {
    /// An empty scope, with a handle of its own whose `service_id` is `unknown_service`.
    pub fn new() -> Scope {
        let kept = Kept::default();
        let metrics = AuthMetrics::kept_by(kept.clone());
        // It has no families that could clash.
        let _ = metrics.group(|| kept);
        metrics.tell_of_internal_errors();
        Scope { metrics }
    }

    /// The scope that this code runs in, or `None` outside of any.
    pub fn current() -> Option<Scope> {
        ambient::scoped().map(|metrics| Scope { metrics })
    }

    /// Spawns a task inside, on the tokio runtime that this code runs on.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as `tokio::spawn` does.
    #[cfg(feature = "tokio1")]
    pub fn spawn<F>(&self, future: F) -> tokio::task::JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        tokio::spawn(self.metrics.scope(future))
    }

    /// The handle that is recorded into. Its [`scope`](AuthMetrics::scope) runs a future inside, and its
    /// [`in_scope`](AuthMetrics::in_scope) a function.
    pub fn metrics(&self) -> &AuthMetrics {
        &self.metrics
    }

    /// What was counted so far.
    pub fn snapshot(&self) -> Snapshot {
        self.metrics.snapshot()
    }

    /// The events of the attempts that ended so far: those of one thread in their order. No thread delivers them and nothing is dropped,
    /// up to a million for each thread.
    ///
    /// # Panics
    ///
    /// If this is the scope of a handle that you built yourself. Give that one an observer.
    #[track_caller]
    #[expect(clippy::expect_used, reason = "a test that asks the wrong scope must fail")]
    pub fn events(&self) -> Vec<Event> {
        let kept = self.metrics.inner.groups.find::<Kept>().expect(
            "this scope is that of a handle built by hand: give that an observer, or use `auth_metrics::testing::scope`",
        );
        self.metrics.events().poll();
        kept.events().clone()
    }
}

impl Default for Scope {
    fn default() -> Scope {
        Scope::new()
    }
}

/// Runs a future in a new scope. Inside, [`spawn`] and [`snapshot`] mean that scope.
///
/// To give the scope another service id or another clock, build the handle yourself and use [`AuthMetrics::scope`].
pub fn scope<F: Future>(future: F) -> Scoped<F> {
    Scope::new().metrics.scope(future)
}

/// Spawns a task in the scope that this code runs in.
///
/// # Panics
///
/// Outside of a scope, or outside of a tokio runtime.
#[cfg(feature = "tokio1")]
#[track_caller]
pub fn spawn<F>(future: F) -> tokio::task::JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    here().spawn(future)
}

/// What was counted so far in the scope that this code runs in.
///
/// # Panics
///
/// Outside of a scope.
#[track_caller]
pub fn snapshot() -> Snapshot {
    here().snapshot()
}

/// Fails the test if the binary's operations cost more series than the budget allows.
///
/// It also fails if functions of one operation have different kinds, if the reasons of an operation are unknown, or if an
/// operation reveals which accounts exist ([`account_oracles`](crate::Catalogue::account_oracles)). The message names the most
/// expensive operations and where they are.
///
/// If the reasons of an operation are [unknown](crate::catalogue::Operation::has_unknown_reasons), put the attribute on the
/// `impl` of the method, or declare them on the handle of a scope as the program does on its own:
///
/// ```standalone_crate
/// use auth_metrics::catalogue::Budget;
/// use auth_metrics::{FailureReason, auth_metered, testing};
///
/// #[derive(FailureReason)]
/// enum LoginError {
///     InvalidCredentials,
/// }
///
/// #[auth_metered(op = "retry")]
/// fn retry<E: FailureReason>(attempt: impl Fn() -> Result<(), E>) -> Result<(), E> {
///     attempt().or_else(|_| attempt())
/// }
///
/// let scope = testing::Scope::new();
/// scope.metrics().declare::<LoginError>("retry");
/// scope.metrics().in_scope(|| testing::assert_catalogue(&Budget { series: 500, services: 10 }));
/// ```
///
/// The cost is that of the scope that this code runs in, or else of a handle with default options: inside
/// [`AuthMetrics::in_scope`] of the handle that the program builds, its buckets and its exposure count. What the total leaves
/// out stands with [`Catalogue::series`](crate::Catalogue::series).
///
/// ```standalone_crate
/// use auth_metrics::catalogue::Budget;
/// use auth_metrics::{FailureReason, auth_metered, testing};
///
/// #[derive(FailureReason)]
/// enum LoginError {
///     InvalidCredentials,
/// }
///
/// #[auth_metered(op = "login")]
/// async fn login(password: &str) -> Result<(), LoginError> {
///     if password == "correct horse" { Ok(()) } else { Err(LoginError::InvalidCredentials) }
/// }
///
/// # fn the_metrics_stay_within_their_budget() {
/// testing::assert_catalogue(&Budget { series: 500, services: 10 });
/// # }
/// # fn main() {
/// #     the_metrics_stay_within_their_budget();
/// # }
/// ```
///
/// # Panics
///
/// Where [`Catalogue::check`](crate::Catalogue::check) gives an error, and where the catalogue is empty: a budget that nothing
/// can exceed proves nothing. A test in `tests/` has the operations of a library only if it names that library
/// (`use your_crate as _;`); with `--cfg auth_metrics_disabled` there are none.
#[track_caller]
#[expect(clippy::panic, reason = "it is an assertion")]
pub fn assert_catalogue(budget: &Budget) {
    let catalogue = Scope::current().unwrap_or_default().metrics.catalogue();
    assert!(
        catalogue.iter().next().is_some(),
        "no operation is in the catalogue: name the library that has them (`use your_crate as _;`); with \
         `--cfg auth_metrics_disabled` there are none"
    );
    if let Err(error) = catalogue.check(budget) {
        panic!("{error}");
    }
}

#[track_caller]
#[expect(clippy::expect_used, reason = "a test that stands outside of its scope must fail")]
fn here() -> Scope {
    Scope::current()
        .expect("this runs outside of a scope: wrap the test in `auth_metrics::testing::scope(async { … })`")
}
