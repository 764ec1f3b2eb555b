//! `sea_orm::DbErr`.

use ::sea_orm1::{ConnAcquireErr, DbErr};

use crate::reasons::failure_reason;
use crate::terms::Reason;

/// The reason of an error of sea-orm 1: the database is a dependency, queries and their types are ours.
///
/// | variant | reason |
/// |---|---|
/// | `ConnectionAcquire` of a pool that timed out | `overloaded` |
/// | any other `ConnectionAcquire`, `Conn`, `Exec`, `Query` | `dependency_unavailable` |
/// | `Migration` | `configuration_error` |
/// | `TryIntoErr`, `ConvertFromU64`, `UnpackInsertId`, `UpdateGetPrimaryKey`, `AttrNotSet`, `Type`, `Json` | `internal_error` |
/// | `RecordNotFound`, `RecordNotInserted`, `RecordNotUpdated`, `Custom`, any other | `unknown` |
///
/// What the database itself says, such as a broken constraint, is in the error of sqlx that `Exec` and `Query` hold. A row
/// that is not there means one thing where somebody logs in and another elsewhere: [`lookup`](fn@sea_orm1::lookup) says
/// that it is an unknown subject.
///
/// ```
/// use auth_metrics::{Reason, reasons};
/// # use sea_orm1 as sea_orm;
/// use sea_orm::{ConnAcquireErr, DbErr};
///
/// let busy = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
/// assert_eq!(reasons::sea_orm1(&busy), Reason::Overloaded);
/// assert_eq!(reasons::sea_orm1::lookup(&DbErr::RecordNotFound("user".to_owned())), Reason::UnknownSubject);
/// ```
pub fn sea_orm1(error: &DbErr) -> Reason {
    match error {
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Reason::Overloaded,
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) | DbErr::Exec(_) | DbErr::Query(_) => {
            Reason::DependencyUnavailable
        }
        DbErr::Migration(_) => Reason::ConfigurationError,
        DbErr::TryIntoErr { .. }
        | DbErr::ConvertFromU64(_)
        | DbErr::UnpackInsertId
        | DbErr::UpdateGetPrimaryKey
        | DbErr::AttrNotSet(_)
        | DbErr::Type(_)
        | DbErr::Json(_) => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

failure_reason!(DbErr, sea_orm1);

/// What more there is for the errors of sea-orm 1, and the reasons that [`sea_orm1`](fn@sea_orm1) can give.
pub mod sea_orm1 {
    use ::sea_orm1::DbErr;

    use crate::terms::{Reason, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet = ReasonSet::of(&[
        Reason::Overloaded,
        Reason::DependencyUnavailable,
        Reason::ConfigurationError,
        Reason::InternalError,
        Reason::Unknown,
    ]);

    /// The reason of an error of looking up a user, key or client: [`sea_orm1`](fn@super::sea_orm1), with `RecordNotFound`
    /// as `unknown_subject`.
    ///
    /// ```
    /// use auth_metrics::{FailureReason, Reason, reasons};
    /// # use sea_orm1 as sea_orm;
    ///
    /// #[derive(FailureReason)]
    /// enum LoginError {
    ///     #[reason(with = reasons::sea_orm1::lookup)]
    ///     Account(sea_orm::DbErr),
    /// }
    ///
    /// let error = LoginError::Account(sea_orm::DbErr::RecordNotFound("user".to_owned()));
    /// assert_eq!(error.failure_reason(), Reason::UnknownSubject);
    /// ```
    pub fn lookup(error: &DbErr) -> Reason {
        match error {
            DbErr::RecordNotFound(_) => Reason::UnknownSubject,
            other => super::sea_orm1(other),
        }
    }

    /// The reasons that [`lookup`](fn@lookup) can give.
    pub mod lookup {
        use crate::terms::{Reason, ReasonSet};

        /// Every one of them.
        pub const REASONS: ReasonSet = super::REASONS.union(ReasonSet::of(&[Reason::UnknownSubject]));
    }
}
