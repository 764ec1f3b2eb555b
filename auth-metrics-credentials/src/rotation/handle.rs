//! A rotator that runs.

use std::fmt;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::NotRotated;
use super::requests::Request;
use super::stop::Asked;
use super::supervisor::Ending;
use crate::terms::RotationOutcome;

/// A rotator that runs in the background. Dropping it aborts it at once: a try under way is counted as `cancelled`.
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
    /// Rotates now, as after a leak, whatever the schedule and the backoff say, and returns how that ended. If a try is under
    /// way already, that is the one: all who call this until it ends share it. One that fails is tried again after the
    /// [backoff](super::Rotator::backoff).
    ///
    /// It rotates even if another replica has just done so: call it in one replica, not in all.
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
    /// `rotate` was not called, as [`NotRotated`] says: the lease was not to be had, its store could not be asked, or the
    /// rotator has ended.
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

    /// Returns whether it still rotates. It ends if it is shut down, if its credential is retired, revoked or forgotten, and if it
    /// panics, which also counts as `rotator_panicked` in `auth_metrics_internal_errors_total`.
    ///
    /// ```no_run
    /// # fn run(handle: auth_metrics_credentials::rotation::RotatorHandle) {
    /// let is_healthy = handle.is_running();
    /// # }
    /// ```
    pub fn is_running(&self) -> bool {
        self.ending.borrow().is_none() && !self.task.is_finished()
    }

    /// Starts nothing more, lets a call under way end within the [grace](super::Rotator::grace), and returns when the
    /// rotator has ended. What takes longer is aborted, and a try is then counted as `cancelled`. If `refresh` ends within the
    /// grace, `rotate` is not called after it. Old credentials that still overlap are not retired.
    ///
    /// It returns a second after the grace at the latest, also if a hook blocks its thread or the store of the leases gives no
    /// answer. Then the lease is not given back, and ends by itself.
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
