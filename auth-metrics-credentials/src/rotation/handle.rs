//! `RotatorHandle`: what a program can do with a rotator that runs.

use std::fmt;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::NotRotated;
use super::requests::Request;
use super::stop::Asked;
use super::supervisor::Ending;
use crate::terms::RotationOutcome;

/// Controls a rotator that runs in the background. Dropping the handle aborts the rotator at once, and a try in progress counts
/// as `cancelled`.
///
/// ```no_run
/// # async fn run(rotator: auth_metrics_credentials::rotation::Rotator) -> Result<(), auth_metrics_credentials::rotation::RotatorError> {
/// let handle = rotator.spawn()?;
/// // … the service runs …
/// handle.shutdown().await;
/// # Ok(()) }
/// ```
#[must_use = "the rotator stops when this is dropped"]
pub struct RotatorHandle {
    pub(super) requests: mpsc::UnboundedSender<Request>,
    pub(super) stop: watch::Sender<Asked>,
    pub(super) ending: watch::Receiver<Ending>,
    pub(super) task: JoinHandle<()>,
}

impl RotatorHandle {
    /// Rotates now, for example after a leak, and returns the outcome. It ignores the schedule and the backoff.
    ///
    /// If a try is in progress, this waits for that one: all calls until it ends share it. A failed try is made again after the
    /// [backoff](super::Rotator::backoff).
    ///
    /// It rotates even if another replica has just done so. Call it in one replica, not in all.
    ///
    /// ```no_run
    /// # async fn run(handle: auth_metrics_credentials::rotation::RotatorHandle) {
    /// use auth_metrics_credentials::RotationOutcome;
    ///
    /// assert_eq!(handle.rotate_now().await, Ok(RotationOutcome::Success));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`NotRotated`] if `rotate` was not called: another replica holds the lease, the store of the leases can't be
    /// reached, or the rotator has ended.
    pub async fn rotate_now(&self) -> Result<RotationOutcome, NotRotated> {
        let (request, answer) = oneshot::channel();
        if self.requests.send(request).is_ok()
            && let Ok(answered) = answer.await
        {
            return answered;
        }
        // It has ended, or is about to say why. If it can't, it was aborted with its runtime.
        let mut ending = self.ending.clone();
        let ended = ending.wait_for(Option::is_some).await.ok().and_then(|ending| *ending);
        Err(ended.unwrap_or(NotRotated::Ended))
    }

    /// Returns whether the rotator still runs. It ends if you shut it down, if its credential is retired, revoked or forgotten,
    /// or if it panics. A panic counts as `rotator_panicked` in `auth_metrics_internal_errors_total`.
    ///
    /// ```no_run
    /// # fn run(handle: auth_metrics_credentials::rotation::RotatorHandle) {
    /// let is_healthy = handle.is_running();
    /// # }
    /// ```
    pub fn is_running(&self) -> bool {
        self.ending.borrow().is_none() && !self.task.is_finished()
    }

    /// Shuts the rotator down and returns when it has ended. A call in progress may take as long as the
    /// [grace](super::Rotator::grace). After that it is aborted, and a try counts as `cancelled`.
    ///
    /// Nothing new starts: if `refresh` ends within the grace, `rotate` is not called after it, and old credentials that still
    /// overlap are not retired.
    ///
    /// It returns at the latest a second after the grace, even if a hook blocks its thread or the store of the leases does not
    /// answer. In that case the lease is not released and ends by itself.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(Some(Instant::now()));
        // It ends by itself.
        drop((&mut self.task).await);
    }
}

impl Drop for RotatorHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for RotatorHandle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RotatorHandle").field("is_running", &self.is_running()).finish_non_exhaustive()
    }
}
