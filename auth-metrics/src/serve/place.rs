//! For how long a client may keep its place while somebody waits for one.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a client may send and take nothing.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long a client may take its answer, however steadily.
const LONGEST: Duration = Duration::from_secs(2);

pub(super) struct Place(Mutex<Stage>);

#[derive(Clone, Copy)]
enum Stage {
    /// The listener waits for its request, since then.
    Asking(Instant),
    /// It waits for the listener.
    Waiting,
    /// It takes the answer since the first moment, and took a part of it at the last.
    Taking { first: Instant, last: Instant },
}

impl Place {
    /// A client that has just come.
    pub(super) fn new() -> Place {
        Place(Mutex::new(Stage::Asking(Instant::now())))
    }

    /// The request is there.
    pub(super) fn waits(&self) {
        self.set(|_| Stage::Waiting);
    }

    /// A part of the answer goes out.
    pub(super) fn takes(&self) {
        let last = Instant::now();
        self.set(|stage| match stage {
            Stage::Taking { first, .. } => Stage::Taking { first, last },
            _ => Stage::Taking { first: last, last },
        });
    }

    /// When it has to make room. A client that waits for the listener is asked again later.
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
