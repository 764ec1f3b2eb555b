//! `sqlx::Error`.

macro_rules! version {
    ($name:ident, $version:tt, $not_built:expr $(, $exclusion:ident)?) => {
        mod $name {
            use std::error::Error as StdError;
            use std::{fmt, io};

            use ::$name::Error;
            use ::$name::error::{DatabaseError, ErrorKind};
            use auth_metrics::{Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

            /// An error of a database that speaks of this kind.
            struct Refused(ErrorKind);

            impl fmt::Debug for Refused {
                fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(out)
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
                    match self.0 {
                        ErrorKind::UniqueViolation => ErrorKind::UniqueViolation,
                        ErrorKind::ForeignKeyViolation => ErrorKind::ForeignKeyViolation,
                        ErrorKind::NotNullViolation => ErrorKind::NotNullViolation,
                        ErrorKind::CheckViolation => ErrorKind::CheckViolation,
                        $(ErrorKind::$exclusion => ErrorKind::$exclusion,)?
                        _ => ErrorKind::Other,
                    }
                }
            }

            fn text() -> Box<dyn StdError + Send + Sync> {
                "text".into()
            }

            fn column() -> String {
                "name".to_owned()
            }

            fn table() -> Cases<Error> {
                cases!($version; Error {
                    Configuration(text()) => ConfigurationError;
                    InvalidArgument(column()) => InternalError;
                    Database(Box::new(Refused(ErrorKind::Other))) => DependencyUnavailable;
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
                cases!($version; ErrorKind {
                    UniqueViolation => MalformedRequest;
                    ForeignKeyViolation => MalformedRequest;
                    NotNullViolation => MalformedRequest;
                    CheckViolation => MalformedRequest;
                    [0.9] ExclusionViolation => MalformedRequest;
                })
            }

            fn refused() -> Cases<Error> {
                let of = |(name, kind, reason)| (name, Error::Database(Box::new(Refused(kind))), reason);
                violations().into_iter().map(of).collect()
            }

            #[test]
            fn every_variant_has_its_reason() {
                let source = |name| variants(&[stringify!($name), "sqlx_core"], "error.rs", name);
                // `Migrate` is there with a feature that the library does not turn on, and nobody can name what `ConfigFile` holds.
                assert_complete(&source("Error"), &table(), $not_built);
                assert_complete(&source("ErrorKind"), &violations(), &["Other"]);
                let all = table().into_iter().chain(refused()).collect();
                assert_mapped(&all, reasons::$name, reasons::$name::REASONS, &[]);
            }

            #[test]
            fn a_row_that_is_not_there_is_an_unknown_subject_to_a_lookup_only() {
                use reasons::$name::lookup;

                for (name, error, reason) in table() {
                    let expected = if name == "RowNotFound" { Reason::UnknownSubject } else { reason };
                    assert_eq!(lookup(&error), expected, "{name}");
                }
                assert!(lookup::REASONS.includes(reasons::$name::REASONS));
                assert!(lookup::REASONS.contains(Reason::UnknownSubject));
                assert_eq!(lookup::REASONS.len(), reasons::$name::REASONS.len() + 1);
            }
        }
    };
}

version!(sqlx08, 0.8, &["Migrate"]);
version!(sqlx09, 0.9, &["Migrate", "ConfigFile"], ExclusionViolation);
