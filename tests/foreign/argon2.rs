//! `argon2::Error`.

use ::argon2::Error;
use auth_metrics::reasons;
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

fn table() -> Cases<Error> {
    cases!(Error {
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
        OutOfMemory => Overloaded;
    })
}

#[test]
fn every_variant_has_its_reason() {
    assert_complete(&variants(&["argon2"], "error.rs", "Error"), &table(), &[]);
    assert_mapped(&table(), reasons::argon2, reasons::argon2::REASONS, &[]);
}
