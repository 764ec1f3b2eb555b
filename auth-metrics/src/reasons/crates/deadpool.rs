//! `deadpool::managed::PoolError`.

use crate::reasons::{failure_reason, reasons_of};
use crate::terms::Reason;

macro_rules! version {
    ($name:ident, $version:tt) => {
        #[doc = concat!("The reason why a pool of deadpool ", $version, " gives nothing: what it holds connections to is a dependency.")]
        ///
        /// | variant | reason |
        /// |---|---|
        /// | `Timeout(Wait)` | `overloaded` |
        /// | any other `Timeout` | `timeout` |
        /// | `NoRuntimeSpecified` | `configuration_error` |
        /// | `Backend`, `Closed`, `PostCreateHook` | `dependency_unavailable` |
        ///
        /// The pools of deadpool-postgres, deadpool-redis and their like give this type.
        ///
        /// ```
        /// use auth_metrics::{Reason, reasons};
        #[doc = concat!("# use ", stringify!($name), " as deadpool;")]
        /// use deadpool::managed::{PoolError, TimeoutType};
        ///
        /// let error: PoolError<std::io::Error> = PoolError::Timeout(TimeoutType::Wait);
        #[doc = concat!("assert_eq!(reasons::", stringify!($name), "(&error), Reason::Overloaded);")]
        /// ```
        pub fn $name<E>(error: &::$name::managed::PoolError<E>) -> Reason {
            use ::$name::managed::{PoolError, TimeoutType};

            match error {
                PoolError::Timeout(TimeoutType::Wait) => Reason::Overloaded,
                PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => Reason::Timeout,
                PoolError::NoRuntimeSpecified => Reason::ConfigurationError,
                PoolError::Backend(_) | PoolError::Closed | PoolError::PostCreateHook(_) => {
                    Reason::DependencyUnavailable
                }
            }
        }

        reasons_of!($name: Overloaded, Timeout, ConfigurationError, DependencyUnavailable);
        failure_reason!(::$name::managed::PoolError<E>, $name where E);
    };
}

#[cfg(feature = "deadpool012")]
version!(deadpool012, 0.12);
#[cfg(feature = "deadpool013")]
version!(deadpool013, 0.13);
