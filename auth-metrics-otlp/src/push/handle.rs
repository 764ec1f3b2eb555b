//! `Push`: a push that works.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use auth_metrics::AuthMetrics;

use super::control::Control;
use crate::export::Counts;

/// Pushes the metrics of a handle to a server, again and again, on a thread of its own.
///
/// It ends when it is dropped, without a last push: call [`shutdown`](Push::shutdown) for one.
#[must_use = "a push ends when it is dropped"]
pub struct Push {
    pub(super) name: String,
    pub(super) control: Arc<Control>,
    pub(super) counts: Arc<Counts>,
    /// Kept for the last push.
    pub(super) _metrics: AuthMetrics,
}

/// Not everything that was counted is with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsent;

impl Push {
    /// Pushes now, and waits at most this long. Useful where a process is frozen between requests.
    ///
    /// It blocks the thread. In async code, call it in `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    ///
    /// [`Unsent`] if the server did not take everything in time. It is in a later push.
    pub fn flush(&self, timeout: Duration) -> Result<(), Unsent> {
        if self.control.flush(timeout, false) { Ok(()) } else { Err(Unsent) }
    }

    /// Pushes a last time, waits at most this long, and ends.
    ///
    /// It blocks the thread. In async code, call it in `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    ///
    /// [`Unsent`] if the server did not take everything in time.
    pub fn shutdown(self, timeout: Duration) -> Result<(), Unsent> {
        if self.control.flush(timeout, true) { Ok(()) } else { Err(Unsent) }
    }

    /// Returns whether the thread works.
    pub fn is_up(&self) -> bool {
        self.counts.is_up()
    }
}

impl Drop for Push {
    fn drop(&mut self) {
        self.control.stop();
    }
}

impl fmt::Debug for Push {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Push")
            .field("name", &self.name)
            .field("is_up", &self.is_up())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Unsent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the server did not take everything that was counted: give it longer, or see the log")
    }
}

impl std::error::Error for Unsent {}
