//! The errors of totp-rs.

use ::totp_rs5::{Rfc6238Error, SecretParseError, TotpUrlError};
use ::totp_rs6::TotpError;
use auth_metrics::reasons;
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

/// Those of features that the library does not turn on.
const NOT_BUILT_IN_6: &[&str] = &[
    "InvalidAlgorithm",
    "DigitsParse",
    "UrlParse",
    "InvalidScheme",
    "InvalidHost",
    "InvalidSecret",
    "StepParse",
    "AccountNameNotSet",
    "InvalidAccountName",
    "AccountNameDecode",
    "InvalidIssuer",
    "IssuerDecode",
    "IssuerMismatch",
    "UrlTooLong",
];

fn six() -> Cases<TotpError> {
    cases!(TotpError {
        InvalidDigits { digits: 9 } => ConfigurationError;
        InvalidStepZero => ConfigurationError;
        SecretTooShort { bits: 8 } => ConfigurationError;
        SecretNotSet => ConfigurationError;
    })
}

#[test]
fn every_variant_of_6_has_its_reason() {
    assert_complete(&variants(&["totp_rs6"], "error.rs", "TotpError"), &six(), NOT_BUILT_IN_6);
    assert_mapped(&six(), reasons::totp_rs6, reasons::totp_rs6::REASONS, &[]);
}

fn text() -> String {
    "text".to_owned()
}

#[test]
fn every_variant_of_5_has_its_reason() {
    use reasons::totp_rs5::{rfc6238_error, secret_parse_error, totp_url_error};

    let source = |file, name| variants(&["totp_rs5"], file, name);
    let urls = cases!(TotpUrlError {
        Scheme(text()) => ConfigurationError;
        Host(text()) => ConfigurationError;
        Secret(text()) => ConfigurationError;
        SecretSize(8) => ConfigurationError;
        Algorithm(text()) => ConfigurationError;
        Digits(text()) => ConfigurationError;
        DigitsNumber(9) => ConfigurationError;
        Step(text()) => ConfigurationError;
        Issuer(text()) => ConfigurationError;
        IssuerDecoding(text()) => ConfigurationError;
        IssuerMistmatch(text(), text()) => ConfigurationError;
        AccountName(text()) => ConfigurationError;
        AccountNameDecoding(text()) => ConfigurationError;
    });
    // `Url` is there with a feature that the library does not turn on.
    assert_complete(&source("url_error.rs", "TotpUrlError"), &urls, &["Url"]);
    assert_mapped(&urls, totp_url_error, totp_url_error::REASONS, &[]);

    let setup = cases!(Rfc6238Error {
        InvalidDigits(9) => ConfigurationError;
        SecretTooSmall(8) => ConfigurationError;
    });
    assert_complete(&source("rfc.rs", "Rfc6238Error"), &setup, &[]);
    assert_mapped(&setup, rfc6238_error, rfc6238_error::REASONS, &[]);

    let secrets = cases!(SecretParseError {
        ParseBase32 => ConfigurationError;
    });
    assert_complete(&source("secret.rs", "SecretParseError"), &secrets, &[]);
    assert_mapped(&secrets, secret_parse_error, secret_parse_error::REASONS, &[]);
}
