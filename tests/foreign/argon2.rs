//! `argon2::Error`.

macro_rules! version {
    ($name:ident, $version:tt) => {
        mod $name {
            use ::$name::Error;
            use auth_metrics::reasons;
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

            fn table() -> Cases<Error> {
                cases!($version; Error {
                    AdTooLong => ConfigurationError;
                    AlgorithmInvalid => InternalError;
                    B64Encoding(base64ct::Error::InvalidEncoding) => InternalError;
                    KeyIdTooLong => ConfigurationError;
                    MemoryTooLittle => ConfigurationError;
                    MemoryTooMuch => ConfigurationError;
                    OutputTooShort => InternalError;
                    OutputTooLong => InternalError;
                    PwdTooLong => MalformedRequest;
                    SaltTooShort => InternalError;
                    SaltTooLong => InternalError;
                    SecretTooLong => ConfigurationError;
                    ThreadsTooFew => ConfigurationError;
                    ThreadsTooMany => ConfigurationError;
                    TimeTooSmall => ConfigurationError;
                    VersionInvalid => InternalError;
                    [0.6] OutOfMemory => Overloaded;
                })
            }

            #[test]
            fn every_variant_has_its_reason() {
                assert_complete(&variants(&[stringify!($name)], "error.rs", "Error"), &table(), &[]);
                assert_mapped(&table(), reasons::$name, reasons::$name::REASONS, &[]);
            }
        }
    };
}

version!(argon2_05, 0.5);
version!(argon2_06, 0.6);
