//! `diesel::result::Error` and `diesel::ConnectionError`.

use ::diesel2::result::{DatabaseErrorKind, Error};

use crate::reasons::failure_reason;
use crate::terms::Reason;

/// The reason of an error of diesel 2: the database is a dependency, queries and their types are ours, the values in them
/// may be the caller's.
///
/// | variant | reason |
/// |---|---|
/// | `DatabaseError` that names a broken constraint | `malformed_request` |
/// | any other `DatabaseError` | `dependency_unavailable` |
/// | `InvalidCString` | `malformed_request` |
/// | `RollbackErrorOnCommit`, `BrokenTransactionManager` | `dependency_unavailable` |
/// | `QueryBuilderError`, `DeserializationError`, `SerializationError`, `IntegerConversion`, `RollbackTransaction`, `AlreadyInTransaction`, `NotInTransaction` | `internal_error` |
/// | `NotFound`, any other | `unknown` |
///
/// A row that is not there means one thing where somebody logs in and another elsewhere:
/// [`lookup`](fn@diesel2::lookup) says that it is an unknown subject.
///
/// ```
/// use auth_metrics::{Reason, reasons};
/// # use diesel2 as diesel;
/// use diesel::result::Error;
///
/// assert_eq!(reasons::diesel2(&Error::BrokenTransactionManager), Reason::DependencyUnavailable);
/// assert_eq!(reasons::diesel2(&Error::NotFound), Reason::Unknown);
/// assert_eq!(reasons::diesel2::lookup(&Error::NotFound), Reason::UnknownSubject);
/// ```
pub fn diesel2(error: &Error) -> Reason {
    match error {
        Error::DatabaseError(kind, _) => by_kind(*kind),
        Error::InvalidCString(_) => Reason::MalformedRequest,
        Error::RollbackErrorOnCommit { .. } | Error::BrokenTransactionManager => {
            Reason::DependencyUnavailable
        }
        Error::QueryBuilderError(_)
        | Error::DeserializationError(_)
        | Error::SerializationError(_)
        | Error::IntegerConversion(_)
        | Error::RollbackTransaction
        | Error::AlreadyInTransaction
        | Error::NotInTransaction => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

fn by_kind(kind: DatabaseErrorKind) -> Reason {
    match kind {
        DatabaseErrorKind::UniqueViolation
        | DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::RestrictViolation
        | DatabaseErrorKind::NotNullViolation
        | DatabaseErrorKind::CheckViolation
        | DatabaseErrorKind::ExclusionViolation => Reason::MalformedRequest,
        _ => Reason::DependencyUnavailable,
    }
}

failure_reason!(Error, diesel2);

/// What more there is for the errors of diesel 2, and the reasons that [`diesel2`](fn@diesel2) can give.
pub mod diesel2 {
    use ::diesel2::ConnectionError;
    use ::diesel2::result::Error;

    use crate::reasons::{failure_reason, reasons_of};
    use crate::terms::{Reason, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet = ReasonSet::of(&[
        Reason::MalformedRequest,
        Reason::DependencyUnavailable,
        Reason::InternalError,
        Reason::Unknown,
    ]);

    /// The reason of an error of looking up a user, key or client: [`diesel2`](fn@super::diesel2), with `NotFound` as
    /// `unknown_subject`.
    ///
    /// ```
    /// use auth_metrics::{FailureReason, Reason, reasons};
    /// # use diesel2 as diesel;
    ///
    /// #[derive(FailureReason)]
    /// enum LoginError {
    ///     #[reason(with = reasons::diesel2::lookup)]
    ///     Account(diesel::result::Error),
    /// }
    ///
    /// let error = LoginError::Account(diesel::result::Error::NotFound);
    /// assert_eq!(error.failure_reason(), Reason::UnknownSubject);
    /// ```
    pub fn lookup(error: &Error) -> Reason {
        match error {
            Error::NotFound => Reason::UnknownSubject,
            other => super::diesel2(other),
        }
    }

    /// The reasons that [`lookup`](fn@lookup) can give.
    pub mod lookup {
        use crate::terms::{Reason, ReasonSet};

        /// Every one of them.
        pub const REASONS: ReasonSet = super::REASONS.union(ReasonSet::of(&[Reason::UnknownSubject]));
    }

    /// The reason why there is no connection to the database.
    ///
    /// | variant | reason |
    /// |---|---|
    /// | `BadConnection`, `CouldntSetupConfiguration` | `dependency_unavailable` |
    /// | `InvalidCString`, `InvalidConnectionUrl` | `configuration_error` |
    /// | any other | `unknown` |
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// # use diesel2 as diesel;
    ///
    /// let error = diesel::ConnectionError::InvalidConnectionUrl("nowhere".to_owned());
    /// assert_eq!(reasons::diesel2::connection_error(&error), Reason::ConfigurationError);
    /// ```
    pub fn connection_error(error: &ConnectionError) -> Reason {
        match error {
            ConnectionError::BadConnection(_) | ConnectionError::CouldntSetupConfiguration(_) => {
                Reason::DependencyUnavailable
            }
            ConnectionError::InvalidCString(_) | ConnectionError::InvalidConnectionUrl(_) => {
                Reason::ConfigurationError
            }
            _ => Reason::Unknown,
        }
    }

    reasons_of!(connection_error: DependencyUnavailable, ConfigurationError, Unknown);
    failure_reason!(ConnectionError, connection_error);
}
