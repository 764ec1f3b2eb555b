//! `bcrypt::BcryptError`.

macro_rules! version {
    ($name:ident, $getrandom:ident) => {
        mod $name {
            use ::$name::BcryptError;
            use auth_metrics::{Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

            fn table() -> Cases<BcryptError> {
                cases!(BcryptError {
                    CostNotAllowed(99) => ConfigurationError;
                    InvalidHash("not a hash") => InternalError;
                    Rand(::$getrandom::Error::UNSUPPORTED) => InternalError;
                    Truncation(80) => MalformedRequest;
                })
            }

            #[test]
            fn every_variant_has_its_reason() {
                assert_complete(&variants(&[stringify!($name)], "errors.rs", "BcryptError"), &table(), &[]);
                assert_mapped(&table(), reasons::$name, reasons::$name::REASONS, &[]);
            }

            #[test]
            fn a_password_that_is_too_long_is_the_callers() {
                let error = ::$name::non_truncating_hash("a".repeat(80), 4).unwrap_err();
                assert_eq!(reasons::$name(&error), Reason::MalformedRequest);
            }
        }
    };
}

version!(bcrypt018, getrandom03);
version!(bcrypt019, getrandom04);
