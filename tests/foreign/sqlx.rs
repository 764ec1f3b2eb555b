//! `sqlx::Error`.

use std::error::Error as StdError;
use std::{fmt, io};

use ::sqlx::Error;
use ::sqlx::error::{DatabaseError, ErrorKind};
use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

/// An error of a database that speaks of this kind.
struct Refused(fn() -> ErrorKind);

impl fmt::Debug for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)().fmt(out)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("refused")
    }
}

impl StdError for Refused {}

impl DatabaseError for Refused {
    fn message(&self) -> &'static str {
        "refused"
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        (self.0)()
    }
}

fn text() -> Box<dyn StdError + Send + Sync> {
    "text".into()
}

fn column() -> String {
    "name".to_owned()
}

fn table() -> Cases<Error> {
    cases!(Error {
        Configuration(text()) => ConfigurationError;
        InvalidArgument(column()) => InternalError;
        Database(Box::new(Refused(|| ErrorKind::Other))) => DependencyUnavailable;
        Io(io::Error::from(io::ErrorKind::ConnectionReset)) => DependencyUnavailable;
        Io(io::Error::from(io::ErrorKind::TimedOut)) => Timeout;
        Tls(text()) => DependencyUnavailable;
        Protocol(column()) => DependencyUnavailable;
        RowNotFound => Unknown;
        TypeNotFound { type_name: column() } => ConfigurationError;
        ColumnIndexOutOfBounds { index: 2, len: 1 } => ConfigurationError;
        ColumnNotFound(column()) => ConfigurationError;
        ColumnDecode { index: column(), source: text() } => InternalError;
        Encode(text()) => InternalError;
        Decode(text()) => InternalError;
        AnyDriverError(text()) => InternalError;
        PoolTimedOut => Overloaded;
        PoolClosed => DependencyUnavailable;
        WorkerCrashed => DependencyUnavailable;
        InvalidSavePointStatement => InternalError;
        BeginFailed => DependencyUnavailable;
    })
}

fn violations() -> Cases<ErrorKind> {
    cases!(ErrorKind {
        UniqueViolation => MalformedRequest;
        ForeignKeyViolation => MalformedRequest;
        NotNullViolation => MalformedRequest;
        CheckViolation => MalformedRequest;
        ExclusionViolation => MalformedRequest;
    })
}

#[test]
fn every_variant_has_its_reason() {
    let source = |name| variants(&["sqlx", "sqlx_core"], "error.rs", name);
    // `Migrate` is there with a feature that the library does not turn on, and nobody can name what `ConfigFile` holds.
    assert_complete(&source("Error"), &table(), &["Migrate", "ConfigFile"]);
    assert_complete(&source("ErrorKind"), &violations(), &["Other"]);
    let kinds: [fn() -> ErrorKind; 5] = [
        || ErrorKind::UniqueViolation,
        || ErrorKind::ForeignKeyViolation,
        || ErrorKind::NotNullViolation,
        || ErrorKind::CheckViolation,
        || ErrorKind::ExclusionViolation,
    ];
    let violations =
        kinds.map(|kind| ("Database", Error::Database(Box::new(Refused(kind))), Reason::MalformedRequest));
    let all = table().into_iter().chain(violations).collect();
    assert_mapped(&all, reasons::sqlx, reasons::sqlx::REASONS, &[]);
}

#[test]
fn a_row_that_is_not_there_is_an_unknown_subject_to_a_lookup_only() {
    use reasons::sqlx::lookup;

    for (name, error, reason) in table() {
        let expected = if name == "RowNotFound" { Reason::UnknownSubject } else { reason };
        assert_eq!(lookup(&error), expected, "{name}");
    }
    assert!(lookup::REASONS.includes(reasons::sqlx::REASONS));
    assert!(lookup::REASONS.contains(Reason::UnknownSubject));
    assert_eq!(lookup::REASONS.len(), reasons::sqlx::REASONS.len() + 1);
}
