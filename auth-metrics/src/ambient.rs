//! Which handle a call means that names none: the task's scope, else the process's, else a default one.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::handle::{AuthMetrics, Error};

static PROCESS: OnceLock<AuthMetrics> = OnceLock::new();

/// Whether anything was ever scoped: the hot path of a process that scopes nothing looks no further.
static SCOPED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static SCOPE: RefCell<Option<AuthMetrics>> = const { RefCell::new(None) };
}

/// A handle that was found, borrowed for ever where that is possible.
#[derive(Clone)]
pub(crate) enum Handle {
    Process(&'static AuthMetrics),
    Shared(AuthMetrics),
}

impl Handle {
    pub(crate) fn metrics(&self) -> &AuthMetrics {
        match self {
            Handle::Process(metrics) => metrics,
            Handle::Shared(metrics) => metrics,
        }
    }
}

impl AuthMetrics {
    /// Makes this handle the process's: the one that annotated functions record into when nothing else is said.
    ///
    /// Call it before the first recording. Installing the same handle again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyInstalled`] if another handle is the process's, be it the default one that the first recording
    /// made. A process that installs none must not register one in the `prometheus` default registry either: the default
    /// handle could not go there any more. Nor may a collector of that registry be metered, since the default handle is
    /// made by the first recording.
    pub fn install(&self) -> Result<(), Error> {
        let installed = PROCESS.get_or_init(|| self.clone());
        if installed.is(self) { Ok(()) } else { Err(Error::AlreadyInstalled) }
    }

    /// Runs a future in which this handle is meant wherever none is named, on any executor. Tasks that the future spawns
    /// are outside, unless they are wrapped too.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
    ///
    /// #[derive(FailureReason)]
    /// enum Never {}
    ///
    /// #[auth_metered(op = "probe")]
    /// async fn probe() -> Result<(), Never> {
    ///     Ok(())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), auth_metrics::Error> {
    /// let tenant = AuthMetrics::builder().service_id("tenant").build()?;
    /// let _ = tenant.scope(probe()).await;
    /// assert_eq!(tenant.snapshot().value("auth_operations_total", &[("operation", "probe")]), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn scope<F: Future>(&self, future: F) -> Scoped<F> {
        Scoped { future: Some(future), metrics: self.clone() }
    }

    /// Runs a function in which this handle is meant wherever none is named, on this thread.
    pub fn in_scope<R>(&self, body: impl FnOnce() -> R) -> R {
        let _entered = Entered::enter(self.clone());
        body()
    }

    /// The handle that an annotated function would record into here: the task's scope, else the process's, else a
    /// default one that is made now and registered in the `prometheus` default registry.
    pub fn current() -> AuthMetrics {
        match current() {
            Handle::Process(metrics) => metrics.clone(),
            Handle::Shared(metrics) => metrics,
        }
    }
}

/// Whether a call that names no handle means the process's.
#[inline]
pub(crate) fn is_unscoped() -> bool {
    !SCOPED.load(Ordering::Relaxed) || SCOPE.try_with(|scope| scope.borrow().is_none()).unwrap_or(true)
}

pub(crate) fn current() -> Handle {
    match scoped() {
        Some(metrics) => Handle::Shared(metrics),
        None => Handle::Process(PROCESS.get().unwrap_or_else(default_handle)),
    }
}

/// The handle that is meant here, if there is one yet: nothing is made.
pub(crate) fn existing() -> Option<Handle> {
    scoped().map(Handle::Shared).or_else(|| PROCESS.get().map(Handle::Process))
}

/// The process's handle if it is this one: its series can then be borrowed for ever.
pub(crate) fn found(metrics: &AuthMetrics) -> Handle {
    match PROCESS.get().filter(|process| process.is(metrics)) {
        Some(process) => Handle::Process(process),
        None => Handle::Shared(metrics.clone()),
    }
}

pub(crate) fn scoped() -> Option<AuthMetrics> {
    if !SCOPED.load(Ordering::Relaxed) {
        return None;
    }
    SCOPE.try_with(|scope| scope.borrow().clone()).ok().flatten()
}

/// Makes the default handle. The hooks run, and its internal errors are logged, only after it is the process's: what a hook
/// calls, and the logger, may be metered themselves.
#[cold]
fn default_handle() -> &'static AuthMetrics {
    let mut made = false;
    let metrics = PROCESS.get_or_init(|| {
        made = true;
        AuthMetrics::unconfigured()
    });
    if made {
        metrics.tell_of_internal_errors();
        for hook in crate::WHEN_DEFAULT_IS_MADE {
            hook(metrics);
        }
    }
    metrics
}

/// The scope of this thread while it lives; what was before comes back when it drops.
struct Entered(Option<AuthMetrics>);

impl Entered {
    fn enter(metrics: AuthMetrics) -> Entered {
        SCOPED.store(true, Ordering::Relaxed);
        Entered(SCOPE.try_with(|scope| scope.replace(Some(metrics))).ok().flatten())
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let before = self.0.take();
        // Where the thread is being torn down there is no scope left to restore.
        drop(SCOPE.try_with(|scope| scope.replace(before)));
    }
}

pin_project! {
    /// A future that runs in a handle's scope; made by [`AuthMetrics::scope`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Scoped<F> {
        #[pin]
        future: Option<F>,
        metrics: AuthMetrics,
    }

    impl<F> PinnedDrop for Scoped<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // What the future drops is inside the scope too.
            let _entered = Entered::enter(this.metrics.clone());
            this.future.set(None);
        }
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = Entered::enter(this.metrics.clone());
        match this.future.as_pin_mut() {
            Some(future) => future.poll(context),
            // It is taken only while this is dropped.
            None => Poll::Pending,
        }
    }
}
