//! Starts a rotator: checks its settings and connects the worker with its handle.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::lease::Lease;
use super::requests::{Request, Requests};
use super::rotator::Rotator;
use super::stop::{Asked, Stop};
use super::supervisor::TakenLease;
use super::tracked::Tracked;
use super::worker::Worker;
use super::{NotRotated, RotatorError, RotatorHandle};

impl Rotator {
    /// Starts the rotator in its own task.
    ///
    /// If that task panics, for example on a runtime without timers, the rotator ends. That counts as `rotator_panicked` in
    /// `auth_metrics_internal_errors_total`, the [handle](RotatorHandle::is_running) reports it, and the lease is released.
    ///
    /// # Errors
    ///
    /// Returns [`RotatorError`] if a setting is invalid, or if there is no tokio runtime.
    pub fn spawn(self) -> Result<RotatorHandle, RotatorError> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| RotatorError::NoRuntime)?;
        let (requests, asked) = mpsc::unbounded_channel();
        let (stop, stopped) = watch::channel(None);
        let (end, ending) = watch::channel(None);
        let (worker, taken) = self.worker(asked, stopped)?;
        Ok(RotatorHandle { requests, stop, ending, task: runtime.spawn(worker.supervised(taken, end)) })
    }

    /// Runs the rotator here until `shutdown` completes, and then shuts it down as [`RotatorHandle::shutdown`] does.
    ///
    /// ```no_run
    /// # async fn run(rotator: auth_metrics_credentials::rotation::Rotator) -> Result<(), auth_metrics_credentials::rotation::RotatorError> {
    /// # async fn interrupted() {}
    /// rotator.run(interrupted()).await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`spawn`](Rotator::spawn), and [`RotatorError::Panicked`] if the rotator panicked.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), RotatorError> {
        tokio::runtime::Handle::try_current().map_err(|_| RotatorError::NoRuntime)?;
        let (_requests, asked) = mpsc::unbounded_channel();
        let (stop, stopped) = watch::channel(None);
        let (end, ending) = watch::channel(None);
        let (worker, taken) = self.worker(asked, stopped)?;
        let mut work = pin!(worker.supervised(taken, end));
        tokio::select! {
            () = &mut work => {}
            () = shutdown => {
                stop.send_replace(Some(Instant::now()));
                work.await;
            }
        }
        let panicked = *ending.borrow() == Some(NotRotated::Panicked);
        if panicked { Err(RotatorError::Panicked) } else { Ok(()) }
    }

    fn worker(
        self,
        requested: mpsc::UnboundedReceiver<Request>,
        stopped: watch::Receiver<Asked>,
    ) -> Result<(Worker, Option<Arc<TakenLease>>), RotatorError> {
        let Rotator { credential, options, lease } = self;
        options.check(lease.is_some())?;
        let tracked = Tracked::new(credential);
        if !tracked.is_in_use() {
            return Err(RotatorError::NotInUse);
        }
        if !tracked.has_a_time() {
            return Err(RotatorError::NothingToGoBy);
        }
        let taken = lease.map(|lease| Arc::new(TakenLease::new(lease)));
        let lease = taken.clone().map(|taken| taken as Arc<dyn Lease>);
        let stop = Stop::new(stopped, options.grace);
        Ok((Worker::new(tracked, options, lease, Requests::new(requested), stop), taken))
    }
}
