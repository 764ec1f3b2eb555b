//! `deadpool::managed::PoolError`.

macro_rules! version {
    ($name:ident) => {
        mod $name {
            use std::fmt;

            use ::$name::managed::{HookError, TimeoutType};
            use auth_metrics::reasons;
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

            type PoolError = ::$name::managed::PoolError<fmt::Error>;

            fn table() -> Cases<PoolError> {
                cases!(PoolError {
                    Timeout(TimeoutType::Wait) => Overloaded;
                    Timeout(TimeoutType::Create) => Timeout;
                    Timeout(TimeoutType::Recycle) => Timeout;
                    Backend(fmt::Error) => DependencyUnavailable;
                    Closed => DependencyUnavailable;
                    NoRuntimeSpecified => ConfigurationError;
                    PostCreateHook(HookError::message("text")) => DependencyUnavailable;
                })
            }

            #[test]
            fn every_variant_has_its_reason() {
                let source = |name| variants(&[stringify!($name)], "managed/errors.rs", name);
                assert_complete(&source("PoolError"), &table(), &[]);
                assert_eq!(source("TimeoutType"), ["Create", "Recycle", "Wait"].map(str::to_owned).into());
                assert_mapped(&table(), reasons::$name, reasons::$name::REASONS, &[]);
            }
        }
    };
}

version!(deadpool012);
version!(deadpool013);
