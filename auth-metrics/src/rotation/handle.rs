//! A rotator that runs.

use std::fmt;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::NotRotated;
use super::supervised::Ending;
use crate::taxonomy::RotationOutcome;

/// A wish for a rotation now; whoever has it is told the outcome. One that is dropped was for a rotator that has ended.
pub(super) type Wish = oneshot::Sender<Result<RotationOutcome, NotRotated>>;

/// A rotator that runs in the background. Dropping it aborts it at once: a try under way is counted as `cancelled`.
///
/// ```no_run
/// # async fn run(rotator: auth_metrics::rotation::Rotator) -> Result<(), auth_metrics::rotation::RotatorError> {
/// let handle = rotator.spawn()?;
/// // … the service runs …
/// handle.shutdown().await;
/// # Ok(()) }
/// ```
#[must_use = "the rotator stops when this is dropped"]
pub struct RotatorHandle {
    pub(super) wishes: mpsc::Sender<Wish>,
    pub(super) stop: watch::Sender<bool>,
    pub(super) ending: watch::Receiver<Ending>,
    pub(super) task: JoinHandle<()>,
}

impl RotatorHandle {
    /// Rotates now, as after a leak, whatever the schedule and the backoff say, and returns how that ended. If a try is under
    /// way already, that is the one. One that fails is tried again after the [backoff](super::Rotator::backoff).
    ///
    /// ```no_run
    /// # async fn run(handle: auth_metrics::rotation::RotatorHandle) {
    /// use auth_metrics::RotationOutcome;
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
        let (wish, answer) = oneshot::channel();
        if self.wishes.send(wish).await.is_ok()
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
    /// # fn run(handle: auth_metrics::rotation::RotatorHandle) {
    /// let is_healthy = handle.is_running();
    /// # }
    /// ```
    pub fn is_running(&self) -> bool {
        self.ending.borrow().is_none() && !self.task.is_finished()
    }

    /// Starts nothing more, lets a try under way end within the [grace](super::Rotator::grace), and returns when the
    /// rotator has ended. A try that takes longer is aborted and counted as `cancelled`. Old credentials that still overlap
    /// are not retired.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
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
