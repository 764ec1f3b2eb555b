//! `reqwest::Error`.

use crate::reasons::{failure_reason, reasons_of};
use crate::terms::Reason;

macro_rules! version {
    ($name:ident, $version:tt, $http:ident) => {
        #[doc = concat!("The reason of an error of reqwest ", $version, ": whatever I called is a dependency.")]
        ///
        /// | predicate, the first that holds | reason |
        /// |---|---|
        /// | `is_timeout` | `timeout` |
        #[doc = concat!("| `is_status` | as [`", stringify!($http), "::dependency`](fn@crate::reasons::", stringify!($http), "::dependency) reads it |")]
        /// | `is_builder`, `is_redirect` | `configuration_error` |
        /// | any other: no connection, no name, a broken or unreadable body | `dependency_unavailable` |
        ///
        /// ```
        /// use auth_metrics::{Reason, reasons};
        #[doc = concat!("# use ", stringify!($name), " as reqwest;")]
        ///
        /// let error = reqwest::Client::new().get("no address").build().unwrap_err();
        #[doc = concat!("assert_eq!(reasons::", stringify!($name), "(&error), Reason::ConfigurationError);")]
        /// ```
        pub fn $name(error: &::$name::Error) -> Reason {
            if error.is_timeout() {
                Reason::Timeout
            } else if let Some(status) = error.status() {
                crate::reasons::$http::dependency(&status)
            } else if error.is_builder() || error.is_redirect() {
                Reason::ConfigurationError
            } else {
                Reason::DependencyUnavailable
            }
        }

        reasons_of!(
            $name: Timeout,
            ConfigurationError,
            DependencyUnavailable,
            MalformedRequest,
            AccountLocked,
            Overloaded,
            Unknown,
        );
        failure_reason!(::$name::Error, $name);
    };
}

#[cfg(feature = "reqwest011")]
version!(reqwest011, 0.11, http02);
#[cfg(feature = "reqwest012")]
version!(reqwest012, 0.12, http1);
#[cfg(feature = "reqwest013")]
version!(reqwest013, 0.13, http1);
