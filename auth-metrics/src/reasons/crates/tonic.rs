//! `tonic::Status` and whole responses of gRPC services.

use crate::reasons::failure_reason;
use crate::terms::Reason;

macro_rules! version {
    ($name:ident, $version:tt) => {
        #[doc = concat!("The reason of a status that I answer with (`tonic` ", $version, ").")]
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
        /// server's fault.
        #[doc = concat!("For the answer of a service that I called there is [`dependency`](fn@", stringify!($name), "::dependency).")]
        ///
        /// ```
        /// use auth_metrics::{Reason, auth_metered, reasons};
        #[doc = concat!("# use ", stringify!($name), " as tonic;")]
        /// use tonic::{Response, Status};
        ///
        #[doc = concat!("let reason = reasons::", stringify!($name), ";")]
        /// assert_eq!(reason(&Status::permission_denied("read only")), Reason::PermissionDenied);
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
        pub fn $name(status: &::$name::Status) -> Reason {
            $name::subject(status.code())
        }

        failure_reason!(::$name::Status, $name);

        #[doc = concat!("The other role, whole responses, and the reasons that [`", stringify!($name), "`](fn@", stringify!($name), ") can give.")]
        pub mod $name {
            use std::error::Error;

            use ::http::Response;
            use ::$name::{Code, Status, TimeoutExpired};

            use crate::reasons::{http1, reasons_of};
            use crate::terms::{FailureReason, Outcome, Reason, ReasonSet};

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

            pub(super) fn subject(code: Code) -> Reason {
                rows! { $version, by_variant! { code, Code }, {
                    Unauthenticated => InvalidCredentials;
                    PermissionDenied => PermissionDenied;
                    FailedPrecondition => PolicyDenied;
                    ResourceExhausted => RateLimited;
                    InvalidArgument => MalformedRequest;
                    OutOfRange => MalformedRequest;
                    NotFound => MalformedRequest;
                    AlreadyExists => MalformedRequest;
                    Unimplemented => MalformedRequest;
                    DeadlineExceeded => Timeout;
                    Cancelled => Cancelled;
                    Unavailable => DependencyUnavailable;
                    Internal => InternalError;
                    DataLoss => InternalError;
                    Aborted => InternalError;
                    Ok => Unknown;
                    Unknown => Unknown;
                } }
            }

            /// The reason of a status that a service which I called answers with, or that tonic makes of a failed call.
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
            #[doc = concat!("# use ", stringify!($name), " as tonic;")]
            /// use tonic::Status;
            ///
            /// #[derive(FailureReason)]
            /// enum LoginError {
            #[doc = concat!("    #[reason(with = reasons::", stringify!($name), "::dependency)]")]
            ///     Directory(Status),
            /// }
            ///
            /// let error = LoginError::Directory(Status::unauthenticated("unknown service"));
            /// assert_eq!(error.failure_reason(), Reason::ConfigurationError);
            /// ```
            pub fn dependency(status: &Status) -> Reason {
                rows! { $version, by_variant! { status.code(), Code }, {
                    Unauthenticated => ConfigurationError;
                    PermissionDenied => ConfigurationError;
                    Unimplemented => ConfigurationError;
                    InvalidArgument => MalformedRequest;
                    OutOfRange => MalformedRequest;
                    FailedPrecondition => PolicyDenied;
                    ResourceExhausted => Overloaded;
                    DeadlineExceeded => Timeout;
                    Cancelled => { if timer_ran_out(status) { Reason::Timeout } else { Reason::DependencyUnavailable } };
                    Unavailable => DependencyUnavailable;
                    Internal => DependencyUnavailable;
                    DataLoss => DependencyUnavailable;
                    Aborted => DependencyUnavailable;
                    Ok => Unknown;
                    Unknown => Unknown;
                    NotFound => Unknown;
                    AlreadyExists => Unknown;
                } }
            }

            fn timer_ran_out(status: &Status) -> bool {
                let causes = std::iter::successors(status.source(), |&error| error.source());
                causes.into_iter().any(<dyn Error>::is::<TimeoutExpired>)
            }

            reasons_of!(
                dependency: ConfigurationError,
                MalformedRequest,
                PolicyDenied,
                Overloaded,
                Timeout,
                DependencyUnavailable,
                Unknown,
            );

            /// The outcome that the response of my own gRPC service speaks of, for `classify`: by its header `grpc-status` if it
            /// has one, else by its HTTP status as [`http1::response`](fn@http1::response) reads it.
            ///
            /// A service of tonic under tower returns its refusals as `Ok` responses with that header. A response whose status
            /// comes in the trailers, after a body, is a success: they are not there yet when it is read.
            ///
            /// ```
            /// use auth_metrics::{Outcome, Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as tonic;")]
            /// use tonic::Status;
            ///
            /// let refusal: http::Response<String> = Status::unauthenticated("wrong password").into_http();
            /// assert_eq!(refusal.status(), 200);
            #[doc = concat!("let outcome = reasons::", stringify!($name), "::response(&refusal);")]
            /// assert_eq!(outcome, Outcome::Failure(Reason::InvalidCredentials));
            /// ```
            pub fn response<B>(response: &Response<B>) -> Outcome {
                let Some(status) = response.headers().get("grpc-status") else {
                    return http1::response(response);
                };
                match Code::from_bytes(status.as_bytes()) {
                    Code::Ok => Outcome::Success,
                    code => Outcome::Failure(subject(code)),
                }
            }

            /// The reasons that [`response`](fn@response) can give.
            pub mod response {
                use crate::terms::ReasonSet;

                /// Every one of them.
                pub const REASONS: ReasonSet = super::REASONS.union(crate::reasons::http1::response::REASONS);
            }

            /// The outcome of a result of such a response, for `classify`: an `Ok` by [`response`](fn@response), an error by its own reason.
            ///
            /// ```
            /// use std::convert::Infallible;
            ///
            /// use auth_metrics::{Outcome, Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as tonic;")]
            /// use tonic::Status;
            ///
            /// let answered: Result<http::Response<()>, Infallible> = Ok(Status::unavailable("no database").into_http());
            #[doc = concat!("let outcome = reasons::", stringify!($name), "::result(&answered);")]
            /// assert_eq!(outcome, Outcome::Failure(Reason::DependencyUnavailable));
            /// ```
            pub fn result<B, E: FailureReason>(result: &Result<Response<B>, E>) -> Outcome {
                match result {
                    Ok(answer) => response(answer),
                    Err(error) => Outcome::Failure(error.failure_reason()),
                }
            }
        }
    };
}

#[cfg(feature = "tonic013")]
version!(tonic013, 0.13);
#[cfg(feature = "tonic014")]
version!(tonic014, 0.14);
