//! `totp_rs::TotpError`.

use ::totp_rs::TotpError;
use auth_metrics::reasons;
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

/// Those of features that the library does not turn on.
const NOT_BUILT: &[&str] = &[
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

fn table() -> Cases<TotpError> {
    cases!(TotpError {
        InvalidDigits { digits: 9 } => ConfigurationError;
        InvalidStepZero => ConfigurationError;
        SecretTooShort { bits: 8 } => ConfigurationError;
        SecretNotSet => ConfigurationError;
    })
}

#[test]
fn every_variant_has_its_reason() {
    assert_complete(&variants(&["totp_rs"], "error.rs", "TotpError"), &table(), NOT_BUILT);
    assert_mapped(&table(), reasons::totp_rs, reasons::totp_rs::REASONS, &[]);
}
