//! `sqlx::Error`.

use std::io::ErrorKind as IoKind;

use ::sqlx::Error;
use ::sqlx::error::ErrorKind;

use crate::reasons::failure_reason;
use crate::taxonomy::Reason;

/// The reason of an error of sqlx 0.9: the database is a dependency, queries and their types are ours, the values in them
/// may be the caller's.
///
/// | variant | reason |
/// |---|---|
/// | `PoolTimedOut` | `overloaded` |
/// | `Io` that timed out | `timeout` |
/// | `Io`, `Tls`, `Protocol`, `PoolClosed`, `WorkerCrashed`, `BeginFailed` | `dependency_unavailable` |
/// | `Database` that names a broken constraint | `malformed_request` |
/// | any other `Database` | `dependency_unavailable` |
/// | `Configuration`, `ConfigFile`, `ColumnNotFound`, `ColumnIndexOutOfBounds`, `TypeNotFound` | `configuration_error` |
/// | `Decode`, `ColumnDecode`, `Encode`, `AnyDriverError`, `InvalidArgument`, `InvalidSavePointStatement` | `internal_error` |
/// | `RowNotFound`, any other, such as `Migrate` of its feature `migrate` | `unknown` |
///
/// A row that is not there means one thing where somebody logs in and another elsewhere: [`lookup`](fn@sqlx::lookup) says that it is
/// an unknown subject.
///
/// ```
/// use auth_metrics::{Reason, reasons};
///
/// assert_eq!(reasons::sqlx(&sqlx::Error::PoolTimedOut), Reason::Overloaded);
/// assert_eq!(reasons::sqlx(&sqlx::Error::RowNotFound), Reason::Unknown);
/// assert_eq!(reasons::sqlx::lookup(&sqlx::Error::RowNotFound), Reason::UnknownSubject);
/// ```
pub fn sqlx(error: &Error) -> Reason {
    match error {
        Error::PoolTimedOut => Reason::Overloaded,
        Error::Io(error) if error.kind() == IoKind::TimedOut => Reason::Timeout,
        Error::Database(error) => match error.kind() {
            ErrorKind::UniqueViolation
            | ErrorKind::ForeignKeyViolation
            | ErrorKind::NotNullViolation
            | ErrorKind::CheckViolation
            | ErrorKind::ExclusionViolation => Reason::MalformedRequest,
            _ => Reason::DependencyUnavailable,
        },
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolClosed
        | Error::WorkerCrashed
        | Error::BeginFailed => Reason::DependencyUnavailable,
        Error::Configuration(_)
        | Error::ConfigFile(_)
        | Error::ColumnNotFound(_)
        | Error::ColumnIndexOutOfBounds { .. }
        | Error::TypeNotFound { .. } => Reason::ConfigurationError,
        Error::Decode(_)
        | Error::ColumnDecode { .. }
        | Error::Encode(_)
        | Error::AnyDriverError(_)
        | Error::InvalidArgument(_)
        | Error::InvalidSavePointStatement => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

/// What more there is for the errors of sqlx, and the reasons that [`sqlx`](fn@sqlx) can give.
pub mod sqlx {
    use ::sqlx::Error;

    use crate::taxonomy::{Reason, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet = ReasonSet::of(&[
        Reason::Overloaded,
        Reason::Timeout,
        Reason::DependencyUnavailable,
        Reason::MalformedRequest,
        Reason::ConfigurationError,
        Reason::InternalError,
        Reason::Unknown,
    ]);

    /// The reason of an error of looking up a user, key or client: [`sqlx`](fn@super::sqlx), with `RowNotFound` as
    /// `unknown_subject`.
    ///
    /// ```
    /// use auth_metrics::{FailureReason, Reason, reasons};
    ///
    /// #[derive(FailureReason)]
    /// enum LoginError {
    ///     #[reason(with = reasons::sqlx::lookup)]
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
            other => super::sqlx(other),
        }
    }

    /// The reasons that [`lookup`](fn@lookup) can give.
    pub mod lookup {
        use crate::taxonomy::{Reason, ReasonSet};

        /// Every one of them.
        pub const REASONS: ReasonSet = super::REASONS.union(ReasonSet::of(&[Reason::UnknownSubject]));
    }
}

failure_reason!(Error, sqlx);
