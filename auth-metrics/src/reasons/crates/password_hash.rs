//! `password_hash::Error`.

use ::password_hash::Error;

use crate::reasons::{failure_reason, reasons_of};
use crate::taxonomy::Reason;

/// The reason of an error of password-hash 0.6, which argon2, scrypt and pbkdf2 give: a password that does not match is
/// the caller's, a stored hash that can't be read is ours.
///
/// | variant | reason |
/// |---|---|
/// | `PasswordInvalid` | `invalid_credentials` |
/// | `OutOfMemory` | `overloaded` |
/// | `Algorithm`, `Crypto`, `EncodingInvalid`, `Internal`, `OutputSize`, `ParamInvalid`, `ParamsInvalid`, `RngFailure`, `SaltInvalid`, `Version` | `internal_error` |
/// | any other | `unknown` |
///
/// ```
/// use auth_metrics::{Reason, reasons};
///
/// assert_eq!(reasons::password_hash(&password_hash::Error::PasswordInvalid), Reason::InvalidCredentials);
/// assert_eq!(reasons::password_hash(&password_hash::Error::SaltInvalid), Reason::InternalError);
/// ```
pub fn password_hash(error: &Error) -> Reason {
    match error {
        Error::PasswordInvalid => Reason::InvalidCredentials,
        Error::OutOfMemory => Reason::Overloaded,
        Error::Algorithm
        | Error::Crypto
        | Error::EncodingInvalid
        | Error::Internal
        | Error::OutputSize
        | Error::ParamInvalid { .. }
        | Error::ParamsInvalid
        | Error::RngFailure
        | Error::SaltInvalid
        | Error::Version => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

reasons_of!(password_hash: InvalidCredentials, Overloaded, InternalError, Unknown);
failure_reason!(Error, password_hash);
