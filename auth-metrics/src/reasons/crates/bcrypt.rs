//! `bcrypt::BcryptError`.

use ::bcrypt::BcryptError;

use crate::reasons::{failure_reason, reasons_of};
use crate::taxonomy::Reason;

/// The reason of an error of bcrypt 0.19.
///
/// | variant | reason |
/// |---|---|
/// | `Truncation` | `malformed_request` |
/// | `CostNotAllowed` | `configuration_error` |
/// | `InvalidHash`, `Rand` | `internal_error` |
///
/// A wrong password is no error there: `bcrypt::verify` gives `Ok(false)`, and a function that returns it says
/// `false_is = invalid_credentials`.
///
/// ```
/// use auth_metrics::{Reason, reasons};
///
/// let error = bcrypt::verify("correct horse", "not a hash").unwrap_err();
/// assert_eq!(reasons::bcrypt(&error), Reason::InternalError);
/// ```
pub fn bcrypt(error: &BcryptError) -> Reason {
    match error {
        BcryptError::Truncation(_) => Reason::MalformedRequest,
        BcryptError::CostNotAllowed(_) => Reason::ConfigurationError,
        BcryptError::InvalidHash(_) | BcryptError::Rand(_) => Reason::InternalError,
    }
}

reasons_of!(bcrypt: MalformedRequest, ConfigurationError, InternalError);
failure_reason!(BcryptError, bcrypt);
