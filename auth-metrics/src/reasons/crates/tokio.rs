//! `tokio::time::error::Elapsed` and `tokio::task::JoinError`.

/// The reasons of what goes wrong with a timer or a task of tokio, a function for each type.
pub mod tokio1 {
    use ::tokio::task::JoinError;
    use ::tokio::time::error::Elapsed;

    use crate::reasons::{failure_reason, reasons_of};
    use crate::terms::Reason;

    /// The reason of a timer of tokio 1 that ran out inside the attempt: `timeout`.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let late = tokio::time::timeout(std::time::Duration::ZERO, std::future::pending::<()>()).await;
    /// assert_eq!(reasons::tokio1::elapsed(&late.unwrap_err()), Reason::Timeout);
    /// # }
    /// ```
    pub fn elapsed(_error: &Elapsed) -> Reason {
        Reason::Timeout
    }

    reasons_of!(elapsed: Timeout);
    failure_reason!(Elapsed, elapsed);

    /// The reason why a task of tokio 1 that did the work has no result: it ended as an attempt does that is dropped or
    /// unwinds.
    ///
    /// | predicate | reason |
    /// |---|---|
    /// | `is_cancelled` | `cancelled` |
    /// | `is_panic` | `panicked` |
    /// | neither | `unknown` |
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let task = tokio::spawn(std::future::pending::<()>());
    /// task.abort();
    /// assert_eq!(reasons::tokio1::join_error(&task.await.unwrap_err()), Reason::Cancelled);
    /// # }
    /// ```
    pub fn join_error(error: &JoinError) -> Reason {
        if error.is_panic() {
            Reason::Panicked
        } else if error.is_cancelled() {
            Reason::Cancelled
        } else {
            Reason::Unknown
        }
    }

    reasons_of!(join_error: Cancelled, Panicked, Unknown);
    failure_reason!(JoinError, join_error);
}
