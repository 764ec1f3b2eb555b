//! How long a client may keep its place while others wait for one.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a client may neither send nor receive anything.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long a client may take to receive its answer, even if it makes progress.
const LONGEST: Duration = Duration::from_secs(2);

pub(super) struct Place(Mutex<Stage>);

#[derive(Clone, Copy)]
enum Stage {
    /// The listener has waited for its request since this time.
    Asking(Instant),
    /// The client waits for the listener.
    Waiting,
    /// The client has received its answer since the first time, and received the latest part at the second.
    Taking { first: Instant, last: Instant },
}

impl Place {
    /// Returns the place of a client that has just connected.
    pub(super) fn new() -> Place {
        Place(Mutex::new(Stage::Asking(Instant::now())))
    }

    /// Notes that the request has arrived.
    pub(super) fn waits(&self) {
        self.set(|_| Stage::Waiting);
    }

    /// Notes that a part of the answer goes out.
    pub(super) fn takes(&self) {
        let last = Instant::now();
        self.set(|stage| match stage {
            Stage::Taking { first, .. } => Stage::Taking { first, last },
            _ => Stage::Taking { first: last, last },
        });
    }

    /// Returns when the client has to make room. A client that waits for the listener is checked again later.
    pub(super) fn until(&self) -> Instant {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Stage::Asking(since) => since + PATIENCE,
            Stage::Waiting => Instant::now() + PATIENCE,
            Stage::Taking { first, last } => (last + PATIENCE).min(first + LONGEST),
        }
    }

    fn set(&self, next: impl FnOnce(Stage) -> Stage) {
        let mut stage = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *stage = next(*stage);
    }
}
