//! `ldap3::LdapError` and `ldap3::LdapResult`.

use std::io;

use ::ldap3_012::{LdapError, LdapResult};
use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

fn result(rc: u32, text: &str) -> LdapResult {
    LdapResult { rc, matched: String::new(), text: text.to_owned(), refs: Vec::new(), ctrls: Vec::new() }
}

fn text() -> String {
    "text".to_owned()
}

/// Those of features that the library does not turn on, and those whose content is private.
const NOT_BUILT: &[&str] = &[
    "NativeTLS",
    "Rustls",
    "DNSName",
    "GssapiOperationError",
    "NoGssapiToken",
    "SSPIError",
    "NoNtlmChallengeToken",
    "OpSend",
    "ResultRecv",
    "IdScrubSend",
    "MiscSend",
];

async fn table() -> Cases<LdapError> {
    let elapsed = ::tokio::time::timeout(std::time::Duration::ZERO, std::future::pending::<()>()).await;
    let url = ::openidconnect4::url::Url::parse("no address").unwrap_err();
    cases!(LdapError {
        EmptyUnixPath => ConfigurationError;
        PortInUnixPath => ConfigurationError;
        MismatchedStreamType => ConfigurationError;
        Io { source: io::Error::from(io::ErrorKind::ConnectionRefused) } => DependencyUnavailable;
        Io { source: io::Error::from(io::ErrorKind::TimedOut) } => Timeout;
        Timeout { elapsed: elapsed.unwrap_err() } => Timeout;
        FilterParsing => MalformedRequest;
        EndOfStream => DependencyUnavailable;
        UrlParsing { source: url } => ConfigurationError;
        UnknownScheme(text()) => ConfigurationError;
        LdapResult { result: result(49, "") } => InvalidCredentials;
        LdapResult { result: result(53, "") } => PolicyDenied;
        AddNoValues => InternalError;
        AdapterInit(text()) => InternalError;
        DecodingUTF8 => InternalError;
        InvalidScopeString(text()) => ConfigurationError;
        UnrecognizedCriticalExtension(text()) => ConfigurationError;
    })
}

const CODES: &[(u32, Reason)] = &[
    (49, Reason::InvalidCredentials),
    (32, Reason::UnknownSubject),
    (50, Reason::PermissionDenied),
    (2, Reason::MalformedRequest),
    (7, Reason::MalformedRequest),
    (34, Reason::MalformedRequest),
    (48, Reason::MalformedRequest),
    (8, Reason::PolicyDenied),
    (13, Reason::PolicyDenied),
    (19, Reason::PolicyDenied),
    (53, Reason::PolicyDenied),
    (3, Reason::Timeout),
    (11, Reason::Timeout),
    (51, Reason::Overloaded),
    (1, Reason::DependencyUnavailable),
    (52, Reason::DependencyUnavailable),
    (80, Reason::DependencyUnavailable),
    (88, Reason::Cancelled),
];

const OF_ACTIVE_DIRECTORY: &[(&str, Reason)] = &[
    ("525", Reason::UnknownSubject),
    ("52e", Reason::InvalidCredentials),
    ("530", Reason::PolicyDenied),
    ("531", Reason::PolicyDenied),
    ("532", Reason::CredentialExpired),
    ("533", Reason::AccountDisabled),
    ("701", Reason::AccountDisabled),
    ("773", Reason::CredentialExpired),
    ("775", Reason::AccountLocked),
];

/// Every code there is in RFC 4511 and beyond, and what Active Directory says with 49.
fn results() -> Cases<LdapResult> {
    let reason =
        |rc| CODES.iter().find(|(code, _)| *code == rc).map_or(Reason::Unknown, |(_, reason)| *reason);
    let codes = (0..=130).map(|rc| ("a code", result(rc, "data 525 is not at its place"), reason(rc)));
    let told = OF_ACTIVE_DIRECTORY.iter().map(|(data, reason)| {
        let text = format!(
            "80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {data}, v3839"
        );
        (*data, result(49, &text), *reason)
    });
    codes.chain(told).collect()
}

#[test]
fn every_code_has_its_reason() {
    use reasons::ldap3_012::ldap_result;

    assert_mapped(&results(), ldap_result, ldap_result::REASONS, &[]);
}

#[tokio::test]
async fn every_variant_has_its_reason() {
    let table = table().await;
    assert_complete(&variants(&["ldap3_012"], "result.rs", "LdapError"), &table, NOT_BUILT);
    let of_codes: Vec<Reason> = results().into_iter().map(|(.., reason)| reason).collect();
    assert_mapped(&table, reasons::ldap3_012, reasons::ldap3_012::REASONS, &of_codes);
}
