//! The errors of oauth2.

macro_rules! version {
    ($name:ident, $version:tt) => {
        #[doc = concat!("The reasons of errors of oauth2 ", $version, ", a function for each type, and those of the error codes of OAuth 2.0.")]
        pub mod $name {
            use std::error::Error;
            use std::fmt::Display;

            use ::$name::{ConfigurationError, ErrorResponseType, RequestTokenError, StandardErrorResponse};

            use crate::reasons::crates::chain::timed_out;
            use crate::reasons::{failure_reason, reasons_of};
            use crate::terms::Reason;

            pub use crate::reasons::crates::codes::error_code;

            /// The reason why there is no token from a server.
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `ServerResponse` | as [`error_code::dependency`](fn@error_code::dependency) reads its code |
            /// | `Request` that timed out | `timeout` |
            /// | `Request`, `Parse`, `Other` | `dependency_unavailable` |
            ///
            /// `BasicRequestTokenError` and its like for devices and revocation are this type. A timeout is found where
            /// `std::io::Error` tells of it, or, with their features, an error of reqwest or of tokio.
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as oauth2;")]
            /// use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType, BasicRequestTokenError};
            ///
            /// let refusal = BasicErrorResponse::new(BasicErrorResponseType::InvalidGrant, None, None);
            /// let error: BasicRequestTokenError<std::io::Error> = BasicRequestTokenError::ServerResponse(refusal);
            #[doc = concat!("let reason = reasons::", stringify!($name), "::request_token_error;")]
            /// assert_eq!(reason(&error), Reason::InvalidCredentials);
            /// ```
            pub fn request_token_error<RE, T>(error: &RequestTokenError<RE, StandardErrorResponse<T>>) -> Reason
            where
                RE: Error + 'static,
                T: ErrorResponseType + AsRef<str> + Display + 'static,
            {
                match error {
                    RequestTokenError::ServerResponse(response) => error_code::dependency(response.error()),
                    RequestTokenError::Request(error) if timed_out(error) => Reason::Timeout,
                    RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                        Reason::DependencyUnavailable
                    }
                }
            }

            /// The reasons that [`request_token_error`](fn@request_token_error) can give.
            pub mod request_token_error {
                use crate::terms::{Reason, ReasonSet};

                /// Every one of them.
                pub const REASONS: ReasonSet =
                    super::error_code::dependency::REASONS.union(ReasonSet::of(&[Reason::Timeout]));
            }

            failure_reason!(
                RequestTokenError<RE, StandardErrorResponse<T>>,
                request_token_error where RE: Error + 'static, T: ErrorResponseType + AsRef<str> + Display + 'static
            );

            /// The reason why there was not even a request: `configuration_error`.
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as oauth2;")]
            ///
            /// let error = oauth2::ConfigurationError::InsecureUrl("revocation");
            #[doc = concat!("let reason = reasons::", stringify!($name), "::configuration_error;")]
            /// assert_eq!(reason(&error), Reason::ConfigurationError);
            /// ```
            pub fn configuration_error(_error: &ConfigurationError) -> Reason {
                Reason::ConfigurationError
            }

            reasons_of!(configuration_error: ConfigurationError);
            failure_reason!(ConfigurationError, configuration_error);
        }
    };
}

#[cfg(feature = "oauth2_4")]
version!(oauth2_4, 4);
#[cfg(feature = "oauth2_5")]
version!(oauth2_5, 5);
