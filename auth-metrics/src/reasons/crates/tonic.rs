//! `tonic::Status` and whole responses of gRPC services.

use ::tonic::{Code, Status};

use crate::reasons::failure_reason;
use crate::taxonomy::Reason;

/// The reason of a status that I answer with (`tonic` 0.14).
///
/// | code | reason |
/// |---|---|
/// | `Unauthenticated` | `invalid_credentials` |
/// | `PermissionDenied` | `permission_denied` |
/// | `FailedPrecondition` | `policy_denied` |
/// | `ResourceExhausted` | `rate_limited` |
/// | `InvalidArgument`, `OutOfRange`, `NotFound`, `AlreadyExists`, `Unimplemented` | `malformed_request` |
/// | `DeadlineExceeded` | `timeout` |
/// | `Cancelled` | `cancelled` |
/// | `Unavailable` | `dependency_unavailable` |
/// | `Internal`, `DataLoss`, `Aborted` | `internal_error` |
/// | `Ok`, `Unknown` | `unknown` |
///
/// Whoever calls can bring about `Unimplemented` with a wrong path and `NotFound` with a wrong name, so neither is the
/// server's fault. For the answer of a service that I called there is [`dependency`](fn@tonic::dependency).
///
/// ```
/// use auth_metrics::{Reason, auth_metered, reasons};
/// use tonic::{Response, Status};
///
/// assert_eq!(reasons::tonic(&Status::permission_denied("read only")), Reason::PermissionDenied);
///
/// #[auth_metered(op = "login")] // `Status` is a `FailureReason` in this role
/// async fn login(password: &str) -> Result<Response<String>, Status> {
///     if password == "correct horse" {
///         Ok(Response::new("session".to_owned()))
///     } else {
///         Err(Status::unauthenticated("wrong password"))
///     }
/// }
/// ```
pub fn tonic(status: &Status) -> Reason {
    subject(status.code())
}

fn subject(code: Code) -> Reason {
    match code {
        Code::Unauthenticated => Reason::InvalidCredentials,
        Code::PermissionDenied => Reason::PermissionDenied,
        Code::FailedPrecondition => Reason::PolicyDenied,
        Code::ResourceExhausted => Reason::RateLimited,
        Code::InvalidArgument
        | Code::OutOfRange
        | Code::NotFound
        | Code::AlreadyExists
        | Code::Unimplemented => Reason::MalformedRequest,
        Code::DeadlineExceeded => Reason::Timeout,
        Code::Cancelled => Reason::Cancelled,
        Code::Unavailable => Reason::DependencyUnavailable,
        Code::Internal | Code::DataLoss | Code::Aborted => Reason::InternalError,
        Code::Ok | Code::Unknown => Reason::Unknown,
    }
}

failure_reason!(Status, tonic);

/// The other role, whole responses, and the reasons that [`tonic`](fn@tonic) can give.
pub mod tonic {
    use std::error::Error;

    use ::http::Response;
    use ::tonic::{Code, Status, TimeoutExpired};

