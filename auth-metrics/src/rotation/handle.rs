//! A rotator that runs.

use std::fmt;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::taxonomy::RotationOutcome;

/// A wish for a rotation now; whoever has it is told the outcome.
pub(super) type Wish = oneshot::Sender<RotationOutcome>;

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
    pub(super) task: JoinHandle<()>,
}

impl RotatorHandle {
    /// Rotates now, as after a leak, whatever the schedule and the backoff say, and returns how that ended. If a try is under
    /// way already, that is the one. None if there was no try: another replica has the lease, or the rotator has ended.
    ///
    /// ```no_run
    /// # async fn run(handle: auth_metrics::rotation::RotatorHandle) {
    /// use auth_metrics::RotationOutcome;
    ///
    /// assert_eq!(handle.rotate_now().await, Some(RotationOutcome::Success));
    /// # }
    /// ```
    pub async fn rotate_now(&self) -> Option<RotationOutcome> {
        let (wish, outcome) = oneshot::channel();
        self.wishes.send(wish).await.ok()?;
        outcome.await.ok()
    }

    /// Starts nothing more, lets a try under way end within the [grace](super::Rotator::grace), and returns when the
    /// rotator has ended. A try that takes longer is aborted and counted as `cancelled`. Old credentials that still overlap
    /// are not retired.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        // It ends by itself; a panic in it was reported by the runtime.
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
        out.debug_struct("RotatorHandle").field("ended", &self.task.is_finished()).finish_non_exhaustive()
    }
}
