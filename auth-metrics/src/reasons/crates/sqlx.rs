//! `sqlx::Error`.

use std::io::ErrorKind as IoKind;

use crate::reasons::failure_reason;
use crate::terms::{Reason, ReasonSet};

/// What every version can give.
const REASONS: ReasonSet = ReasonSet::of(&[
    Reason::Overloaded,
    Reason::Timeout,
    Reason::DependencyUnavailable,
    Reason::MalformedRequest,
    Reason::ConfigurationError,
    Reason::InternalError,
    Reason::Unknown,
]);

fn by_io(kind: IoKind) -> Reason {
    if kind == IoKind::TimedOut { Reason::Timeout } else { Reason::DependencyUnavailable }
}

macro_rules! version {
    ($name:ident, $version:tt) => {
        #[doc = concat!("The reason of an error of sqlx ", $version, ": the database is a dependency, queries and their types are ours, the values in them may be the caller's.")]
        ///
        /// | variant | reason |
        /// |---|---|
        /// | `PoolTimedOut` | `overloaded` |
        /// | `Io` that timed out | `timeout` |
        /// | `Io`, `Tls`, `Protocol`, `PoolClosed`, `WorkerCrashed`, `BeginFailed` | `dependency_unavailable` |
        /// | `Database` that names a broken constraint | `malformed_request` |
        /// | any other `Database` | `dependency_unavailable` |
        /// | `Configuration`, `ConfigFile` (0.9), `ColumnNotFound`, `ColumnIndexOutOfBounds`, `TypeNotFound` | `configuration_error` |
        /// | `Decode`, `ColumnDecode`, `Encode`, `AnyDriverError`, `InvalidArgument`, `InvalidSavePointStatement` | `internal_error` |
        /// | `RowNotFound`, any other, such as `Migrate` of its feature `migrate` | `unknown` |
        ///
        #[doc = concat!("A row that is not there means one thing where somebody logs in and another elsewhere: [`lookup`](fn@", stringify!($name), "::lookup)")]
        /// says that it is an unknown subject.
        ///
        /// ```
        /// use auth_metrics::{Reason, reasons};
        #[doc = concat!("# use ", stringify!($name), " as sqlx;")]
        ///
        #[doc = concat!("let reason = reasons::", stringify!($name), ";")]
        /// assert_eq!(reason(&sqlx::Error::PoolTimedOut), Reason::Overloaded);
        /// assert_eq!(reason(&sqlx::Error::RowNotFound), Reason::Unknown);
        #[doc = concat!("let lookup = reasons::", stringify!($name), "::lookup;")]
        /// assert_eq!(lookup(&sqlx::Error::RowNotFound), Reason::UnknownSubject);
        /// ```
        pub fn $name(error: &::$name::Error) -> Reason {
            rows! { $version, by_variant! { error, ::$name::Error }, {
                PoolTimedOut => Overloaded;
                Io(error) => { by_io(error.kind()) };
                Tls(_) => DependencyUnavailable;
                Protocol(_) => DependencyUnavailable;
                PoolClosed => DependencyUnavailable;
                WorkerCrashed => DependencyUnavailable;
                BeginFailed => DependencyUnavailable;
                Database(error) => {
                    rows! { $version, by_variant! { error.kind(), ::$name::error::ErrorKind }, {
                        UniqueViolation => MalformedRequest;
                        ForeignKeyViolation => MalformedRequest;
                        NotNullViolation => MalformedRequest;
                        CheckViolation => MalformedRequest;
                        [0.9] ExclusionViolation => MalformedRequest;
                        _ => DependencyUnavailable;
                    } }
                };
                Configuration(_) => ConfigurationError;
                [0.9] ConfigFile(_) => ConfigurationError;
                ColumnNotFound(_) => ConfigurationError;
                ColumnIndexOutOfBounds { .. } => ConfigurationError;
                TypeNotFound { .. } => ConfigurationError;
                Decode(_) => InternalError;
                ColumnDecode { .. } => InternalError;
                Encode(_) => InternalError;
                AnyDriverError(_) => InternalError;
                InvalidArgument(_) => InternalError;
                InvalidSavePointStatement => InternalError;
                _ => Unknown;
            } }
        }

        #[doc = concat!("What more there is for the errors of sqlx ", $version, ", and the reasons that [`", stringify!($name), "`](fn@", stringify!($name), ") can give.")]
        pub mod $name {
            use ::$name::Error;

            use crate::terms::{Reason, ReasonSet};

            /// Every one of them.
            pub const REASONS: ReasonSet = super::REASONS;

            #[doc = concat!("The reason of an error of looking up a user, key or client: [`", stringify!($name), "`](fn@super::", stringify!($name), "), with `RowNotFound` as `unknown_subject`.")]
            ///
            /// ```
            /// use auth_metrics::{FailureReason, Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as sqlx;")]
            ///
            /// #[derive(FailureReason)]
            /// enum LoginError {
            #[doc = concat!("    #[reason(with = reasons::", stringify!($name), "::lookup)]")]
            ///     Account(sqlx::Error),
            ///     #[reason(transparent)]
            ///     Database(sqlx::Error),
            /// }
            ///
            /// assert_eq!(LoginError::Account(sqlx::Error::RowNotFound).failure_reason(), Reason::UnknownSubject);
            /// assert_eq!(LoginError::Database(sqlx::Error::RowNotFound).failure_reason(), Reason::Unknown);
            /// ```
            pub fn lookup(error: &Error) -> Reason {
                match error {
                    Error::RowNotFound => Reason::UnknownSubject,
                    other => super::$name(other),
                }
            }

            /// The reasons that [`lookup`](fn@lookup) can give.
            pub mod lookup {
                use crate::terms::{Reason, ReasonSet};

                /// Every one of them.
                pub const REASONS: ReasonSet = super::REASONS.union(ReasonSet::of(&[Reason::UnknownSubject]));
            }
        }

        failure_reason!(::$name::Error, $name);
    };
}

#[cfg(feature = "sqlx08")]
version!(sqlx08, 0.8);
#[cfg(feature = "sqlx09")]
version!(sqlx09, 0.9);