    use crate::reasons::http;
    use crate::taxonomy::{FailureReason, Outcome, Reason, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet = ReasonSet::of(&[
        Reason::InvalidCredentials,
        Reason::PermissionDenied,
        Reason::PolicyDenied,
        Reason::RateLimited,
        Reason::MalformedRequest,
        Reason::Timeout,
        Reason::Cancelled,
        Reason::DependencyUnavailable,
        Reason::InternalError,
        Reason::Unknown,
    ]);

    /// The reason of a status that a service which I called answers with, or that tonic 0.14 makes of a failed call.
    ///
    /// | code | reason |
    /// |---|---|
    /// | `Unauthenticated`, `PermissionDenied`, `Unimplemented` | `configuration_error` |
    /// | `InvalidArgument`, `OutOfRange` | `malformed_request` |
    /// | `FailedPrecondition` | `policy_denied` |
    /// | `ResourceExhausted` | `overloaded` |
    /// | `DeadlineExceeded`, `Cancelled` by tonic's own timer | `timeout` |
    /// | `Cancelled`, `Unavailable`, `Internal`, `DataLoss`, `Aborted` | `dependency_unavailable` |
    /// | `Ok`, `Unknown`, `NotFound`, `AlreadyExists` | `unknown` |
    ///
    /// ```
    /// use auth_metrics::{FailureReason, Reason, reasons};
    /// use tonic::Status;
    ///
    /// #[derive(FailureReason)]
    /// enum LoginError {
    ///     #[reason(with = reasons::tonic::dependency)]
    ///     Directory(Status),
    /// }
    ///
    /// let error = LoginError::Directory(Status::unauthenticated("unknown service"));
    /// assert_eq!(error.failure_reason(), Reason::ConfigurationError);
    /// ```
    pub fn dependency(status: &Status) -> Reason {
        match status.code() {
            Code::Unauthenticated | Code::PermissionDenied | Code::Unimplemented => {
                Reason::ConfigurationError
            }
            Code::InvalidArgument | Code::OutOfRange => Reason::MalformedRequest,
            Code::FailedPrecondition => Reason::PolicyDenied,
            Code::ResourceExhausted => Reason::Overloaded,
            Code::DeadlineExceeded => Reason::Timeout,
            Code::Cancelled if timer_ran_out(status) => Reason::Timeout,
            Code::Cancelled | Code::Unavailable | Code::Internal | Code::DataLoss | Code::Aborted => {
                Reason::DependencyUnavailable
            }
            Code::Ok | Code::Unknown | Code::NotFound | Code::AlreadyExists => Reason::Unknown,
        }
    }

    fn timer_ran_out(status: &Status) -> bool {
        let causes = std::iter::successors(status.source(), |&error| error.source());
        causes.into_iter().any(<dyn Error>::is::<TimeoutExpired>)
    }

    crate::reasons::reasons_of!(
        dependency: ConfigurationError,
        MalformedRequest,
        PolicyDenied,
        Overloaded,
        Timeout,
        DependencyUnavailable,
        Unknown,
    );

    /// The outcome that the response of my own gRPC service speaks of, for `classify`: by its header `grpc-status` if it
    /// has one, else by its HTTP status as [`http::response`] reads it.
    ///
    /// A service of tonic under tower returns its refusals as `Ok` responses with that header. A response whose status
    /// comes in the trailers, after a body, is a success: they are not there yet when it is read.
    ///
    /// ```
    /// use auth_metrics::{Outcome, Reason, reasons};
    /// use tonic::Status;
    ///
    /// let refusal: http::Response<String> = Status::unauthenticated("wrong password").into_http();
    /// assert_eq!(refusal.status(), 200);
    /// assert_eq!(reasons::tonic::response(&refusal), Outcome::Failure(Reason::InvalidCredentials));
    /// ```
    pub fn response<B>(response: &Response<B>) -> Outcome {
        let Some(status) = response.headers().get("grpc-status") else {
            return http::response(response);
        };
        match Code::from_bytes(status.as_bytes()) {
            Code::Ok => Outcome::Success,
            code => Outcome::Failure(super::subject(code)),
        }
    }

    /// The outcome of a result of such a response, for `classify`: an `Ok` by [`response`], an error by its own reason.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use auth_metrics::{Outcome, Reason, reasons};
    /// use tonic::Status;
    ///
    /// let answered: Result<http::Response<()>, Infallible> = Ok(Status::unavailable("no database").into_http());
    /// assert_eq!(reasons::tonic::result(&answered), Outcome::Failure(Reason::DependencyUnavailable));
    /// ```
    pub fn result<B, E: FailureReason>(result: &Result<Response<B>, E>) -> Outcome {
        match result {
            Ok(answer) => response(answer),
            Err(error) => Outcome::Failure(error.failure_reason()),
        }
    }
}
