//! `reqwest::Error`.

use crate::reasons::{failure_reason, http1, reasons_of};
use crate::terms::Reason;

macro_rules! version {
    ($name:ident, $version:tt) => {
        #[doc = concat!("The reason of an error of reqwest ", $version, ": whatever I called is a dependency.")]
        ///
        /// | predicate, the first that holds | reason |
        /// |---|---|
        /// | `is_timeout` | `timeout` |
        /// | `is_status` | as [`http1::dependency`](fn@http1::dependency) reads it |
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
                http1::dependency(&status)
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

#[cfg(feature = "reqwest012")]
version!(reqwest012, 0.12);
#[cfg(feature = "reqwest013")]
version!(reqwest013, 0.13);
