//! The errors of diesel.

use std::error::Error as StdError;

use ::diesel2::ConnectionError;
use ::diesel2::result::{DatabaseErrorKind, Error};
use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

fn text() -> Box<dyn StdError + Send + Sync> {
    "text".into()
}

fn nul() -> std::ffi::NulError {
    std::ffi::CString::new("a\0b").unwrap_err()
}

fn refused(kind: DatabaseErrorKind) -> Error {
    Error::DatabaseError(kind, Box::new("text".to_owned()))
}

fn table() -> Cases<Error> {
    cases!(Error {
        InvalidCString(nul()) => MalformedRequest;
        DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new("text".to_owned())) => DependencyUnavailable;
        NotFound => Unknown;
        QueryBuilderError(text()) => InternalError;
        DeserializationError(text()) => InternalError;
        SerializationError(text()) => InternalError;
        RollbackErrorOnCommit { rollback_error: Box::new(Error::NotInTransaction), commit_error: Box::new(Error::NotFound) } => DependencyUnavailable;
        RollbackTransaction => InternalError;
        AlreadyInTransaction => InternalError;
        NotInTransaction => InternalError;
        BrokenTransactionManager => DependencyUnavailable;
        IntegerConversion(u8::try_from(300).unwrap_err()) => InternalError;
    })
}

fn kinds() -> Cases<DatabaseErrorKind> {
    cases!(DatabaseErrorKind {
        UniqueViolation => MalformedRequest;
        ForeignKeyViolation => MalformedRequest;
        RestrictViolation => MalformedRequest;
        NotNullViolation => MalformedRequest;
        CheckViolation => MalformedRequest;
        ExclusionViolation => MalformedRequest;
        UnableToSendCommand => DependencyUnavailable;
        SerializationFailure => DependencyUnavailable;
        ReadOnlyTransaction => DependencyUnavailable;
        ClosedConnection => DependencyUnavailable;
    })
}

#[test]
fn every_variant_has_its_reason() {
    use reasons::diesel2::connection_error;

    let source = |name| variants(&["diesel2"], "result.rs", name);
    assert_complete(&source("Error"), &table(), &[]);
    // `Unknown` is hidden.
    assert_complete(&source("DatabaseErrorKind"), &kinds(), &["Unknown"]);
    let refused = kinds().into_iter().map(|(name, kind, reason)| (name, refused(kind), reason));
    let all = table().into_iter().chain(refused).collect();
    assert_mapped(&all, reasons::diesel2, reasons::diesel2::REASONS, &[]);

    let connecting = cases!(ConnectionError {
        InvalidCString(nul()) => ConfigurationError;
        BadConnection("text".to_owned()) => DependencyUnavailable;
        InvalidConnectionUrl("text".to_owned()) => ConfigurationError;
        CouldntSetupConfiguration(Error::NotInTransaction) => DependencyUnavailable;
    });
    assert_complete(&source("ConnectionError"), &connecting, &[]);
    assert_mapped(&connecting, connection_error, connection_error::REASONS, &[Reason::Unknown]);
}

#[test]
fn a_row_that_is_not_there_is_an_unknown_subject_to_a_lookup_only() {
    use reasons::diesel2::lookup;

    for (name, error, reason) in table() {
        let expected = if name == "NotFound" { Reason::UnknownSubject } else { reason };
        assert_eq!(lookup(&error), expected, "{name}");
    }
    assert!(lookup::REASONS.includes(reasons::diesel2::REASONS));
    assert!(lookup::REASONS.contains(Reason::UnknownSubject));
    assert_eq!(lookup::REASONS.len(), reasons::diesel2::REASONS.len() + 1);
}
