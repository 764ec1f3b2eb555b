//! Runs the user's hooks, one call at a time and each in its own task, so that a panic ends there and a call that hangs is
//! aborted.

use std::pin::Pin;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::Instant;

pub(super) type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How long a call that was cut off is waited for before others are served again.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a call ended.
#[derive(Debug)]
pub(super) enum End<T> {
    Value(T),
    Panicked,
    TimedOut,
    Interrupted,
}

/// A task that ends with this.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a call gave, and when: one that blocks its thread may keep the timer from being seen.
type Given<T> = oneshot::Receiver<(T, Instant)>;

#[derive(Default)]
pub(super) struct Runner {
    /// The call under way, or one that was cut off and goes on, since it blocks its thread.
    running: Option<Task>,
}

impl Runner {
    /// Comes back when nothing of an earlier call runs any more.
    pub(super) async fn settled(&mut self) {
        let _ = self.joined().await.map_err(forget);
    }

    /// Ends what runs, and comes back when it has ended.
    pub(super) async fn stop(&mut self) {
        if let Some(task) = &self.running {
            task.0.abort();
        }
        self.settled().await;
    }

    /// Runs a call to its end, or until it takes too long or `interrupt` is over. Dropping the runner aborts the call.
    pub(super) async fn run<T: Send + 'static>(
        &mut self,
        call: Boxed<T>,
        timeout: Duration,
        interrupt: impl Future<Output = ()>,
    ) -> End<T> {
        self.settled().await;
        let deadline = Instant::now().checked_add(timeout);
        let (give, given) = oneshot::channel();
        self.running = Some(Task(tokio::spawn(async move {
            let value = call.await;
            // Nobody may wait for it any more.
            drop(give.send((value, Instant::now())));
        })));
        let cut = tokio::select! {
            biased;
            joined = self.joined() => return ended(joined, given, deadline, End::Interrupted),
            () = interrupt => End::Interrupted,
            () = tokio::time::sleep(timeout) => End::TimedOut,
        };
        if let Some(task) = &self.running {
            task.0.abort();
        }
        match tokio::time::timeout(PATIENCE, self.joined()).await {
            Ok(joined) => ended(joined, given, deadline, cut),
            Err(_) => cut,
        }
    }

    /// The end of what runs.
    async fn joined(&mut self) -> Result<(), JoinError> {
        let Some(task) = &mut self.running else { return Ok(()) };
        let joined = (&mut task.0).await;
        self.running = None;
        joined
    }
}

/// What a call has done by its deadline counts as done, also if it was cut off. What it did later does not.
fn ended<T>(
    joined: Result<(), JoinError>,
    mut given: Given<T>,
    deadline: Option<Instant>,
    cut: End<T>,
) -> End<T> {
    match joined {
        Err(error) if error.is_panic() => {
            forget(error);
            End::Panicked
        }
        Err(_) => cut,
        Ok(()) => match given.try_recv() {
            Ok((value, at)) if deadline.is_none_or(|deadline| at <= deadline) => End::Value(value),
            _ => End::TimedOut,
        },
    }
}

/// What it unwinds with is forgotten, since dropping it may unwind again.
fn forget(error: JoinError) {
    if let Ok(payload) = error.try_into_panic() {
        std::mem::forget(payload);
    }
}
