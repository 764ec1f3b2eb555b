//! The errors of totp-rs, all of which speak of how a secret was set up.

use crate::reasons::{failure_reason, reasons_of};
use crate::terms::Reason;

/// The reason of an error of totp-rs 6: `configuration_error`, since all speak of how a secret was set up.
///
/// A wrong code is no error there: `Totp::check` gives `None`, and a function that returns it says
/// `none_is = mfa_invalid`. A step that was used before is `token_replayed`, which only the application knows.
///
/// With its feature `otpauth`, account names and URLs that a user chose at enrolment give errors of this type too: check
/// them before, so that nobody else's text counts as our mistake.
///
/// ```
/// use auth_metrics::{Reason, reasons};
/// # use totp_rs6 as totp_rs;
///
/// let error = totp_rs::Builder::new().build().unwrap_err(); // it has no secret
/// assert_eq!(reasons::totp_rs6(&error), Reason::ConfigurationError);
/// ```
#[cfg(feature = "totp-rs6")]
pub fn totp_rs6(_error: &::totp_rs6::TotpError) -> Reason {
    Reason::ConfigurationError
}

#[cfg(feature = "totp-rs6")]
reasons_of!(totp_rs6: ConfigurationError);
#[cfg(feature = "totp-rs6")]
failure_reason!(::totp_rs6::TotpError, totp_rs6);

/// The reasons of errors of totp-rs 5, a function for each type: `configuration_error`, since all speak of how a secret
/// was set up.
///
/// A wrong code is no error there: `TOTP::check` gives `false`, and a function that returns it says
/// `false_is = mfa_invalid`. A step that was used before is `token_replayed`, which only the application knows.
#[cfg(feature = "totp-rs5")]
pub mod totp_rs5 {
    use ::totp_rs5::{Rfc6238Error, SecretParseError, TotpUrlError};

    use super::{Reason, failure_reason, reasons_of};

    /// The reason why `TOTP::new` refuses what it is given.
    ///
    /// With its feature `otpauth`, account names and URLs that a user chose at enrolment give errors of this type too:
    /// check them before, so that nobody else's text counts as our mistake.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// # use totp_rs5 as totp_rs;
    /// use totp_rs::{Algorithm, TOTP};
    ///
    /// let error = TOTP::new(Algorithm::SHA1, 6, 1, 30, b"short".to_vec()).unwrap_err();
    /// assert_eq!(reasons::totp_rs5::totp_url_error(&error), Reason::ConfigurationError);
    /// ```
    pub fn totp_url_error(_error: &TotpUrlError) -> Reason {
        Reason::ConfigurationError
    }

    reasons_of!(totp_url_error: ConfigurationError);
    failure_reason!(TotpUrlError, totp_url_error);

    /// The reason why `Rfc6238` refuses what it is given.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// # use totp_rs5 as totp_rs;
    ///
    /// let error = totp_rs::Rfc6238::with_defaults(b"short".to_vec()).unwrap_err();
    /// assert_eq!(reasons::totp_rs5::rfc6238_error(&error), Reason::ConfigurationError);
    /// ```
    pub fn rfc6238_error(_error: &Rfc6238Error) -> Reason {
        Reason::ConfigurationError
    }

    reasons_of!(rfc6238_error: ConfigurationError);
    failure_reason!(Rfc6238Error, rfc6238_error);

    /// The reason why a stored secret can't be read.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// # use totp_rs5 as totp_rs;
    ///
    /// let error = totp_rs::Secret::Encoded("no base32 !".to_owned()).to_bytes().unwrap_err();
    /// assert_eq!(reasons::totp_rs5::secret_parse_error(&error), Reason::ConfigurationError);
    /// ```
    pub fn secret_parse_error(_error: &SecretParseError) -> Reason {
        Reason::ConfigurationError
    }

    reasons_of!(secret_parse_error: ConfigurationError);
    failure_reason!(SecretParseError, secret_parse_error);
}
