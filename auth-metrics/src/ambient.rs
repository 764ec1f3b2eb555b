//! Chooses the handle for a call that does not name one: that of the task's scope, else the installed one, else a default one.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use pin_project_lite::pin_project;

use crate::handle::{AuthMetrics, Error};
use crate::storage::{Clock, close_short, open_short};

static PROCESS: OnceLock<AuthMetrics> = OnceLock::new();

/// Whether anything was ever scoped. If not, nobody looks further.
static SCOPED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static SCOPE: RefCell<Option<AuthMetrics>> = const { RefCell::new(None) };
}

/// A handle that was found, borrowed for ever if possible.
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
    /// Installs this handle for the whole process: annotated functions that name no handle record into it.
    ///
    /// Call it before the first recording. Installing the same handle again changes nothing.
    ///
    /// If you don't install a handle, the first recording makes a default one and registers it in the `prometheus` default
    /// registry. So don't register another handle there, and don't meter a collector of that registry.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyInstalled`] if another handle is installed, or if the first recording has already made the default one.
    pub fn install(&self) -> Result<(), Error> {
        let installed = PROCESS.get_or_init(|| self.clone());
        installed.inner.core.note_installed();
        if installed.is(self) { Ok(()) } else { Err(Error::AlreadyInstalled) }
    }

    /// Runs a future, on any executor, in which calls that name no handle record into this one. Tasks that the future spawns are
    /// not part of the scope, unless you wrap them too.
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

    /// Runs a function, on this thread, in which calls that name no handle record into this one.
    pub fn in_scope<R>(&self, body: impl FnOnce() -> R) -> R {
        let _entered = Entered::enter(self.clone());
        body()
    }

    /// Returns the handle that an annotated function would record into here: that of the task's scope, else the installed one. If
    /// there is neither, makes a default handle and registers it in the `prometheus` default registry.
    pub fn current() -> AuthMetrics {
        match current() {
            Handle::Process(metrics) => metrics.clone(),
            Handle::Shared(metrics) => metrics,
        }
    }
}

/// Returns whether a call that names no handle uses the installed one.
pub(crate) fn is_unscoped() -> bool {
    !SCOPED.load(Ordering::Relaxed) || SCOPE.try_with(|scope| scope.borrow().is_none()).unwrap_or(true)
}

pub(crate) fn current() -> Handle {
    match scoped() {
        Some(metrics) => Handle::Shared(metrics),
        None => Handle::Process(PROCESS.get().unwrap_or_else(default_handle)),
    }
}

/// Returns the handle for calls here, if there is one yet. Makes none.
pub(crate) fn existing() -> Option<Handle> {
    scoped().map(Handle::Shared).or_else(|| PROCESS.get().map(Handle::Process))
}

/// Returns the clock of the handle for calls here. If there is none yet, makes none, and returns the system's clock.
pub(crate) fn clock() -> Clock {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    match existing() {
        Some(handle) => handle.metrics().clock().clone(),
        None => Clock::from_fn(|| ORIGIN.get_or_init(Instant::now).elapsed()),
    }
}

/// Returns the installed handle if it is this one, since its series can be borrowed for ever.
pub(crate) fn found(metrics: &AuthMetrics) -> Handle {
    match PROCESS.get().filter(|process| process.is(metrics)) {
        Some(process) => Handle::Process(process),
        None => Handle::Shared(metrics.clone()),
    }
}

/// Returns the handle of the process, if there is one yet.
pub(crate) fn process() -> Option<&'static AuthMetrics> {
    PROCESS.get()
}

pub(crate) fn scoped() -> Option<AuthMetrics> {
    if !SCOPED.load(Ordering::Relaxed) {
        return None;
    }
    SCOPE.try_with(|scope| scope.borrow().clone()).ok().flatten()
}

/// Makes the default handle. Runs the hooks and logs internal errors only after it is installed, since hooks and the logger may be
/// metered themselves.
#[cold]
fn default_handle() -> &'static AuthMetrics {
    let mut made = false;
    let metrics = PROCESS.get_or_init(|| {
        made = true;
        AuthMetrics::unconfigured()
    });
    if made {
        metrics.inner.core.note_installed();
        metrics.tell_of_internal_errors();
        for hook in crate::WHEN_DEFAULT_IS_MADE {
            hook(metrics);
        }
    }
    metrics
}

/// Sets the scope of this thread while it lives, and restores the previous one when it drops.
struct Entered(Option<AuthMetrics>);

impl Entered {
    fn enter(metrics: AuthMetrics) -> Entered {
        SCOPED.store(true, Ordering::Relaxed);
        // The short way counts in the process's handle.
        close_short();
        Entered(SCOPE.try_with(|scope| scope.replace(Some(metrics))).ok().flatten())
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let before = self.0.take();
        open_short();
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
