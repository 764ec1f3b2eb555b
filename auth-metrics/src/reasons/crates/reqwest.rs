//! `reqwest::Error`.

use ::reqwest::Error;

use crate::reasons::{failure_reason, http, reasons_of};
use crate::taxonomy::Reason;

/// The reason of an error of reqwest 0.13: whatever I called is a dependency.
///
/// | predicate, the first that holds | reason |
/// |---|---|
/// | `is_timeout` | `timeout` |
/// | `is_status` | as [`http::dependency`](fn@http::dependency) reads it |
/// | `is_builder`, `is_redirect` | `configuration_error` |
/// | any other: no connection, no name, a broken or unreadable body | `dependency_unavailable` |
///
/// ```
/// use auth_metrics::{Reason, reasons};
///
/// let error = reqwest::Client::new().get("no address").build().unwrap_err();
/// assert_eq!(reasons::reqwest(&error), Reason::ConfigurationError);
/// ```
pub fn reqwest(error: &Error) -> Reason {
    if error.is_timeout() {
        Reason::Timeout
    } else if let Some(status) = error.status() {
        http::dependency(&status)
    } else if error.is_builder() || error.is_redirect() {
        Reason::ConfigurationError
    } else {
        Reason::DependencyUnavailable
    }
}

reasons_of!(
    reqwest: Timeout,
    ConfigurationError,
    DependencyUnavailable,
    MalformedRequest,
    AccountLocked,
    Overloaded,
    Unknown,
);
failure_reason!(Error, reqwest);
