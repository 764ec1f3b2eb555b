//! `argon2::Error`.

use ::argon2::Error;

use crate::reasons::{failure_reason, reasons_of};
use crate::taxonomy::Reason;

/// The reason of an error of argon2 0.6, raw hashing: what is stored and how it is hashed is ours, the password is the
/// caller's.
///
/// | variant | reason |
/// |---|---|
/// | `PwdTooLong` | `malformed_request` |
/// | `OutOfMemory` | `overloaded` |
/// | `MemoryTooLittle`, `MemoryTooMuch`, `ThreadsTooFew`, `ThreadsTooMany`, `TimeTooSmall`, `SecretTooLong`, `KeyIdTooLong`, `AdTooLong` | `configuration_error` |
/// | `AlgorithmInvalid`, `B64Encoding`, `OutputTooShort`, `OutputTooLong`, `SaltTooShort`, `SaltTooLong`, `VersionInvalid` | `internal_error` |
///
/// A password that does not match comes from `password_hash`, whose feature is `password-hash`.
///
/// ```
/// use auth_metrics::{Reason, reasons};
///
/// let error = argon2::Params::new(1, 1, 1, None).unwrap_err(); // one block of memory is too little
/// assert_eq!(reasons::argon2(&error), Reason::ConfigurationError);
/// ```
pub fn argon2(error: &Error) -> Reason {
    match error {
        Error::PwdTooLong => Reason::MalformedRequest,
        Error::OutOfMemory => Reason::Overloaded,
        Error::MemoryTooLittle
        | Error::MemoryTooMuch
        | Error::ThreadsTooFew
        | Error::ThreadsTooMany
        | Error::TimeTooSmall
        | Error::SecretTooLong
        | Error::KeyIdTooLong
        | Error::AdTooLong => Reason::ConfigurationError,
        Error::AlgorithmInvalid
        | Error::B64Encoding(_)
        | Error::OutputTooShort
        | Error::OutputTooLong
        | Error::SaltTooShort
        | Error::SaltTooLong
        | Error::VersionInvalid => Reason::InternalError,
    }
}

reasons_of!(argon2: MalformedRequest, Overloaded, ConfigurationError, InternalError);
failure_reason!(Error, argon2);
