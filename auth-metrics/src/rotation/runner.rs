//! One call of the user's code at a time, in a task of its own: a panic ends there, and one that hangs is cut off.

use std::time::Duration;

use tokio::task::{JoinError, JoinHandle};

use super::hooks::Boxed;

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
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Default)]
pub(super) struct Runner {
    /// A call that was cut off and goes on, since it blocks its thread.
    left: Option<Boxed<()>>,
}

impl Runner {
    /// Comes back when nothing of an earlier call runs any more.
    pub(super) async fn settled(&mut self) {
        if let Some(left) = &mut self.left {
            left.await;
            self.left = None;
        }
    }

    /// Runs a call to its end, or until it takes too long or `interrupt` is over. Dropping this aborts the call.
    pub(super) async fn run<T: Send + 'static>(
        &mut self,
        call: Boxed<T>,
        timeout: Duration,
        interrupt: impl Future<Output = ()>,
    ) -> End<T> {
        self.settled().await;
        let mut task = Task(tokio::spawn(call));
        let cut = tokio::select! {
            biased;
            joined = &mut task.0 => return ended(joined, End::Interrupted),
            () = interrupt => End::Interrupted,
            () = tokio::time::sleep(timeout) => End::TimedOut,
        };
        task.0.abort();
        // What it has done by now counts as done.
        if let Ok(joined) = tokio::time::timeout(PATIENCE, &mut task.0).await {
            return ended(joined, cut);
        }
        self.left = Some(Box::pin(async move { drop((&mut task.0).await.map_err(forget)) }));
        cut
    }
}

fn ended<T>(joined: Result<T, JoinError>, cut: End<T>) -> End<T> {
    match joined {
        Ok(value) => End::Value(value),
        Err(error) if error.is_panic() => {
            forget(error);
            End::Panicked
        }
        Err(_) => cut,
    }
}

/// What it unwinds with is forgotten, since dropping it may unwind again.
fn forget(error: JoinError) {
    if let Ok(payload) = error.try_into_panic() {
        std::mem::forget(payload);
    }
}
