//! `bb8::RunError`.

use ::bb8_09::RunError;

use crate::reasons::{failure_reason, reasons_of};
use crate::terms::Reason;

/// The reason why a pool of bb8 0.9 gives no connection: what it connects to is a dependency.
///
/// | variant | reason |
/// |---|---|
/// | `TimedOut` | `overloaded` |
/// | `User` | `dependency_unavailable` |
///
/// The pools of bb8-postgres, bb8-redis and their like give this type.
///
/// ```
/// use auth_metrics::{Reason, reasons};
/// # use bb8_09 as bb8;
///
/// let error: bb8::RunError<std::io::Error> = bb8::RunError::TimedOut;
/// assert_eq!(reasons::bb8_09(&error), Reason::Overloaded);
/// ```
pub fn bb8_09<E>(error: &RunError<E>) -> Reason {
    match error {
        RunError::TimedOut => Reason::Overloaded,
        RunError::User(_) => Reason::DependencyUnavailable,
    }
}

reasons_of!(bb8_09: Overloaded, DependencyUnavailable);
failure_reason!(RunError<E>, bb8_09 where E);
