//! `totp_rs::TotpError`.

use ::totp_rs::TotpError;

use crate::reasons::{failure_reason, reasons_of};
use crate::taxonomy::Reason;

/// The reason of an error of totp-rs 6, all of which speak of how a secret was set up: `configuration_error`.
///
/// A wrong code is no error there: `Totp::check` gives `None`, and a function that returns it says
/// `none_is = mfa_invalid`. A step that was used before is `token_replayed`, which only the application knows.
///
/// With its feature `otpauth`, account names and URLs that a user chose at enrolment give errors of this type too: check
/// them before, so that nobody else's text counts as our mistake.
///
/// ```
/// use auth_metrics::{Reason, reasons};
///
/// let error = totp_rs::Builder::new().build().unwrap_err(); // it has no secret
/// assert_eq!(reasons::totp_rs(&error), Reason::ConfigurationError);
/// ```
pub fn totp_rs(_error: &TotpError) -> Reason {
    Reason::ConfigurationError
}

reasons_of!(totp_rs: ConfigurationError);
failure_reason!(TotpError, totp_rs);
