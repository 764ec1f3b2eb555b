//! `http::StatusCode` and whole responses.

use crate::reasons::{failure_reason, http_status};
use crate::terms::Reason;

macro_rules! version {
    ($name:ident, $version:tt, $krate:ident) => {
        #[doc = concat!("The reason of a status that I answer with (`http` ", $version, ").")]
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
        #[doc = concat!("there in time. For the answer of a service that I called there is [`dependency`](fn@", stringify!($name), "::dependency),")]
        #[doc = concat!("and for `classify` [`response`](fn@", stringify!($name), "::response).")]
        ///
        /// ```
        /// use auth_metrics::{FailureReason, Reason, auth_metered, reasons};
        #[doc = concat!("# use ::", stringify!($krate), " as http;")]
        /// use http::StatusCode;
        ///
        #[doc = concat!("assert_eq!(reasons::", stringify!($name), "(&StatusCode::UNAUTHORIZED), Reason::InvalidCredentials);")]
        ///
        /// #[auth_metered(op = "login")] // `StatusCode` is a `FailureReason` in this role
        /// async fn login(password: &str) -> Result<String, StatusCode> {
        ///     if password == "correct horse" { Ok("session".to_owned()) } else { Err(StatusCode::UNAUTHORIZED) }
        /// }
        /// ```
        pub fn $name(status: &::$krate::StatusCode) -> Reason {
            http_status(&status.as_u16())
        }

        failure_reason!(::$krate::StatusCode, $name);

        #[doc = concat!("The other role, whole responses, and the reasons that [`", stringify!($name), "`](fn@", stringify!($name), ") can give.")]
        pub mod $name {
            use ::$krate::{Response, StatusCode};

            use crate::reasons::http_status;
            use crate::terms::{FailureReason, Outcome, Reason, ReasonSet};

            /// Every one of them.
            pub const REASONS: ReasonSet = http_status::REASONS;

            /// The reason of a status that a service which I called answers with.
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
            #[doc = concat!("# use ::", stringify!($krate), " as http;")]
            /// use http::StatusCode;
            ///
            #[doc = concat!("let reason = reasons::", stringify!($name), "::dependency;")]
            /// assert_eq!(reason(&StatusCode::UNAUTHORIZED), Reason::ConfigurationError);
            /// assert_eq!(reason(&StatusCode::TOO_MANY_REQUESTS), Reason::Overloaded);
            /// ```
            pub fn dependency(status: &StatusCode) -> Reason {
                http_status::dependency(&status.as_u16())
            }

            /// The reasons that [`dependency`](fn@dependency) can give.
            pub mod dependency {
                use crate::terms::ReasonSet;

                /// Every one of them.
                pub const REASONS: ReasonSet = crate::reasons::http_status::dependency::REASONS;
            }

            #[doc = concat!("The outcome that my own response speaks of, for `classify` and `verdict`: a success below 400, else by [`", stringify!($name), "`](fn@super::", stringify!($name), ").")]
            ///
            /// The responses of axum, hyper, tower and tonic are of the crate http: of its 1 in the versions that these have now.
            ///
            /// ```
            /// use auth_metrics::{Outcome, Reason, auth_metered, reasons};
            #[doc = concat!("# use ::", stringify!($krate), " as http;")]
            /// use http::{Response, StatusCode};
            ///
            #[doc = concat!("#[auth_metered(op = \"login\", classify = reasons::", stringify!($name), "::response)]")]
            /// async fn login(password: &str) -> Response<String> {
            ///     let mut response = Response::default();
            ///     if password != "correct horse" {
            ///         *response.status_mut() = StatusCode::UNAUTHORIZED;
            ///     }
            ///     response
            /// }
            ///
            /// let response: Response<()> = Response::builder().status(403).body(()).unwrap();
            #[doc = concat!("assert_eq!(reasons::", stringify!($name), "::response(&response), Outcome::Failure(Reason::PermissionDenied));")]
            /// ```
            pub fn response<B>(response: &Response<B>) -> Outcome {
                http_status::outcome(&response.status().as_u16())
            }

            /// The reasons that [`response`](fn@response) can give.
            pub mod response {
                use crate::terms::ReasonSet;

                /// Every one of them.
                pub const REASONS: ReasonSet = super::REASONS;
            }

            /// The outcome of a result of my own response, for `classify`: an `Ok` by [`response`](fn@response), an error by its own reason.
            ///
            /// Services of tower return this, often with an error that can't happen.
            ///
            /// ```
            /// use std::convert::Infallible;
            ///
            /// use auth_metrics::{Outcome, reasons};
            #[doc = concat!("# use ::", stringify!($krate), " as http;")]
            /// use http::Response;
            ///
            /// let answered: Result<Response<()>, Infallible> = Ok(Response::default());
            #[doc = concat!("assert_eq!(reasons::", stringify!($name), "::result(&answered), Outcome::Success);")]
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

#[cfg(feature = "http02")]
version!(http02, 0.2, http02);
#[cfg(feature = "http1")]
version!(http1, 1, http);
