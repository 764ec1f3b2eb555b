//! `http::StatusCode` and whole responses.

use ::http::StatusCode;

use crate::reasons::failure_reason;
use crate::taxonomy::Reason;

/// The reason of a status that I answer with (`http` 1).
///
/// | status | reason |
/// |---|---|
/// | 401 | `invalid_credentials` |
/// | 402, 403 | `permission_denied` |
/// | 407, 511 | `missing_credentials` |
/// | 423 | `account_locked` |
/// | 429 | `rate_limited` |
/// | 451 | `policy_denied` |
/// | 499 | `cancelled` |
/// | any other 4xx, such as 400, 404, 408, 422; 505 | `malformed_request` |
/// | 501 | `configuration_error` |
/// | 502 | `dependency_unavailable` |
/// | 503 | `overloaded` |
/// | 504 | `timeout` |
/// | 500, any other 5xx | `internal_error` |
/// | any other | `unknown` |
///
/// Whoever sends requests can bring about any 4xx, so none of them is the server's fault: 408 says that a request was not
/// there in time. For the answer of a service that I called there is [`dependency`](fn@http::dependency), and for `classify`
/// [`response`](fn@http::response).
///
/// ```
/// use auth_metrics::{FailureReason, Reason, auth_metered, reasons};
/// use http::StatusCode;
///
/// assert_eq!(reasons::http(&StatusCode::UNAUTHORIZED), Reason::InvalidCredentials);
///
/// #[auth_metered(op = "login")] // `StatusCode` is a `FailureReason` in this role
/// async fn login(password: &str) -> Result<String, StatusCode> {
///     if password == "correct horse" { Ok("session".to_owned()) } else { Err(StatusCode::UNAUTHORIZED) }
/// }
/// ```
pub fn http(status: &StatusCode) -> Reason {
    match status.as_u16() {
        401 => Reason::InvalidCredentials,
        402 | 403 => Reason::PermissionDenied,
        407 | 511 => Reason::MissingCredentials,
        423 => Reason::AccountLocked,
        429 => Reason::RateLimited,
        451 => Reason::PolicyDenied,
        499 => Reason::Cancelled,
        400..=499 | 505 => Reason::MalformedRequest,
        501 => Reason::ConfigurationError,
        502 => Reason::DependencyUnavailable,
        503 => Reason::Overloaded,
        504 => Reason::Timeout,
        500..=599 => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

failure_reason!(StatusCode, http);

/// The other role, whole responses, and the reasons that [`http`](fn@http) can give.
pub mod http {
    use ::http::{Response, StatusCode};

    use crate::taxonomy::{FailureReason, Outcome, Reason, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet = ReasonSet::of(&[
        Reason::InvalidCredentials,
        Reason::PermissionDenied,
        Reason::MissingCredentials,
        Reason::AccountLocked,
        Reason::RateLimited,
        Reason::PolicyDenied,
        Reason::Cancelled,
        Reason::MalformedRequest,
        Reason::ConfigurationError,
        Reason::DependencyUnavailable,
        Reason::Overloaded,
        Reason::Timeout,
        Reason::InternalError,
        Reason::Unknown,
    ]);

    /// The reason of a status that a service which I called answers with (`http` 1).
    ///
    /// | status | reason |
    /// |---|---|
    /// | 401, 403, 405, 406, 407, 415, 501, 505, 511 | `configuration_error` |
    /// | 400, 422 | `malformed_request` |
    /// | 408, 504 | `timeout` |
    /// | 423 | `account_locked` |
    /// | 429 | `overloaded` |
    /// | 500, 502, 503, any other 5xx | `dependency_unavailable` |
    /// | any other, such as 404, 409 | `unknown` |
    ///
    /// A 400 may be about what my own caller sent, so it is not the server's fault.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// use http::StatusCode;
    ///
    /// assert_eq!(reasons::http::dependency(&StatusCode::UNAUTHORIZED), Reason::ConfigurationError);
    /// assert_eq!(reasons::http::dependency(&StatusCode::TOO_MANY_REQUESTS), Reason::Overloaded);
    /// ```
    pub fn dependency(status: &StatusCode) -> Reason {
        match status.as_u16() {
            401 | 403 | 405 | 406 | 407 | 415 | 501 | 505 | 511 => Reason::ConfigurationError,
            400 | 422 => Reason::MalformedRequest,
            408 | 504 => Reason::Timeout,
            423 => Reason::AccountLocked,
            429 => Reason::Overloaded,
            500..=599 => Reason::DependencyUnavailable,
            _ => Reason::Unknown,
        }
    }

    crate::reasons::reasons_of!(
        dependency: ConfigurationError,
        MalformedRequest,
        Timeout,
        AccountLocked,
        Overloaded,
        DependencyUnavailable,
        Unknown,
    );

    /// The outcome that my own response speaks of, for `classify`: a success below 400, else by [`http`](fn@super::http).
    ///
    /// Axum's `Response` is one of `http`, and so are those of hyper, tower and tonic.
    ///
    /// ```
    /// use auth_metrics::{Outcome, Reason, auth_metered, reasons};
    /// use http::{Response, StatusCode};
    ///
    /// #[auth_metered(op = "login", classify = reasons::http::response)]
    /// async fn login(password: &str) -> Response<String> {
    ///     let mut response = Response::default();
    ///     if password != "correct horse" {
    ///         *response.status_mut() = StatusCode::UNAUTHORIZED;
    ///     }
    ///     response
    /// }
    ///
    /// let response: Response<()> = Response::builder().status(403).body(()).unwrap();
    /// assert_eq!(reasons::http::response(&response), Outcome::Failure(Reason::PermissionDenied));
    /// ```
    pub fn response<B>(response: &Response<B>) -> Outcome {
        match response.status() {
            status if status.as_u16() < 400 => Outcome::Success,
            status => Outcome::Failure(super::http(&status)),
        }
    }

    /// The outcome of a result of my own response, for `classify`: an `Ok` by [`response`], an error by its own reason.
    ///
    /// Services of tower return this, often with an error that can't happen.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use auth_metrics::{Outcome, reasons};
    /// use http::Response;
    ///
    /// let answered: Result<Response<()>, Infallible> = Ok(Response::default());
    /// assert_eq!(reasons::http::result(&answered), Outcome::Success);
    /// ```
    pub fn result<B, E: FailureReason>(result: &Result<Response<B>, E>) -> Outcome {
        match result {
            Ok(answer) => response(answer),
            Err(error) => Outcome::Failure(error.failure_reason()),
        }
    }
}
